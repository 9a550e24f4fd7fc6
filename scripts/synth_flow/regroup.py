# SPDX-License-Identifier: Apache-2.0
"""Share the loads of copied cells out by place, once multipliers and block RAMs have theirs.

fanout.py makes the copies before anything has a place, and gives each of them neighbours in name. A
reset or a flag of many lanes has loads in all corners all the same, and one copy whose loads lie
apart is enough to set the clock. Here every cell stands where the macro stands that it is nearest
to in the netlist; the loads of a cell and its copies are halved along the longer axis until
each has its part.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import Any

from . import floorplan
from .fanout import BLOCKS, LOADS, OUTPUT, Load, connect, loads_of

Place = tuple[float, float]
ROUNDS = 8
"""Copies drive copies, and where a copy stands follows from its loads: levels of such trees."""


def by_place(module: dict[str, Any]) -> Counter:
    """Exchange loads among cells and their copies, in place; returns how many cells."""
    cells = module["cells"]
    places = cluster_places(cells)
    if not places:
        return Counter()
    families = defaultdict(list)
    for name in cells:
        families[name.split("$copy")[0]].append(name)
    families = {base: members for base, members in families.items() if len(members) > 1}
    kin = {member: base for base, members in families.items() for member in members}
    loads = loads_of(cells)
    counts: Counter = Counter()
    waiting = dict(families)
    for last in [False] * ROUNDS + [True]:
        for base, members in list(waiting.items()):
            output = OUTPUT[cells[base]["type"]]
            nets = [cells[member]["connections"][output][0] for member in members]
            served = [load for net in nets for load in loads[net]]
            if not last and any(
                kin.get(name) in waiting and kin[name] != base for name, _, _ in served
            ):
                continue
            del waiting[base]
            groups = shares(cells, served, places, len(members))
            for member, net, group in zip(members, nets, groups, strict=True):
                for load in group:
                    connect(cells, load, net)
                loads[net] = group
                places[member] = centre([places[name] for name, _, _ in group if name in places])
            counts["cells_regrouped"] += len(members)
    return counts


def cluster_places(cells: dict[str, Any]) -> dict[str, Place]:
    """Where each cell is wanted: at the macro that it is nearest to in the netlist."""
    macros = [name for name in cells if "BEL" in cells[name].get("attributes", {})]
    macros = [name for name in macros if cells[name]["type"] in floorplan.OFFSETS]
    stand = [
        tuple(map(float, re.match(r"X(\d+)/Y(\d+)/", cells[name]["attributes"]["BEL"]).groups()))
        for name in macros
    ]
    nearest = floorplan.clusters(cells, macros)
    return {name: stand[macro] for name, macro in zip(cells, nearest, strict=True) if macro >= 0}


def shares(
    cells: dict[str, Any], served: list[Load], places: dict[str, Place], members: int
) -> list[list[Load]]:
    """`served` in as many parts as there are cells, block RAMs apart from the rest."""
    blocks = [load for load in served if cells[load[0]]["type"] == floorplan.BLOCK_RAM]
    rest = [load for load in served if cells[load[0]]["type"] != floorplan.BLOCK_RAM]
    for_blocks = -(-len(blocks) // BLOCKS)
    if not rest:
        return halved(blocks, places, members)
    if for_blocks >= members or -(-len(rest) // LOADS) > members - for_blocks:
        return halved(served, places, members)
    return halved(blocks, places, for_blocks) + halved(rest, places, members - for_blocks)


def halved(served: list[Load], places: dict[str, Place], parts: int) -> list[list[Load]]:
    """`served` in equal parts that lie together."""
    if parts <= 1:
        return [served] * parts
    known = [places[name] for name, _, _ in served if name in places]
    middle = centre(known)
    xs, ys = zip(*(known or [middle]), strict=True)
    axis = 0 if max(xs) - min(xs) >= max(ys) - min(ys) else 1
    ordered = sorted(served, key=lambda load: places.get(load[0], middle)[axis])
    first = parts // 2
    cut = round(len(ordered) * first / parts)
    return halved(ordered[:cut], places, first) + halved(ordered[cut:], places, parts - first)


def centre(points: list[Place]) -> Place:
    """Mean of some places."""
    if not points:
        return (0.0, 0.0)
    return (sum(x for x, _ in points) / len(points), sum(y for _, y in points) / len(points))
