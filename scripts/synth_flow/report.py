# SPDX-License-Identifier: Apache-2.0
"""What came out, as numbers: report.json, and the critical path in words."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from . import energy
from .boards import ROOT, Board

CELLS = {
    "lut4": "TRELLIS_COMB",
    "ff": "TRELLIS_FF",
    "ebr": "DP16KD",
    "mult18x18d": "MULT18X18D",
}


def sources_digest(root: Path = ROOT) -> str:
    """Of the SystemVerilog that all networks share: tells whether a report is of today."""
    parts = [
        path.relative_to(root).as_posix().encode() + path.read_bytes()
        for path in sorted((root / "rtl").rglob("*.sv*"))
        if path.name != "dcgan_shape_pkg.sv"
    ]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:16]


@dataclass(frozen=True)
class Placement:
    """One run of place and route."""

    seed: int
    fmax_mhz: float
    system_clock: str
    seconds: float


def system_clock(nextpnr: dict[str, Any], clock_mhz: float) -> tuple[str, float]:
    """(name, achieved MHz) of the slowest clock that was asked to reach the system frequency.

    Clocks of the video side have their own constraint and pass or fail by themselves.
    """
    near = {
        name: values["achieved"]
        for name, values in nextpnr["fmax"].items()
        if abs(values["constraint"] - clock_mhz) < 0.02 * clock_mhz
    }
    if not near:
        raise ValueError(f"no clock of {clock_mhz} MHz among {sorted(nextpnr['fmax'])}")
    name = min(near, key=near.get)
    return name, near[name]


def missed_clocks(nextpnr: dict[str, Any]) -> dict[str, tuple[float, float]]:
    """Clocks that miss their constraint: name -> (achieved, asked)."""
    return {
        name: (values["achieved"], values["constraint"])
        for name, values in nextpnr["fmax"].items()
        if values["achieved"] < values["constraint"]
    }


def critical_path(nextpnr: dict[str, Any], clock: str) -> str:
    """The slowest path of one clock, step by step."""
    for path in nextpnr.get("critical_paths", []):
        if clock in path["from"] and clock in path["to"]:
            break
    else:
        return "no path was reported"
    total = sum(step["delay"] for step in path["path"])
    lines = [f"critical path of {clock}: {total:.2f} ns"]
    for step in path["path"]:
        at, what = step["to"], step["type"]
        where = f"{at['cell']}.{at['port']}"
        lines.append(f"  {step['delay']:5.2f} ns {what:15} -> {where}")
    return "\n".join(lines)


def ecp5_report(
    board: Board,
    nextpnr: dict[str, Any],
    placements: list[Placement],
    chosen: Placement,
    packed: dict[str, int],
    cycles: float,
    versions: dict[str, str],
    seconds: dict[str, float],
) -> dict[str, Any]:
    """Content of report.json. Every timing figure is a post-route estimate."""
    used = nextpnr["utilization"]
    report: dict[str, Any] = {
        "board": board.name,
        "title": board.title,
        "network": board.network,
        "sources": sources_digest(),
        "what": "post-route estimate, not a measurement on a chip",
        "clock_mhz": board.clock,
        "fmax_mhz": round(chosen.fmax_mhz, 2),
        "fmax_mhz_worst_seed": round(min(p.fmax_mhz for p in placements), 2),
        "seeds_run": [asdict(p) for p in placements],
        "seed": chosen.seed,
    }
    for name, cell in CELLS.items():
        report[name] = used[cell]["used"]
        report[f"{name}_available"] = used[cell]["available"]
    report["registers_packed"] = dict(packed)
    report["cycles_per_avatar"] = cycles
    report["avatars_per_second"] = round(board.clock * 1e6 / cycles, 1)
    report["energy"] = energy.estimate(
        report, board.device, board.clock, report["avatars_per_second"]
    )
    report["tools"] = versions
    report["seconds"] = {name: round(value, 1) for name, value in seconds.items()}
    return report
