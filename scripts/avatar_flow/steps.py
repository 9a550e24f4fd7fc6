# SPDX-License-Identifier: Apache-2.0
"""The way from sprites to hardware as a list of commands, each of which a user could type.

A step is done when it has run with the same words on the same inputs and its outputs are there;
`steps.json` in the folder of results remembers that: what was interrupted goes on where it stopped.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from dcgan.core.files import write_atomically

ROOT = Path(__file__).resolve().parents[2]
RECORD = "steps.json"
INTERRUPTED = 130


class StepFailed(RuntimeError):
    """A command of the way ended with an error, which it has printed itself."""

    def __init__(self, step: Step, status: int) -> None:
        self.status = status
        super().__init__(
            f"step '{step.name}' ended with status {status}; the same command goes on from there"
        )


@dataclass(frozen=True)
class Step:
    """One command: `words` after the interpreter, what it reads and what it leaves."""

    name: str
    words: Sequence[str | Path]
    inputs: Sequence[Path]
    outputs: Sequence[Path]
    resumed: Sequence[str | Path] = ()  # words to go on with, where `partial` is there
    partial: Path | None = None
    needed: Callable[[], bool] = lambda: True  # asked when the steps before are done

    def key(self) -> str:
        """Changes with the words and with the contents of the inputs."""
        parts = [str(word).encode() for word in self.words]
        parts += [digest(path) for path in self.inputs]
        return hashlib.sha256(b"\0".join(parts)).hexdigest()[:16]


def digest(path: Path) -> bytes:
    """Of a file's bytes, or of the names, sizes and times of the files in a folder."""
    if path.is_file():
        return hashlib.sha256(path.read_bytes()).digest()
    listing = [
        f"{p.relative_to(path)} {p.stat().st_size} {p.stat().st_mtime_ns}"
        for p in sorted(path.rglob("*"))
        if p.is_file()
    ]
    return hashlib.sha256("\n".join(listing).encode()).digest()


def run_all(folder: Path, steps: Sequence[Step]) -> None:
    """Run what is not done yet, in order; StepFailed ends it.

    The keys of what is done are kept in `folder`/steps.json.
    """
    for number, step in enumerate(steps, 1):
        head = f"[{number} of {len(steps)}] {step.name}"
        record = _read(folder / RECORD)
        if not step.needed():
            print(f"{head}: not needed", flush=True)
            continue
        key = step.key()
        known = record.get(step.name, {})
        if known.get("key") == key and all(path.exists() for path in step.outputs):
            print(f"{head}: done before", flush=True)
            continue
        began = known.get("started") == key and step.partial is not None and step.partial.exists()
        words = step.resumed if began and step.resumed else step.words
        print(f"{head}: python {' '.join(map(str, words))}", flush=True)
        _write(folder / RECORD, {**record, step.name: {"started": key}})
        start = time.monotonic()
        status = status_of([sys.executable, *map(str, words)])
        if status:
            raise StepFailed(step, status)
        seconds = round(time.monotonic() - start, 1)
        done = {"key": key, "started": key, "seconds": seconds, "command": _typed(words)}
        _write(folder / RECORD, {**_read(folder / RECORD), step.name: done})


def status_of(command: Sequence[str]) -> int:
    """Run a command in the repository root: its exit status.

    Ctrl-C reaches the command as well, which may want to save its work first: it is waited for,
    and only a second Ctrl-C kills it.
    """
    with subprocess.Popen(command, cwd=ROOT) as running:
        try:
            return running.wait()
        except KeyboardInterrupt:
            try:
                return running.wait() or INTERRUPTED
            except KeyboardInterrupt:
                running.kill()
                raise


def records(folder: Path) -> dict[str, dict]:
    """What is known of the steps of `folder`."""
    return _read(folder / RECORD)


def _typed(words: Sequence[str | Path]) -> str:
    return " ".join(["python", *map(str, words)])


def _read(path: Path) -> dict:
    try:
        return json.loads(path.read_text())
    except (OSError, ValueError):
        return {}


def _write(path: Path, record: dict) -> None:
    write_atomically(path, json.dumps(record, indent=1) + "\n")
