# SPDX-License-Identifier: Apache-2.0
"""What all command lines share: numbers that are checked, one-line errors, exit statuses.

Model commands lie beside this package, so any Python finds it: one without the project ends here.
"""

from importlib.util import find_spec

if find_spec("torch") is None:
    raise SystemExit("error: `make setup`, then run this with .venv/bin/python")
