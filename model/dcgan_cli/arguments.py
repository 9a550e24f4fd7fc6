# SPDX-License-Identifier: Apache-2.0
"""Command lines that say in one sentence what is wrong, before any work is done.

A command imports this module before those that take seconds, so that Ctrl-C meets no traceback.
"""

from __future__ import annotations

import argparse
import math
import os
import re
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from types import FrameType

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
        self.exit(2, f"error: {one_line(message)} ({self.prog} --help lists the options)\n")


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


def new_folder(text: str) -> Path:
    """Argument type: a folder to write into, made where it is missing."""
    path = Path(text)
    return _writable(path, path)


def new_file(suffix: str = "") -> Callable[[str], Path]:
    """Argument type: a file to write; of a stem, the file with `suffix` is looked at."""

    def parse(text: str) -> Path:
        path = Path(text)
        file = path if path.name.endswith(suffix) else path.with_name(path.name + suffix)
        try:
            if file.is_dir():
                raise argparse.ArgumentTypeError(f"{file} is a folder, give a file")
        except OSError as error:
            raise argparse.ArgumentTypeError(describe(error)) from None
        return _writable(path, file.parent)

    return parse


def _writable(path: Path, folder: Path) -> Path:
    """`path`, if `folder` is one that can be written into or made."""
    try:
        place = next(p for p in (folder, *folder.parents) if p.exists())
    except OSError as error:
        raise argparse.ArgumentTypeError(describe(error)) from None
    if not place.is_dir():
        raise argparse.ArgumentTypeError(f"{place} is no folder, so {path} cannot be written")
    if not os.access(place, os.W_OK | os.X_OK):
        raise argparse.ArgumentTypeError(f"{place} is not writable, so {path} cannot be written")
    return path


def with_block(name: str) -> Callable[[str], Path]:
    """Argument type: a Markdown file that has the block `name` (dcgan.core.markdown)."""

    def parse(text: str) -> Path:
        from dcgan.core.markdown import read_block  # numpy takes its time

        try:
            read_block(Path(text), name)
        except (OSError, ValueError) as error:
            raise argparse.ArgumentTypeError(describe(error)) from None
        return _writable(Path(text), Path(text).parent)

    return parse


def command(main: Callable[[Sequence[str] | None], int | None]) -> Callable[..., int]:
    """Make `main` a command: errors become one sentence and status 1, Ctrl-C status 130.

    To be told to end (SIGTERM) is the same as Ctrl-C: what was started must not be left running.
    """

    @wraps(main)
    def run(words: Sequence[str] | None = None) -> int:
        if not __debug__:
            print(
                "error: Python skips checks here (-O or PYTHONOPTIMIZE): a broken network would "
                "pass; unset PYTHONOPTIMIZE",
                file=sys.stderr,
            )
            return 1
        if signal.getsignal(signal.SIGINT) is _end_import:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        told = signal.getsignal(signal.SIGTERM) is signal.SIG_DFL and _in_main_thread()
        if told:
            signal.signal(signal.SIGTERM, signal.default_int_handler)
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
        finally:
            if told:
                signal.signal(signal.SIGTERM, signal.SIG_DFL)

    return run


def _in_main_thread() -> bool:
    """Where alone Python lets a handler be set."""
    return threading.current_thread() is threading.main_thread()


def describe(error: BaseException) -> str:
    """The sentence of an error; errors of the system name their file.

    One line, but for the end of a log that a failed program of the flow left behind.
    """
    if isinstance(error, OSError) and error.strerror:
        text = f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    else:
        text = str(error) or type(error).__name__
    return one_line(text) if isinstance(error, ValueError | OSError) else text


def one_line(text: str) -> str:
    """`text` without line ends, which names of files may hold."""
    return re.sub(r"\s*[\r\n]\s*", " ", text).strip()


def _end_import(_number: int, _frame: FrameType | None) -> None:
    """Ctrl-C while modules are imported, some of which would swallow a KeyboardInterrupt."""
    os.write(2, b"interrupted\n")
    os._exit(INTERRUPTED)


def _importer() -> str:
    """Name of the module that imports this one."""
    frame = sys._getframe(1)
    while frame is not None:
        name = frame.f_globals["__name__"]
        if name != __name__ and "importlib" not in name:
            return name
        frame = frame.f_back
    return ""


if _importer() == "__main__" and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
    signal.signal(signal.SIGINT, _end_import)
