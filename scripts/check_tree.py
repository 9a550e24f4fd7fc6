#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The laws of the tree, one line for each that is broken (scripts/tree_checks)."""

from __future__ import annotations

import sys
from pathlib import Path

from tree_checks import documents, headers, laws

ROOT = Path(__file__).resolve().parent.parent
CHECKS = {
    "laws of the tree": laws.check,
    "headers name what exists": headers.check,
    "documents keep their promises": documents.check,
}


def main(root: Path = ROOT) -> int:
    """Exit status 1 if a law is broken."""
    broken = False
    for title, check in CHECKS.items():
        problems = check(root)
        broken |= bool(problems)
        for problem in problems:
            print(problem)
        print(f"{'FAILED' if problems else 'ok':7s}{title}")
    return int(broken)


if __name__ == "__main__":
    sys.exit(main())
