# SPDX-License-Identifier: Apache-2.0
"""arith_mult_pair equals two plain products.

Three witnesses: the algebra of its header on all operands (numpy), the RTL on all operands
(arith_mult_pair_bench.sv, which clocks itself), and the RTL on chosen operands, where a failure
names them. All widths up to 8 bits on Verilator, 4 bits on Icarus, which interprets.
"""

from __future__ import annotations

import itertools
import random
from pathlib import Path

import cocotb
import numpy as np
import pytest
from cocotb.clock import Clock
from cocotb.triggers import RisingEdge
from every_operand import TRIPLES_VARIABLE

from tb.lib.build import run_cocotb
from tb.lib.scoreboard import seed_note
from tb.lib.stream import PERIOD_NS

BENCH = "arith_mult_pair_bench"
ACT_MAX = 255
LATENCY = 6
PACKED = [(packing, width) for packing in (1, 2) for width in range(4, 9)]
FORMS = [(0, 8), (1, 8), (1, 6), (2, 8)]
TIMING_ARGS = ("--timing", "-CFLAGS", "-std=c++20")  # the bench has delays: coroutines
EXHAUSTIVE_WIDTHS = {"verilator": (4, 8), "icarus": (4, 4)}


def weight_max(width: int) -> int:
    """Weights are symmetric: the most negative number of a width never occurs."""
    return (1 << (width - 1)) - 1


def triples(width: int) -> int:
    """Operand triples (act, w0, w1) of a weight width."""
    return (2 * ACT_MAX + 1) * (2 * weight_max(width) + 1) ** 2


def products(act, w0, w1):
    """(act * w0, act * w1), of integers or of arrays of them."""
    return act * w0, act * w1


@cocotb.test()
async def both_products_of_chosen_operands_are_exact(dut):
    width, product_width = len(dut.weight0_i), len(dut.product0_o)
    top = weight_max(width)
    every_act, every_weight = range(-ACT_MAX, ACT_MAX + 1), range(-top, top + 1)
    acts = (-ACT_MAX, -1, 0, 1, 128, ACT_MAX)
    operands = list(itertools.product(acts, every_weight, (-top, -1, 0, top)))
    operands += itertools.product(every_act, (-top, top), (-top, -1, 0, 1, top))
    operands += zip(
        *(random.choices(r, k=2000) for r in (every_act, every_weight, every_weight)), strict=True
    )
    cocotb.start_soon(Clock(dut.clk_i, PERIOD_NS, "ns").start())
    for cycle, offered in enumerate(operands + operands[:LATENCY]):
        dut.act_i.value = offered[0] & 0x1FF
        dut.weight0_i.value = offered[1] & ((1 << width) - 1)
        dut.weight1_i.value = offered[2] & ((1 << width) - 1)
        await RisingEdge(dut.clk_i)
        if cycle >= LATENCY:
            act, w0, w1 = operands[cycle - LATENCY]
            got = (dut.product0_o.value, dut.product1_o.value)
            p0, p1 = products(act, w0, w1)
            assert got == tuple(p & ((1 << product_width) - 1) for p in (p0, p1)), (
                f"act={act} w0={w0} w1={w1}: expected {p0} and {p1}, "
                f"got {' and '.join(map(str, got))} of {product_width} bits   ({seed_note()})"
            )


# What fails soonest comes first: every operand takes a minute.
@pytest.mark.parametrize(("packing", "width"), FORMS)
def test_arith_mult_pair(simulator, packing, width):
    run_cocotb(
        "arith_mult_pair",
        __file__,
        simulator,
        parameters={"Packing": packing, "WeightWidth": width, "ActWidth": 9},
    )


@pytest.mark.parametrize(("packing", "width"), PACKED)
def test_the_split_of_the_packed_product_is_exact_on_all_operands(packing, width):
    pair_width = {1: 18, 2: 25}[packing]
    k = {1: 18 - width, 2: 17}[packing]
    spill = max(width + 8 - k, 1)
    w = np.arange(-weight_max(width), weight_max(width) + 1, dtype=np.int64)
    w0, w1 = w[None, :], w[:, None]
    pair = (w1 << k) + w0
    assert abs(pair).max() < 1 << (pair_width - 1), "the packed operand overflows its port"
    borrows = 0
    for act in range(-ACT_MAX, ACT_MAX + 1):
        product, (p0, p1) = act * pair, products(act, w0, w1)
        high, low = product >> k, product & ((1 << k) - 1)
        carry = (high - p1) & ((1 << spill) - 1)
        carry -= (carry >> (spill - 1)) << spill  # two's complement
        wrong = ((carry << k) + low != p0) | (high - carry != p1)
        assert not wrong.any(), f"act={act}: {wrong.sum()} of {wrong.size} pairs are split wrongly"
        borrows += int((carry != 0).sum())
    assert borrows > 0, "no product ever reached into its neighbour"


def test_every_operand_gives_both_products_in_rtl(simulator):
    lowest, highest = EXHAUSTIVE_WIDTHS[simulator]
    total = 2 * sum(triples(width) for width in range(lowest, highest + 1))
    here = Path(__file__).parent
    sources = [here / f"{BENCH}.sv", here / "arith_mult_pair_sweep.sv"]
    run_cocotb(
        BENCH,
        here / "every_operand.py",
        simulator,
        parameters={"MinWidth": lowest, "MaxWidth": highest},
        sources=["rtl/arith/arith_mult_pair.sv", *map(str, sources)],
        build_args=TIMING_ARGS if simulator == "verilator" else (),
        environment={TRIPLES_VARIABLE: str(total)},
        optimise=True,
        hide_internals=True,
    )
