# SPDX-License-Identifier: Apache-2.0
"""Command lines that say in one sentence what is wrong, before any work is done."""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Callable, Sequence
from functools import wraps

INTERRUPTED = 130
"""Exit status after Ctrl-C, as shells have it."""
BAD = (ValueError, OSError, RuntimeError, ArithmeticError, AssertionError, MemoryError)
"""What a command may end with: one sentence to the user, not a traceback."""
LARGEST_SEED = 2**31 - 1


class Parser(argparse.ArgumentParser):
    """argparse with one line instead of a usage page for what cannot be understood."""

    def __init__(self, *words, **options) -> None:
        options.setdefault("formatter_class", argparse.RawDescriptionHelpFormatter)
        options.setdefault("allow_abbrev", False)
        super().__init__(*words, **options)

    def error(self, message: str):
        self.exit(2, f"error: {message} ({self.prog} --help lists the options)\n")


def whole(low: int, high: int) -> Callable[[str], int]:
    """Argument type: a whole number from `low` to `high`."""

    def parse(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            value = low - 1
        if not low <= value <= high:
            raise argparse.ArgumentTypeError(
                f"must be a whole number from {low} to {high}, got '{text}'"
            )
        return value

    return parse


def real(low: float, high: float, *, above: bool = False) -> Callable[[str], float]:
    """Argument type: a finite number from `low` (or `above` it) to `high`."""

    def parse(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not (low < value if above else low <= value) or not value <= high:
            word = "above" if above else "from"
            raise argparse.ArgumentTypeError(
                f"must be a number {word} {low:g} to {high:g}, got '{text}'"
            )
        return value

    return parse


def seed() -> Callable[[str], int]:
    """Argument type: a seed."""
    return whole(0, LARGEST_SEED)


def command(main: Callable[[Sequence[str] | None], int | None]) -> Callable[..., int]:
    """Make `main` a command: errors become one sentence and status 1, Ctrl-C status 130."""

    @wraps(main)
    def run(words: Sequence[str] | None = None) -> int:
        if not __debug__:
            print(
                "error: Python skips checks here (-O or PYTHONOPTIMIZE): a broken network would "
                "pass; unset PYTHONOPTIMIZE",
                file=sys.stderr,
            )
            return 1
        try:
            return main(words) or 0
        except KeyboardInterrupt:
            print("interrupted", file=sys.stderr)
            return INTERRUPTED
        except BrokenPipeError:
            return 1
        except BAD as error:
            print(f"error: {describe(error)}", file=sys.stderr)
            return 1

    return run


def describe(error: BaseException) -> str:
    """The sentence of an error; errors of the system name their file."""
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    return str(error) or type(error).__name__
