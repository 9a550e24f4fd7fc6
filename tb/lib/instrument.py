# SPDX-License-Identifier: Apache-2.0
"""What measures the tests may change in their builds; the usual run changes nothing.

TB_OVERLAY=folder      files below it replace the sources of the same path below the root
TB_PLUSARGS=words      more arguments of the simulation
TB_SECONDS=number      a simulation that takes longer is ended
TB_COVERAGE=folder     Verilator counts what is executed; one file for each simulation there
"""

from __future__ import annotations

import os
import uuid
from pathlib import Path

from tb.lib.tools import ROOT

# A mutant need not be clean, only legal.
OVERLAY_ARGS = ("-Wno-fatal",)
COVERAGE_ARGS = ("--coverage-line", "--coverage-expr", "--coverage-toggle")


def source(path: Path) -> Path:
    """The file that is built in the place of `path`."""
    overlay = os.environ.get("TB_OVERLAY")
    if overlay and path.is_relative_to(ROOT):
        other = Path(overlay) / path.relative_to(ROOT)
        return other if other.is_file() else path
    return path


def build_args() -> list[str]:
    """More arguments of Verilator."""
    args = list(OVERLAY_ARGS) if os.environ.get("TB_OVERLAY") else []
    return args + (list(COVERAGE_ARGS) if os.environ.get("TB_COVERAGE") else [])


def plusargs(name: str) -> list[str]:
    """More arguments of a simulation of `name`."""
    args = os.environ.get("TB_PLUSARGS", "").split()
    if folder := os.environ.get("TB_COVERAGE"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        file = Path(folder).resolve() / f"{name}-{uuid.uuid4().hex[:12]}.dat"
        args.append(f"+verilator+coverage+file+{file}")
    return args


def seconds() -> float | None:
    """How long a simulation may take."""
    limit = os.environ.get("TB_SECONDS")
    return float(limit) if limit else None
