# SPDX-License-Identifier: Apache-2.0
"""Give flip-flops with very many loads copies of themselves, in a Yosys JSON netlist.

One flip-flop that steers every lane has thousands of loads all over the chip, and the way to the
farthest takes longer than any logic. Copies cost next to nothing: each serves its own part of the
loads, and placement moves it there. Only what may be late is copied: flip-flops that take their
value straight from another one, and those with so many loads that it helps whatever stands before.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import Any

Bit = int | str
Load = tuple[str, str]
LOADS = 32
"""Loads that a flip-flop or copy may have."""

BLOCKS = 8
"""And how many block RAMs: they stand in few rows, far from each other."""

ANYWAY = 256
"""Loads from which on a flip-flop behind logic is copied as well."""

OWN_NETWORK = {"CLK", "CLK0", "CLKA", "CLKB", "WCK"}
"""Pins of clocks, which have a network of their own."""


def spread(module: dict[str, Any]) -> Counter:
    """Copy flip-flops of one flat module, in place, until no more has to be; returns how many."""
    counts: Counter = Counter()
    while made := one_pass(module):
        counts["flip_flops_copied"] += made
    return counts


def one_pass(module: dict[str, Any]) -> int:
    """Copy every flip-flop that has too many loads now; returns the number of copies."""
    cells = module["cells"]
    loads: dict[Bit, list[Load]] = defaultdict(list)
    fixed = {bit for port in module["ports"].values() for bit in port["bits"]}
    sources: dict[Bit, str] = {}
    for name, cell in cells.items():
        for pin, bits in cell["connections"].items():
            if cell["port_directions"].get(pin) == "output":
                sources.update(dict.fromkeys(bits, cell["type"]))
            elif bits:
                loads[bits[0]].append((name, pin))
                if pin in OWN_NETWORK:
                    fixed.add(bits[0])
    fresh = 1 + max(
        bit
        for cell in cells.values()
        for bits in cell["connections"].values()
        for bit in bits
        if isinstance(bit, int)
    )
    made = 0
    for name in [name for name, cell in cells.items() if cell["type"] == "TRELLIS_FF"]:
        pins = cells[name]["connections"]
        net = pins["Q"][0]
        served = loads[net]
        direct = sources.get((pins.get("DI") or pins["M"])[0]) == "TRELLIS_FF"
        if net in fixed or (not direct and len(served) <= ANYWAY):
            continue
        for number, group in enumerate(groups(cells, served)[1:], 1):
            copy = {**cells[name], "connections": {**pins, "Q": [fresh]}}
            cells[f"{name}$copy{number}"] = copy
            for cell, pin in group:
                cells[cell]["connections"][pin] = [fresh]
            fresh, made = fresh + 1, made + 1
    return made


def groups(cells: dict[str, Any], served: list[Load]) -> list[list[Load]]:
    """`served` in parts that one flip-flop may drive, neighbours together."""
    parts = []
    for in_blocks, most in ((False, LOADS), (True, BLOCKS)):
        kind = [load for load in served if (cells[load[0]]["type"] == "DP16KD") == in_blocks]
        kind.sort(key=lambda load: natural(load[0]))
        parts += [kind[start : start + most] for start in range(0, len(kind), most)]
    return parts


def natural(name: str) -> list[int | str]:
    """Sort key that puts lane 10 behind lane 9: neighbours in number are neighbours on the chip."""
    return [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", name)]
