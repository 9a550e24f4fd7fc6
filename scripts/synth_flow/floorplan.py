# SPDX-License-Identifier: Apache-2.0
"""Give multipliers and block RAMs their places, in a Yosys JSON netlist.

They stand in a few rows, and a full chip leaves hardly one free: a placer that spreads cells first
and then looks for free places tears them from the logic around them. So their places are chosen
before: look-up tables and flip-flops are counted to the nearest of them, the nets between two such
clusters say how strongly these two pull, and simulated annealing exchanges places until what pulls
is near. Placement takes the attribute BEL as it stands and puts the rest around it.
"""

from __future__ import annotations

import math
import random
from collections import Counter, defaultdict, deque
from dataclasses import dataclass
from typing import Any

from .boards import FlowError
from .fanout import OWN_NETWORK

MULTIPLIER, BLOCK_RAM = "MULT18X18D", "DP16KD"
WIDEST = 24
"""Cells of a net that may still say who belongs together; wider nets reach everywhere."""

MOVES = 6000
"""Exchanges tried for each macro."""

HOT, COLD = 30.0, 0.02
"""First and last temperature: columns or rows that the mean macro may move against its pull."""


@dataclass(frozen=True)
class Grid:
    """Places of one chip: blocks of nine columns, four multipliers or block RAMs a row in each."""

    blocks: tuple[int, ...]  # first column of each block
    rows: dict[str, tuple[int, ...]]

    def sites(self, kind: str) -> list[tuple[int, int, str]]:
        """(column, row, name) of every place for `kind`."""
        names = OFFSETS[kind]
        return [
            (block + offset, row, f"X{block + offset}/Y{row}/{name}")
            for row in self.rows[kind]
            for block in self.blocks
            for offset, name in names
        ]


OFFSETS = {
    MULTIPLIER: ((0, "MULT18_0"), (1, "MULT18_1"), (4, "MULT18_4"), (5, "MULT18_5")),
    BLOCK_RAM: ((0, "EBR0"), (2, "EBR1"), (4, "EBR2"), (6, "EBR3")),
}
GRIDS = {
    "85k": Grid(
        blocks=(*range(4, 59, 9), *range(69, 115, 9)),
        rows={MULTIPLIER: (10, 34, 58), BLOCK_RAM: (22, 46, 70, 82)},
    ),
}
"""As nextpnr names the places of an LFE5U-85F."""


def plan(module: dict[str, Any], device: str, seed: int = 1) -> Counter:
    """Set BEL on every multiplier and block RAM of one flat module; counts what was placed.

    A chip whose grid is not written down here is left to the placer. The same netlist and seed give
    the same places.
    """
    if device not in GRIDS:
        return Counter()
    cells = module["cells"]
    macros = [name for name, cell in cells.items() if cell["type"] in OFFSETS]
    kinds = [cells[name]["type"] for name in macros]
    places = anneal(kinds, pulls(cells, macros), GRIDS[device], random.Random(seed))
    for name, (_, _, bel) in zip(macros, places, strict=True):
        cells[name].setdefault("attributes", {})["BEL"] = bel
    return Counter(macros_placed=len(macros))


def narrow_nets(cells: dict[str, Any]) -> list[list[int]]:
    """The cells at each net that says who belongs together, as numbers in the order of `cells`."""
    nets: dict[int, list[int]] = defaultdict(list)
    for number, cell in enumerate(cells.values()):
        for pin, bits in cell["connections"].items():
            if pin not in OWN_NETWORK:
                for bit in bits:
                    if isinstance(bit, int):
                        nets[bit].append(number)
    return [ends for net in nets.values() if 2 <= len(ends := sorted(set(net))) <= WIDEST]


def clusters(cells: dict[str, Any], macros: list[str]) -> list[int]:
    """For each cell the macro, by its number, that is nearest to it in the netlist; -1 for none."""
    narrow = narrow_nets(cells)
    touching: list[list[int]] = [[] for _ in cells]
    for net, ends in enumerate(narrow):
        for end in ends:
            touching[end].append(net)
    number = {name: n for n, name in enumerate(cells)}
    cluster = [-1] * len(cells)
    queue = deque()
    for macro, name in enumerate(macros):
        cluster[number[name]] = macro
        queue.append(number[name])
    while queue:
        cell = queue.popleft()
        for net in touching[cell]:
            for end in narrow[net]:
                if cluster[end] < 0:
                    cluster[end] = cluster[cell]
                    queue.append(end)
    return cluster


def pulls(cells: dict[str, Any], macros: list[str]) -> list[dict[int, float]]:
    """For each macro, how strongly the others pull: nets between their clusters."""
    cluster = clusters(cells, macros)
    found: list[dict[int, float]] = [defaultdict(float) for _ in macros]
    for ends in narrow_nets(cells):
        joined = sorted({cluster[end] for end in ends} - {-1})
        for n, a in enumerate(joined):
            for b in joined[n + 1 :]:
                found[a][b] += 1 / (len(joined) - 1)
                found[b][a] += 1 / (len(joined) - 1)
    return found


def anneal(
    kinds: list[str], pull: list[dict[int, float]], grid: Grid, dice: random.Random
) -> list[tuple[int, int, str]]:
    """A place for each macro, with a small sum of pull x distance (columns + rows)."""
    free: dict[str, list[int | None]] = {}
    sites = {kind: grid.sites(kind) for kind in OFFSETS}
    at: list[int] = [0] * len(kinds)
    for kind in OFFSETS:
        members = [n for n, one in enumerate(kinds) if one == kind]
        if len(members) > len(sites[kind]):
            raise FlowError(f"{len(members)} {kind}, but the chip has {len(sites[kind])}")
        free[kind] = [*members, *[None] * (len(sites[kind]) - len(members))]
        for place, macro in enumerate(free[kind]):
            if macro is not None:
                at[macro] = place
    column = [float(sites[kinds[n]][at[n]][0]) for n in range(len(kinds))]
    row = [float(sites[kinds[n]][at[n]][1]) for n in range(len(kinds))]
    near = [list(one.items()) for one in pull]

    def energy(macro: int, x: float, y: float, apart: int) -> float:
        return sum(w * (abs(x - column[b]) + abs(y - row[b])) for b, w in near[macro] if b != apart)

    mean = sum(w for one in near for _, w in one) / max(1, len(near))
    tries = MOVES * len(kinds)
    for step in range(tries):
        heat = mean * HOT * (COLD / HOT) ** (step / tries)
        macro = dice.randrange(len(kinds))
        kind = kinds[macro]
        place = dice.randrange(len(sites[kind]))
        other = free[kind][place]
        if other == macro:
            continue
        x, y, _ = sites[kind][place]
        apart = -1 if other is None else other
        change = energy(macro, x, y, apart) - energy(macro, column[macro], row[macro], apart)
        if other is not None:
            change += energy(other, column[macro], row[macro], macro)
            change -= energy(other, x, y, macro)
        if change > 0 and dice.random() >= math.exp(-change / heat):
            continue
        free[kind][at[macro]], free[kind][place] = other, macro
        if other is not None:
            at[other], column[other], row[other] = at[macro], column[macro], row[macro]
        at[macro], column[macro], row[macro] = place, x, y
    return [sites[kinds[n]][at[n]] for n in range(len(kinds))]
