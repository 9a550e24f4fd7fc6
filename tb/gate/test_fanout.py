# SPDX-License-Identifier: Apache-2.0
"""Cells with many loads get copies, and every load keeps its value."""

from __future__ import annotations

import copy
import itertools
import random
from collections import Counter

import pytest
from synth_flow import fanout, netlist

from tb.gate.cells import CLOCK, OUT, flip_flop, module, table


def busy(count: int, behind: str) -> dict:
    """A flip-flop with `count` loads, behind another flip-flop or behind logic."""
    before = flip_flop(10, 20) if behind == "flip-flop" else table(0xAAAA, 20, A=10)
    loads = {f"lane[{n}]": flip_flop(21, 100 + n) for n in range(count)}
    return {"before": before, "busy": flip_flop(20, 21), **loads}


@pytest.mark.parametrize("behind", ["flip-flop", "logic"])
@pytest.mark.parametrize("count", [3, 33, 100, 256, 257, 2600])
def test_no_flip_flop_keeps_too_many_loads_and_every_load_its_value(count, behind):
    cells = busy(count, behind)
    made = fanout.spread(module(cells, list(range(100, 100 + count))))["flip_flops_copied"]
    limit = fanout.LOADS if behind == "flip-flop" else fanout.ANYWAY
    assert (made > 0) == (count > limit)
    drivers = {
        c["connections"]["Q"][0]: name for name, c in cells.items() if "Q" in c["connections"]
    }
    drivers[20] = "before"
    loads: dict[int, list[str]] = {}
    for name, one in cells.items():
        loads.setdefault(one["connections"].get("DI", [10])[0], []).append(name)
    for n in range(count):
        source = drivers[cells[f"lane[{n}]"]["connections"]["DI"][0]]
        assert source.split("$")[0] == "busy"
        assert drivers[cells[source]["connections"]["DI"][0]].split("$")[0] == "before"
    if made:
        assert max(len(names) for net, names in loads.items() if net not in (10, 20)) <= 32


def test_neighbouring_lanes_share_a_copy():
    cells = busy(100, "flip-flop")
    names = list(cells)
    random.shuffle(names)
    cells = {name: cells[name] for name in names}
    fanout.spread(module(cells, list(range(100, 200))))
    sources = [cells[f"lane[{n}]"]["connections"]["DI"][0] for n in range(100)]
    assert sum(a != b for a, b in itertools.pairwise(sources)) == 3


def rams(count: int, address: int) -> dict:
    """Block RAMs that one net addresses."""
    block = {
        "type": fanout.BLOCK_RAM,
        "parameters": {},
        "port_directions": {"ADA5": "input"},
        "connections": {"ADA5": [address]},
    }
    return {f"words.0.{n}": copy.deepcopy(block) for n in range(count)}


def test_block_rams_have_copies_of_their_own():
    cells = busy(20, "flip-flop") | rams(3 * fanout.BLOCKS, 21)
    made = fanout.spread(module(cells, list(range(100, 120))))["flip_flops_copied"]
    assert made == 3
    nets = [cells[f"words.0.{n}"]["connections"]["ADA5"][0] for n in range(3 * fanout.BLOCKS)]
    assert sorted(map(nets.count, set(nets))) == [fanout.BLOCKS] * 3 and 21 not in nets
    assert [len(list(run)) for _, run in itertools.groupby(nets)] == [fanout.BLOCKS] * 3


@pytest.mark.parametrize("shared", [False, True])
@pytest.mark.parametrize("most", [1, fanout.BLOCKS, fanout.BLOCKS + 1, 39])
def test_a_register_that_addresses_many_block_rams_is_copied_with_the_table_before_it(most, shared):
    cells = {"choose": table(0xCAAC, 20, A=10, B=11), "address": flip_flop(20, 21)}
    cells |= rams(most, 21)
    if shared:
        cells["other"] = flip_flop(20, 100)
    copies = -(-most // fanout.BLOCKS) - 1
    assert fanout.spread(module(cells, [100]))["flip_flops_copied"] == copies
    registers = {c["connections"]["Q"][0]: c for c in cells.values() if "Q" in c["connections"]}
    tables = {c["connections"]["Z"][0]: c for c in cells.values() if c["type"] == "LUT4"}
    nets = [cells[f"words.0.{n}"]["connections"]["ADA5"][0] for n in range(most)]
    assert max(map(nets.count, nets)) <= fanout.BLOCKS and len(set(nets)) == copies + 1
    before = [registers[net]["connections"]["DI"][0] for net in sorted(set(nets))]
    assert len(tables) == len(set(before)) == (1 if shared else copies + 1)
    for net in before:
        assert tables[net]["parameters"] == cells["choose"]["parameters"]
        assert [tables[net]["connections"][pin] for pin in "AB"] == [[10], [11]]


@pytest.mark.parametrize("count", [1, fanout.RAMS, fanout.RAMS + 1, 52])
def test_memories_of_tables_have_copies_of_what_addresses_them(count):
    """An address pin of theirs is four bits wide, and each bit keeps its place."""
    address = [21, 22, "0", 21]
    cells = {
        "count": table(0xAAAA, 20, A=10),
        "low": flip_flop(20, 21),
        "high": flip_flop(20, 22),
    }
    for n in range(count):
        cells[f"words.{n}"] = {
            "type": fanout.TABLE_RAM,
            "parameters": {},
            "port_directions": {"RAD": "input"},
            "connections": {"RAD": list(address)},
        }
    before = copy.deepcopy(cells)
    made = fanout.spread(module(cells, [OUT]))["flip_flops_copied"]
    drivers = {c["connections"]["Q"][0]: n for n, c in cells.items() if "Q" in c["connections"]}
    served: Counter = Counter()
    for name, cell in cells.items():
        if cell["type"] == fanout.TABLE_RAM:
            pins = cell["connections"]["RAD"]
            served.update(bit for bit in pins if bit != "0")
            names = [drivers[bit].split("$")[0] if bit != "0" else bit for bit in pins]
            assert names == ["low", "high", "0", "low"], name
        else:
            assert cell["connections"] == before.get(name, cell)["connections"]
    assert max(served.values()) <= fanout.RAMS
    assert (made > 0) == (2 * count > fanout.RAMS)
    assert len(served) == made + 2 - (made and sum(bit not in served for bit in (21, 22)))


@pytest.mark.parametrize("most", [1, fanout.BLOCKS, fanout.BLOCKS + 1, 3 * fanout.BLOCKS])
def test_a_table_that_addresses_many_block_rams_is_copied_for_them(most):
    cells = {"walk": flip_flop(10, 20), "choose": table(0xAAAA, 21, A=20)} | rams(most, 21)
    copies = -(-most // fanout.BLOCKS) - 1
    assert fanout.spread(module(cells, [OUT]))["tables_copied"] == copies
    tables = [one for one in cells.values() if one["type"] == "LUT4"]
    assert all(one["connections"]["A"] == [20] for one in tables)
    assert all(one["parameters"] == cells["choose"]["parameters"] for one in tables)
    nets = [cells[f"words.0.{n}"]["connections"]["ADA5"][0] for n in range(most)]
    assert set(nets) == {one["connections"]["Z"][0] for one in tables}
    assert max(map(nets.count, nets)) <= fanout.BLOCKS


@pytest.mark.parametrize("count", [2, fanout.TABLE_LOADS, fanout.TABLE_LOADS + 1, 800])
def test_two_tables_and_what_chooses_between_them_are_copied_together(count):
    cells = {
        "low": table(0xAAAA, 30, A=10),
        "high": table(0x5555, 31, A=11),
        "choose": {
            "type": "PFUMX",
            "parameters": {},
            "port_directions": {"ALUT": "input", "BLUT": "input", "C0": "input", "Z": "output"},
            "connections": {"ALUT": [30], "BLUT": [31], "C0": [12], "Z": [21]},
        },
    }
    cells |= {f"f{n}": flip_flop(12, 100 + n, CE=21) for n in range(count)}
    made = fanout.spread(module(cells, list(range(100, 100 + count))))["tables_copied"]
    assert made == (-(-count // fanout.LOADS) - 1 if count > fanout.TABLE_LOADS else 0)
    driver = {c["connections"]["Z"][0]: c for c in cells.values() if "Z" in c["connections"]}
    served = [c["connections"]["CE"][0] for c in cells.values() if "CE" in c["connections"]]
    assert len(set(served)) == made + 1 and len(driver) == 3 * (made + 1)
    for net in set(served):
        pins = driver[net]["connections"]
        halves = [driver[pins[pin][0]] for pin in fanout.HALVES]
        assert pins["C0"] == [12]
        assert [half["parameters"] for half in halves] == [
            cells[name]["parameters"] for name in ("low", "high")
        ]
        assert [half["connections"]["A"] for half in halves] == [[10], [11]]


def test_a_clock_is_not_copied_for():
    cells = {"d": flip_flop(10, 20), "clock": flip_flop(20, 21)}
    cells |= {f"f{n}": {**flip_flop(12, 100 + n, CLK=21)} for n in range(40)}
    assert not fanout.spread(module(cells, list(range(100, 140))))


def test_what_was_copied_is_copied_again_when_its_loads_were():
    """The copies of a table are loads of the flip-flop before it, which has copies by then."""
    lanes = 22 * fanout.LOADS
    cells = {
        "before": flip_flop(CLOCK, 20),
        "busy": flip_flop(20, 21),
        "a": table(0x5555, 22, A=21),
    }
    cells |= {f"lane[{n}]": flip_flop(CLOCK, 100 + n, CE=22) for n in range(lanes)}
    cells |= {f"z[{n}]": flip_flop(21, 1000 + n) for n in range(fanout.LOADS)}
    outputs = [*range(100, 100 + lanes), *range(1000, 1000 + fanout.LOADS)]
    whole = module(cells, outputs)
    before = copy.deepcopy(cells)
    made = fanout.spread(whole)
    assert not netlist.undriven(whole)
    assert len(cells) == len(before) + made.total()
    was = {
        cells[name]["connections"][pin][0]: before[name.split("$")[0]]["connections"][pin][0]
        for name in cells
        for pin in ("Q", "Z")
        if pin in cells[name]["connections"]
    }
    for name, one in cells.items():
        pins = {
            pin: [was.get(net, net) for net in nets] for pin, nets in one["connections"].items()
        }
        assert pins == before[name.split("$")[0]]["connections"], name
