# SPDX-License-Identifier: Apache-2.0
"""Copies of a flip-flop exchange loads by place: each load keeps its value and finds it nearer."""

from __future__ import annotations

import random

from synth_flow import fanout, floorplan, regroup

CLOCK, DATA, WIDE = 1, 2, 3
MACROS = 8
FOLLOWERS = 12  # flip-flops around each macro


def cell(kind: str, outputs: tuple[str, ...], **pins: int) -> dict:
    return {
        "type": kind,
        "port_directions": {pin: "output" if pin in outputs else "input" for pin in pins},
        "connections": {pin: [net] for pin, net in pins.items()},
    }


def netlist() -> dict:
    """One flip-flop that resets the followers of macros in a row, named so that names mislead."""
    cells = {"reset": cell("TRELLIS_FF", ("Q",), CLK=CLOCK, DI=DATA, Q=WIDE)}
    for n in range(MACROS):
        cells[f"macro{n}"] = cell(floorplan.MULTIPLIER, ("P0",), A0=100 + n, P0=200 + n, CLK0=CLOCK)
        cells[f"macro{n}"]["attributes"] = {"BEL": f"X{4 + 9 * n}/Y10/MULT18_0"}
        for f in range(FOLLOWERS):
            name = f"follower{f * MACROS + n}"
            pins = {"CLK": CLOCK, "DI": 200 + n, "Q": 1000 + f * MACROS + n, "LSR": WIDE}
            cells[name] = cell("TRELLIS_FF", ("Q",), **pins)
    return cells


def reach(cells: dict) -> float:
    """Mean width of the part of the chip that a copy of the reset serves."""
    places = regroup.cluster_places(cells)
    widths = []
    for name in cells:
        if name.startswith("reset"):
            (net,) = cells[name]["connections"]["Q"]
            xs = [places[n][0] for n, c in cells.items() if c["connections"].get("LSR") == [net]]
            widths.append(max(xs) - min(xs))
    return sum(widths) / len(widths)


def copied() -> tuple[dict, int]:
    cells = netlist()
    module = {"cells": cells, "ports": {"c": {"bits": [CLOCK, DATA]}}}
    fanout.spread(module)
    copies = sum(name.startswith("reset") for name in cells)
    return module, copies


def test_every_load_is_served_by_one_copy_that_is_near_and_not_too_busy(monkeypatch):
    monkeypatch.setattr(fanout, "ANYWAY", 16)
    module, copies = copied()
    cells = module["cells"]
    before = reach(cells)
    assert copies == MACROS * FOLLOWERS / fanout.LOADS
    assert regroup.by_place(module)["cells_regrouped"] == copies
    served = [c["connections"]["LSR"][0] for c in cells.values() if "LSR" in c["connections"]]
    sources = {c["connections"]["Q"][0] for name, c in cells.items() if name.startswith("reset")}
    assert len(served) == MACROS * FOLLOWERS and set(served) == sources
    assert max(served.count(net) for net in sources) <= fanout.LOADS
    assert all(c["connections"]["DI"] == [DATA] for n, c in cells.items() if n.startswith("reset"))
    assert reach(cells) < before / 2


def test_an_address_keeps_its_other_bits():
    cells = netlist()
    for n in range(4 * MACROS):
        cells[f"words{n}"] = {
            "type": fanout.TABLE_RAM,
            "port_directions": {"RAD": "input"},
            "connections": {"RAD": [100 + n % MACROS, WIDE, "0", 7]},
        }
    module = {"cells": cells, "ports": {"c": {"bits": [CLOCK, DATA]}}}
    fanout.spread(module)
    assert regroup.by_place(module)["cells_regrouped"]
    sources = {c["connections"]["Q"][0] for name, c in cells.items() if name.startswith("reset")}
    addresses = [cells[f"words{n}"]["connections"]["RAD"] for n in range(4 * MACROS)]
    for n, (first, *rest) in enumerate(addresses):
        assert first == 100 + n % MACROS and rest[0] in sources and rest[1:] == ["0", 7]
    assert len({address[1] for address in addresses}) > 1


def test_a_netlist_without_places_is_left_alone(monkeypatch):
    monkeypatch.setattr(fanout, "ANYWAY", 16)
    module, _ = copied()
    for one in module["cells"].values():
        one.pop("attributes", None)
    assert not regroup.by_place(module)


def test_parts_have_equal_sizes_and_lie_together():
    places = {f"n{n}": (float(n % 10), 0.0) for n in range(100)}
    served = [(name, "A", 0) for name in places]
    random.Random(1).shuffle(served)
    parts = regroup.halved(served, places, 5)
    assert [len(part) for part in parts] == [20] * 5
    for part in parts:
        xs = [places[name][0] for name, _, _ in part]
        assert max(xs) - min(xs) <= 1
