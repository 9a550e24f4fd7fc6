# SPDX-License-Identifier: Apache-2.0
"""Write rtl/latent/latent_cdf_pkg.sv, the table of the Gaussian latent generator.

python scripts/latent_table.py           write it
python scripts/latent_table.py --check   only say whether it is fresh (exit status 1 if not)
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

try:
    from dcgan_cli.arguments import Parser, command
except ModuleNotFoundError:
    raise SystemExit("error: `make setup`, then run this with .venv/bin/python") from None

from dcgan.core.files import write_atomically
from dcgan.hw.latent_rng import package_text

ROOT = Path(__file__).resolve().parents[1]

TARGET = ROOT / "rtl" / "latent" / "latent_cdf_pkg.sv"


@command
def main(words: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    parser = Parser(description="Table of the on-chip Gaussian latent generator.")
    parser.add_argument("--check", action="store_true", help="compare, do not write")
    arguments = parser.parse_args(words)
    fresh = TARGET.is_file() and TARGET.read_text() == package_text()
    if arguments.check:
        if not fresh:
            print(f"error: {TARGET} is stale: run python scripts/latent_table.py", file=sys.stderr)
        return 0 if fresh else 1
    if not fresh:
        write_atomically(TARGET, package_text())
    return 0


if __name__ == "__main__":
    sys.exit(main())
