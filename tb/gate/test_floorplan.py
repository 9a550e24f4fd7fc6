# SPDX-License-Identifier: Apache-2.0
"""Places of multipliers and block RAMs: one each, of its kind, near what it is wired to."""

from __future__ import annotations

import itertools
import random

import pytest
from synth_flow import floorplan
from synth_flow.boards import FlowError

GRID = floorplan.GRIDS["85k"]
CHAINS, LENGTH = 8, 6


@pytest.fixture(autouse=True)
def few_moves(monkeypatch):
    monkeypatch.setattr(floorplan, "MOVES", 600)


def cell(kind: str, **nets: int) -> dict:
    return {"type": kind, "connections": {pin: [bit] for pin, bit in nets.items()}}


def chains(seed: int = 0) -> dict:
    """Chains block RAM -> flip-flop -> multiplier -> table -> block RAM ..., in any order."""
    cells, bits = {}, itertools.count(2)
    for chain in range(CHAINS):
        end = next(bits)
        for n in range(LENGTH):
            kind, between = (
                (floorplan.BLOCK_RAM, "TRELLIS_FF") if n % 2 else (floorplan.MULTIPLIER, "LUT4")
            )
            out, start = next(bits), end
            end = next(bits)
            cells[f"macro{chain}.{n}"] = cell(kind, A=start, P=out, CLK=1)
            cells[f"logic{chain}.{n}"] = cell(between, D=out, Q=end, CLK=1)
    names = list(cells)
    random.Random(seed).shuffle(names)
    return {name: cells[name] for name in names}


def placed(cells: dict) -> dict[str, tuple[int, int]]:
    """Column and row of each macro; its place must be one of the chip's, for its kind."""
    result = {}
    for name, one in cells.items():
        if one["type"] in floorplan.OFFSETS:
            sites = {bel: (x, y) for x, y, bel in GRID.sites(one["type"])}
            result[name] = sites[one["attributes"]["BEL"]]
    return result


def test_the_grid_has_the_places_of_the_data_sheet():
    assert len(GRID.sites(floorplan.MULTIPLIER)) == 156
    assert len(GRID.sites(floorplan.BLOCK_RAM)) == 208
    names = [bel for kind in floorplan.OFFSETS for _, _, bel in GRID.sites(kind)]
    assert len(set(names)) == len(names)


def test_every_macro_has_a_place_of_its_own_and_neighbours_are_near():
    cells = chains()
    assert floorplan.plan({"cells": cells}, "85k")["macros_placed"] == CHAINS * LENGTH
    places = placed(cells)
    assert len(set(places.values())) == len(places) == CHAINS * LENGTH
    apart = [
        abs(a[0] - b[0]) + abs(a[1] - b[1])
        for chain in range(CHAINS)
        for n in range(LENGTH - 1)
        for a, b in [(places[f"macro{chain}.{n}"], places[f"macro{chain}.{n + 1}"])]
    ]
    assert sum(apart) / len(apart) < 20, "rows are 12 apart: neighbours cannot be much nearer"


def test_the_same_netlist_and_seed_give_the_same_places():
    first, second, other = chains(), chains(), chains()
    floorplan.plan({"cells": first}, "85k", seed=3)
    floorplan.plan({"cells": second}, "85k", seed=3)
    floorplan.plan({"cells": other}, "85k", seed=4)
    assert placed(first) == placed(second) != placed(other)


def test_macros_behind_logic_pull_and_wide_nets_do_not():
    cells = chains()
    names = [name for name in cells if name.startswith("macro")]
    cells |= {f"wide{n}": cell("LUT4", A=5000) for n in range(floorplan.WIDEST)}
    for name in names:
        cells[name]["connections"]["CE"] = [5000]
    pull = floorplan.pulls(cells, names)
    for n, name in enumerate(names):
        chain = name.split(".")[0]
        assert pull[n] and all(names[m].split(".")[0] == chain for m in pull[n])


def test_a_chip_without_a_grid_is_left_to_the_placer():
    cells = chains()
    assert not floorplan.plan({"cells": cells}, "45k")
    assert not any("attributes" in one for one in cells.values())


def test_too_many_multipliers_are_an_error_that_says_so():
    cells = {f"m{n}": cell(floorplan.MULTIPLIER, A=n) for n in range(157)}
    with pytest.raises(FlowError, match="157 MULT18X18D, but the chip has 156"):
        floorplan.plan({"cells": cells}, "85k")
