# SPDX-License-Identifier: Apache-2.0
"""The packing pass moves a register only where that changes nothing; boards are checked."""

from __future__ import annotations

from dataclasses import replace

import pytest
from synth_flow import boards, ecp5, netlist, report

CLOCK, OTHER_CLOCK, ENABLE = 1, 2, 3


def flip_flop(data, output, enable=None, clock=CLOCK, reset="0") -> dict:
    pins = {"CLK": [clock], "DI": [data], "LSR": [reset], "Q": [output]}
    if enable is not None:
        pins["CE"] = [enable]
    return {
        "type": "TRELLIS_FF",
        "parameters": {"CLKMUX": "CLK", "CEMUX": "1 " if enable is None else "CE"},
        "port_directions": {pin: "output" if pin == "Q" else "input" for pin in pins},
        "connections": pins,
    }


def multiplier(a: list, b: list, p: list) -> dict:
    pins = {f"A{i}": [net] for i, net in enumerate(a)}
    pins |= {f"B{i}": [net] for i, net in enumerate(b)}
    pins |= {f"P{i}": [net] for i, net in enumerate(p)}
    return {
        "type": "MULT18X18D",
        "parameters": {},
        "port_directions": {pin: "output" if pin[0] == "P" else "input" for pin in pins},
        "connections": pins,
    }


def ram(outputs: list, clock=CLOCK) -> dict:
    pins = {f"DOA{i}": [net] for i, net in enumerate(outputs)} | {"CLKA": [clock], "OCEA": ["1"]}
    return {
        "type": "DP16KD",
        "parameters": {
            "DATA_WIDTH_A": f"{18:032b}",
            "DATA_WIDTH_B": f"{18:032b}",
            "CLKAMUX": "CLKA",
            "CLKBMUX": "CLKB",
        },
        "port_directions": {p: "output" if p[0] == "D" else "input" for p in pins},
        "connections": pins,
    }


def module(cells: dict, outputs: list) -> dict:
    return {"cells": cells, "ports": {"o": {"direction": "output", "bits": outputs}}}


def registered_product(**last) -> dict:
    """A 2-bit operand pair with registers all around; `last` changes the output registers."""
    zeros = ["0"] * 16
    cells = {
        "m": multiplier([20, 21, *zeros], [22, 23, *zeros], [30, 31, 32, 33]),
        **{f"in{i}": flip_flop(10 + i, 20 + i) for i in range(4)},
        **{f"out{i}": flip_flop(30 + i, 40 + i, **last) for i in range(4)},
    }
    return module(cells, [40, 41, 42, 43])


def test_registers_around_a_multiplier_move_inside():
    design = registered_product()
    counts = netlist.pack(design)
    assert counts["multiplier_input_registers"] == 2
    assert counts["multiplier_output_registers"] == 1
    assert set(design["cells"]) == {"m"}
    pins = design["cells"]["m"]["connections"]
    assert [pins[f"A{i}"] for i in range(3)] == [[10], [11], ["0"]]
    assert [pins[f"P{i}"] for i in range(4)] == [[40], [41], [42], [43]]
    assert pins["CLK0"] == [CLOCK] and pins["CE0"] == ["1"]


def test_a_register_with_another_load_stays_and_its_data_is_shared():
    design = registered_product()
    design["ports"]["o"]["bits"].append(20)
    netlist.pack(design)
    assert set(design["cells"]) == {"m", "in0"}
    assert design["cells"]["m"]["connections"]["A0"] == [10]


@pytest.mark.parametrize("change", [{"enable": ENABLE}, {"reset": 9}])
def test_output_registers_with_enable_or_reset_stay(change):
    design = registered_product(**change)
    counts = netlist.pack(design)
    assert counts["multiplier_output_registers"] == 0
    assert {"out0", "out1", "out2", "out3"} <= set(design["cells"])


def test_registers_of_another_clock_stay():
    design = registered_product(clock=OTHER_CLOCK)
    assert netlist.pack(design)["multiplier_output_registers"] == 0


def test_a_product_that_is_also_used_directly_keeps_its_registers_outside():
    design = registered_product()
    design["ports"]["o"]["bits"].append(31)
    assert netlist.pack(design)["multiplier_output_registers"] == 0


def test_a_ram_takes_its_output_registers_with_their_enable():
    cells = {"r": ram([50, 51]), **{f"f{i}": flip_flop(50 + i, 60 + i, ENABLE) for i in range(2)}}
    design = module(cells, [60, 61])
    assert netlist.pack(design)["ram_output_registers"] == 1
    cell = design["cells"]["r"]
    assert set(design["cells"]) == {"r"}
    assert cell["parameters"]["REGMODE_A"] == "OUTREG"
    assert cell["connections"]["OCEA"] == [ENABLE]
    assert cell["connections"]["DOA0"] == [60]


@pytest.mark.parametrize(
    "second",
    [
        flip_flop(51, 61, enable=None),
        flip_flop(51, 61, ENABLE, clock=OTHER_CLOCK),
        flip_flop(51, 61, ENABLE, reset=9),
    ],
)
def test_a_ram_whose_registers_differ_keeps_them_outside(second):
    cells = {"r": ram([50, 51]), "f0": flip_flop(50, 60, ENABLE), "f1": second}
    design = module(cells, [60, 61])
    assert netlist.pack(design)["ram_output_registers"] == 0
    assert set(design["cells"]) == {"r", "f0", "f1"}


def test_a_ram_of_another_clock_keeps_its_registers_outside():
    cells = {"r": ram([50], clock=OTHER_CLOCK), "f0": flip_flop(50, 60, ENABLE)}
    assert netlist.pack(module(cells, [60]))["ram_output_registers"] == 0


@pytest.mark.parametrize("name", boards.names())
def test_every_board_has_its_files(name):
    board = boards.load(name)
    assert (boards.ROOT / "rtl" / "board" / f"{board.top}.sv").is_file()
    assert board.family != "ecp5" or (boards.ROOT / board.pins).is_file()
    assert board.seed in board.seeds


def test_a_seed_belongs_to_the_routed_design_and_not_to_its_netlist(tmp_path, monkeypatch):
    monkeypatch.setattr(ecp5, "netlist_script", lambda *_: "")
    board = boards.load("ulx3s")
    pinned = replace(board, seed=board.seed + 1, seeds=(board.seed + 1,))
    faster = replace(board, multiply=board.multiply + 1)
    folders = (tmp_path, tmp_path)
    assert ecp5.netlist_key(board, *folders) == ecp5.netlist_key(pinned, *folders)
    assert ecp5.netlist_key(board, *folders) != ecp5.netlist_key(faster, *folders)
    assert ecp5.design_key(board, *folders) != ecp5.design_key(pinned, *folders)


def test_an_unknown_board_is_answered_with_the_known_ones():
    with pytest.raises(boards.FlowError, match="ulx3s"):
        boards.load("nothing")


def test_the_clock_of_the_report_is_the_slowest_that_had_to_reach_it():
    nextpnr = {
        "fmax": {
            "clk": {"achieved": 101.0, "constraint": 100.0},
            "video": {"achieved": 60.0, "constraint": 25.0},
            "shift": {"achieved": 120.0, "constraint": 125.0},
        }
    }
    assert report.system_clock(nextpnr, 100.0) == ("clk", 101.0)
    assert report.missed_clocks(nextpnr) == {"shift": (120.0, 125.0)}
