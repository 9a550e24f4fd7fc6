# SPDX-License-Identifier: Apache-2.0
"""arith_requantize equals dcgan.fixed: on all inputs of small widths, at all ties of real ones."""

from __future__ import annotations

import os

import cocotb
import numpy as np
import pytest
from cocotb.clock import Clock
from cocotb.triggers import FallingEdge
from dcgan.hw.widths import TANH_INDEX_BITS, acc_width
from dcgan.quant.fixed_point import requantise_relu, tanh_index

from tb.lib.build import run_cocotb
from tb.lib.network import network
from tb.lib.scoreboard import seed_note

EXHAUSTIVE_WIDTH = 14
SHIFT_VARIABLE, RELU_VARIABLE = "REQUANTIZE_SHIFT", "REQUANTIZE_RELU"
MARGIN = 4  # outputs beyond each saturation


def inputs(wide: int, out_width: int, shift: int) -> np.ndarray:
    """All accumulators if there are few; else all next to a step or a tie, and the extremes."""
    lowest, highest = -(1 << (wide - 1)), (1 << (wide - 1)) - 1
    if wide <= EXHAUSTIVE_WIDTH:
        return np.arange(lowest, highest + 1)
    steps = np.arange(-(1 << out_width) - MARGIN, (1 << out_width) + MARGIN) << shift
    around = np.concatenate([steps, steps + (1 << (shift - 1))])
    near = (around[:, None] + np.arange(-1, 2)).reshape(-1)
    ends = [lowest, lowest + 1, highest - 1, highest]
    spread = np.random.default_rng(1).integers(lowest, highest, 1000)
    chosen = np.concatenate([near, ends, spread])
    return np.unique(chosen[(chosen >= lowest) & (chosen <= highest)])


async def requantised(dut, acc: int, shift: int) -> int:
    """What one accumulator becomes, a clock cycle later."""
    dut.shift_i.value, dut.acc_i.value = shift, acc & ((1 << len(dut.acc_i)) - 1)
    await FallingEdge(dut.clk_i)
    return int(dut.out_o.value)


async def begin(dut) -> None:
    """A running clock, and the register enabled."""
    dut.en_i.value = 1
    Clock(dut.clk_i, 2, "ns").start()
    await FallingEdge(dut.clk_i)


@cocotb.test()
async def every_tie_step_and_saturation_equals_the_golden_function(dut):
    wide, out_width = len(dut.acc_i), len(dut.out_o)
    shift, relu = int(os.environ[SHIFT_VARIABLE]), int(os.environ[RELU_VARIABLE])
    start = (1 << (shift - 1)) + (0 if relu else 1 << (shift + out_width - 1))
    top = (1 << out_width) - 1
    await begin(dut)
    lowest, highest = -(1 << (wide - 1)), (1 << (wide - 1)) - 1
    accs = inputs(wide, out_width, shift)
    accs = accs[(accs + start >= lowest) & (accs + start <= highest)]
    expected = (
        requantise_relu(accs, shift, top) if relu else tanh_index(accs, shift, out_width)
    ).tolist()
    for acc, want in zip(accs.tolist(), expected, strict=True):
        got = await requantised(dut, acc + start, shift)  # the accumulator began there
        assert got == want, (
            f"shift={shift} relu={relu}, acc={acc}: expected {want}, got {got}   ({seed_note()})"
        )
    ties = int(np.sum(accs % (1 << shift) == 1 << (shift - 1)))
    assert ties > 0, "no tie was among the inputs"
    for name, end in (("low", 0), ("high", top)):
        assert expected.count(end) > 1, f"the {name} end was never saturated to"


@cocotb.test()
async def the_shift_of_one_value_is_not_that_of_the_next(dut):
    wide, out_width = len(dut.acc_i), len(dut.out_o)
    await begin(dut)
    rng, top = np.random.default_rng(2), (1 << out_width) - 1
    highest = (1 << wide - 1) - 1
    for shift in rng.permutation(np.repeat(np.arange(1, 1 << len(dut.shift_i)), 20)).tolist():
        start = 1 << shift - 1
        # From all but nothing to twice what fits, in every length.
        reach = 1 << rng.integers(1, wide - 1)
        drawn = min(int(rng.integers(-reach, reach)), highest - start)
        for acc in (drawn, -highest - 1 - start):
            (want,) = requantise_relu(np.array([acc]), shift, top).tolist()
            got = await requantised(dut, acc + start, shift)
            assert got == want, f"shift={shift}, acc={acc}: expected {want}, got {got}"


@cocotb.test()
async def a_value_stays_while_the_register_is_held(dut):
    await begin(dut)
    top, reach = (1 << len(dut.out_o)) - 1, 1 << len(dut.acc_i) - 1
    rng = np.random.default_rng(3)
    for acc, other in rng.integers(-reach, reach, (100, 2)).tolist():
        kept = await requantised(dut, acc, 3)
        assert kept == min(max(acc >> 3, 0), top)
        dut.en_i.value = 0
        assert await requantised(dut, other, 5) == kept, "went on while it was held"
        dut.en_i.value = 1
        assert await requantised(dut, other, 5) == min(max(other >> 5, 0), top)


def shapes() -> list[tuple[int, int, int, int]]:
    """(AccWidth, OutWidth, shift, relu): some small, and those of layers 2 and 4 of `compact`."""
    chosen = network("compact")
    ig, folding = chosen.integers, chosen.folding
    relu = (acc_width(ig.config, folding, 2), 8, ig.shifts[1], 1)
    tanh = (acc_width(ig.config, folding, 4), TANH_INDEX_BITS, ig.shifts[3], 0)
    return [(14, 8, 1, 1), (14, 8, 5, 1), (14, 11, 2, 0), (25, 8, 15, 1), relu, tanh]


@pytest.mark.parametrize(("wide", "out_width", "shift", "relu"), shapes())
def test_arith_requantize(simulator, wide, out_width, shift, relu):
    run_cocotb(
        "arith_requantize",
        __file__,
        simulator,
        parameters={"AccWidth": wide, "OutWidth": out_width},
        environment={SHIFT_VARIABLE: str(shift), RELU_VARIABLE: str(relu)},
    )
