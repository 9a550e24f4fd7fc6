# SPDX-License-Identifier: Apache-2.0
"""One progress bar for everything that takes long: rich, on standard error."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

QUIET_SECONDS = 5.0
"""Where standard error is no terminal, lines are at least so far apart."""


class Steps:
    """Counts what is done; where standard error is no terminal, a line now and then says so."""

    def __init__(self, bar: Progress, title: str, total: int) -> None:
        self.total, self.done = max(1, total), 0
        self._bar, self._title, self._said = bar, title, time.monotonic()
        self._task = bar.add_task(title, total=self.total, note="")

    def advance(self, steps: int = 1, note: str = "") -> None:
        """`steps` more are done; `note` is shown at the end of the line."""
        self.set(self.done + steps, note)

    def set(self, done: int, note: str = "") -> None:
        """`done` in all are done: fits callbacks that count from the start."""
        self.done = min(self.total, done)
        self._bar.update(self._task, completed=self.done, note=note)
        now = time.monotonic()
        if not self._bar.console.is_terminal and now - self._said >= QUIET_SECONDS:
            self._said = now
            line = f"{self._title}: {self.done} of {self.total}  {note}".rstrip()
            self._bar.console.print(line, markup=False, highlight=False, soft_wrap=True)


@contextmanager
def progress(title: str, total: int, start: int = 0, quiet: bool = False) -> Iterator[Steps]:
    """A bar with counts and the time left, as long as the `with` block runs; `quiet` shows none."""
    console = Console(stderr=True, quiet=quiet)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    note = TextColumn("{task.fields[note]}")
    live = console.is_terminal and not quiet
    with Progress(*columns, TimeRemainingColumn(), note, console=console, disable=not live) as bar:
        steps = Steps(bar, title, total)
        steps.done = start
        bar.update(steps._task, completed=start)
        yield steps
