# SPDX-License-Identifier: Apache-2.0
"""Passes on the mapped netlist change where things are computed, never what."""

from __future__ import annotations

import itertools

import pytest
from synth_flow import carry, netlist, resets

from tb.gate.cells import OUT, adder, flip_flop, module, table

BITS3 = list(itertools.product((0, 1), repeat=3))


def evaluate(found: dict, half: str, values: dict) -> tuple[int, int]:
    """(sum without carry, carry generated) of half a CCU2C, by Yosys' model of the cell."""
    pins = [found["connections"][f"{pin}{half}"][0] for pin in "ABCD"]
    bits = [int(net) if isinstance(net, str) else values[net] for net in pins]
    init = int(found["parameters"][f"INIT{half}"], 2)
    lut4 = init >> sum(bit << n for n, bit in enumerate(bits)) & 1
    lut2 = init >> (bits[0] | bits[1] << 1) & 1
    return lut4, lut2


@pytest.mark.parametrize("operand", ["A", "B"])
def test_every_function_in_front_of_an_adder_is_kept_or_left(operand):
    absorbed = 0
    for init in range(256):
        nets = [20, 21, 22]
        # A function of B, C, D of the table: entry n of `init` for both values of its free pin A.
        wide = sum((init >> n & 1) * 0b11 << 2 * n for n in range(8))
        cells = {"g": table(wide, 11, B=20, C=21, D=22)}
        cells["sum"] = adder(11, 10) if operand == "A" else adder(10, 11)
        design = module(cells, [OUT])
        absorbed += carry.absorb(design)["tables_absorbed"]
        for bits in itertools.product((0, 1), repeat=4):
            values = dict(zip([10, *nets], bits, strict=True))
            g = init >> (bits[1] | bits[2] << 1 | bits[3] << 2) & 1
            values[11] = g
            lut4, lut2 = evaluate(design["cells"]["sum"], "0", values)
            assert lut4 == bits[0] ^ g, f"function {init:08b}, inputs {bits}"
            # A carry is generated where both addends are one; where they differ it is not asked.
            assert lut4 or lut2 == bits[0], f"function {init:08b}, inputs {bits}"
    # All with g = 0 on one edge of the cube, at least: 2 ** 6 of them for a fixed edge.
    assert 64 < absorbed < 256


def test_the_choice_between_bias_and_accumulator_moves_into_the_adder():
    choose = sum((d if b else c) << (b << 1 | c << 2 | d << 3) for b, c, d in BITS3) * 0b11
    design = module({"g": table(choose, 11, B=20, C=21, D=22), "sum": adder(10, 11)}, [OUT])
    assert carry.absorb(design)["tables_absorbed"] == 1
    assert set(design["cells"]) == {"sum"}


def test_a_table_that_something_else_reads_stays():
    design = module({"g": table(0xF0F0, 11, C=20), "sum": adder(10, 11)}, [OUT, 11])
    assert not carry.absorb(design) and "g" in design["cells"]


def test_an_adder_that_subtracts_is_left_alone():
    cells = {"g": table(0xF0F0, 11, C=20), "sum": adder(10, 11)}
    cells["sum"]["connections"]["C0"] = ["1"]
    assert not carry.absorb(module(cells, [OUT]))


def test_an_inverter_in_front_of_resets_goes():
    cells = {"n": table(0x5555, 31, A=30), "f": flip_flop(10, OUT, LSR=31)}
    assert resets.absorb_inverters(module(cells, [OUT]))["inverters_absorbed"] == 1
    assert set(cells) == {"f"}
    assert cells["f"]["connections"]["LSR"] == [30]
    assert cells["f"]["parameters"]["LSRMUX"] == "INV"


@pytest.mark.parametrize("init", [0xAAAA, 0xFFFF, 0x0000])
def test_what_is_no_inverter_stays_in_front_of_resets(init):
    cells = {"n": table(init, 31, A=30), "f": flip_flop(10, OUT, LSR=31)}
    assert not resets.absorb_inverters(module(cells, [OUT]))


def test_an_inverter_that_also_feeds_logic_stays():
    cells = {"n": table(0x5555, 31, A=30), "f": flip_flop(31, OUT, LSR=31)}
    assert not resets.absorb_inverters(module(cells, [OUT]))


def test_an_input_without_a_driver_is_named():
    whole = module({"a": table(0x5555, OUT, A=30), "f": flip_flop(OUT, 31)}, [31])
    assert netlist.undriven(whole) == ["a.A"]
