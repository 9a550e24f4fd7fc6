#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The laws of the tree, one line for each that is broken (scripts/tree_checks)."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

try:
    from dcgan_cli.arguments import Parser, command
except ModuleNotFoundError:
    raise SystemExit("error: `make setup`, then run this with .venv/bin/python") from None

from tree_checks import every

ROOT = Path(__file__).resolve().parent.parent


@command
def main(words: Sequence[str] | None = None) -> int:
    """Exit status 1 if a law is broken."""
    Parser(description=__doc__).parse_args(words)
    return int(every.broken(ROOT))


if __name__ == "__main__":
    sys.exit(main())
