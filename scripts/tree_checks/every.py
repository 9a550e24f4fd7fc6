# SPDX-License-Identifier: Apache-2.0
"""All checks of the tree, one after the other."""

from __future__ import annotations

from pathlib import Path

from tree_checks import documents, headers, laws

CHECKS = {
    "laws of the tree": laws.check,
    "headers name what exists": headers.check,
    "documents keep their promises": documents.check,
}


def broken(root: Path) -> bool:
    """Print every problem, and a line for each check; True if there was a problem."""
    found = False
    for title, check in CHECKS.items():
        problems = check(root)
        found |= bool(problems)
        for problem in problems:
            print(problem)
        print(f"{'FAILED' if problems else 'ok':7s}{title}")
    return found
