# SPDX-License-Identifier: Apache-2.0
"""Give cells with very many loads copies of themselves, in a Yosys JSON netlist.

One flip-flop that steers every lane has thousands of loads all over the chip, and the way to the
farthest takes longer than any logic. Copies cost next to nothing: each serves its own part of the
loads, and placement moves it there. Only what may be late is copied: flip-flops that take their
value straight from another one, those with so many loads that it helps whatever stands before, and
those that address many block RAMs, each with the look-up table before it.
A look-up table is copied where it feeds many block RAMs or enables hundreds of flip-flops: it
stands between a flip-flop and half the chip, and may as well stand at the end of the way. What
addresses a memory of look-up tables is copied early: a wide FIFO lies where its words are needed.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import Any

Bit = int | str
Load = tuple[str, str, int]
"""Cell, pin, and bit of the pin."""
LOADS = 32
"""Loads that a flip-flop or copy may have."""

BLOCKS = 8
"""And how many block RAMs: they stand in few rows, far from each other."""

RAMS = 8
"""And how many memories of look-up tables, sixteen words of four bits each."""

COPIES = 16
"""And how many copies of look-up tables: each stands by its own part of the chip."""

ANYWAY = 64
"""Loads from which on a flip-flop behind logic is copied as well."""

TABLE_LOADS = 96
"""Loads from which on a look-up table is copied."""

OUTPUT = {"TRELLIS_FF": "Q", "LUT4": "Z", "PFUMX": "Z"}
"""Cells that may be copied, and the pin that drives their loads. PFUMX: a table of two LUT4."""

TABLES = {"LUT4", "PFUMX"}
HALVES = ("ALUT", "BLUT")
COPY = "$copy"
COUNTED = {"TRELLIS_FF": "flip_flops", "LUT4": "tables", "PFUMX": "tables"}
BLOCK_RAM, TABLE_RAM = "DP16KD", "TRELLIS_DPR16X4"
MOST = {BLOCK_RAM: BLOCKS, TABLE_RAM: RAMS, COPY: COPIES}
"""Loads of one kind that a copy may have, where it is not LOADS."""

OWN_NETWORK = {"CLK", "CLK0", "CLKA", "CLKB", "WCK"}
"""Pins of clocks, which have a network of their own."""


def spread(module: dict[str, Any]) -> Counter:
    """Copy cells of one flat module, in place, until no more has to be; returns how many."""
    counts: Counter = Counter()
    while made := one_pass(module):
        counts += made
    return counts


def one_pass(module: dict[str, Any]) -> Counter:
    """Copy every cell that has too many loads now; returns the numbers of copies."""
    cells = module["cells"]
    loads = loads_of(cells)
    fixed = {bit for port in module["ports"].values() for bit in port["bits"]}
    sources: dict[Bit, str] = {}
    for name, cell in cells.items():
        for pin, bits in cell["connections"].items():
            if cell["port_directions"].get(pin) == "output":
                sources.update(dict.fromkeys(bits, name))
            elif pin in OWN_NETWORK:
                fixed.update(bits)
    fresh = 1 + max(
        bit
        for cell in cells.values()
        for bits in cell["connections"].values()
        for bit in bits
        if isinstance(bit, int)
    )
    made: Counter = Counter()
    for name in [name for name, cell in cells.items() if cell["type"] in OUTPUT]:
        cell = cells[name]
        pins, output = cell["connections"], OUTPUT[cell["type"]]
        net = pins[output][0]
        served = loads[net]
        if net in fixed or not may_be_late(cells, cell, served, sources):
            continue
        along = copied_along(cells, cell, loads, sources)
        for number, group in enumerate(groups(cells, served)[1:], first_free(cells, name)):
            suffix = f"{COPY}{number}"
            copied = {**pins, output: [fresh]}
            fresh += 1
            for pin in along:
                before = sources[pins[pin][0]]
                one = cells[before]
                connections = {**one["connections"], OUTPUT[one["type"]]: [fresh]}
                cells[before + suffix] = {**one, "connections": connections}
                copied[pin] = [fresh]
                fresh += 1
            cells[name + suffix] = {**cell, "connections": copied}
            for load in group:
                connect(cells, load, copied[output][0])
            made[f"{COUNTED[cell['type']]}_copied"] += 1
    return made


def copied_along(
    cells: dict[str, Any],
    cell: dict[str, Any],
    loads: dict[Bit, list[Load]],
    sources: dict[Bit, str],
) -> tuple[str, ...]:
    """Pins of `cell` whose driver is copied with it: what chooses for it alone stands beside it."""
    if cell["type"] == "PFUMX":
        return HALVES
    if cell["type"] == "TRELLIS_FF" and addresses(cells, loads[cell["connections"]["Q"][0]]):
        net = cell["connections"].get("DI", [None])[0]
        if net in sources and len(loads[net]) == 1 and cells[sources[net]]["type"] == "LUT4":
            return ("DI",)
    return ()


def addresses(cells: dict[str, Any], served: list[Load]) -> bool:
    """Whether these are more block RAMs than one cell may serve."""
    return sum(cells[load]["type"] == BLOCK_RAM for load, _, _ in served) > BLOCKS


def loads_of(cells: dict[str, Any]) -> dict[Bit, list[Load]]:
    """The inputs at each net."""
    loads: dict[Bit, list[Load]] = defaultdict(list)
    for name, cell in cells.items():
        for pin, bits in cell["connections"].items():
            if cell["port_directions"].get(pin) != "output":
                for position, bit in enumerate(bits):
                    loads[bit].append((name, pin, position))
    return loads


def connect(cells: dict[str, Any], load: Load, net: Bit) -> None:
    """Let `net` drive an input; the other bits of its pin stay."""
    name, pin, position = load
    bits = list(cells[name]["connections"][pin])
    bits[position] = net
    cells[name]["connections"][pin] = bits


def first_free(cells: dict[str, Any], name: str) -> int:
    """Number of the next copy: a cell that was copied in an earlier pass may have to be again."""
    number = 1
    while f"{name}{COPY}{number}" in cells:
        number += 1
    return number


def may_be_late(
    cells: dict[str, Any], cell: dict[str, Any], served: list[Load], sources: dict[Bit, str]
) -> bool:
    """Whether copies of `cell` help, which has to serve `served`."""
    if cell["type"] != "TRELLIS_FF":
        return addresses(cells, served) or len(served) > TABLE_LOADS
    pins = cell["connections"]
    before = cells.get(sources.get((pins.get("DI") or pins["M"])[0], ""))
    direct = before is not None and before["type"] == "TRELLIS_FF"
    rams = sum(cells[load]["type"] == TABLE_RAM for load, _, _ in served)
    return direct or len(served) > ANYWAY or rams > RAMS or addresses(cells, served)


def groups(cells: dict[str, Any], served: list[Load]) -> list[list[Load]]:
    """`served` in parts that one cell may drive, neighbours together."""
    kinds: dict[str, list[Load]] = {"": [], BLOCK_RAM: [], TABLE_RAM: [], COPY: []}
    for load in served:
        kind = cells[load[0]]["type"]
        is_copy = kind in TABLES and COPY in load[0]
        kinds[COPY if is_copy else kind if kind in kinds else ""].append(load)
    parts = []
    for kind, ends in kinds.items():
        ends.sort(key=lambda load: place(load[0]))
        most = MOST.get(kind, LOADS)
        parts += [ends[start : start + most] for start in range(0, len(ends), most)]
    return parts


def place(name: str) -> tuple[int, list[int | str]]:
    """Sort key that puts copies of one number together: they serve the same part of the chip."""
    original, _, number = name.partition(COPY)
    return int(number.split("$")[0] or 0), natural(original)


def natural(name: str) -> list[int | str]:
    """Sort key that puts lane 10 behind lane 9: neighbours in number are neighbours on the chip."""
    return [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", name)]
