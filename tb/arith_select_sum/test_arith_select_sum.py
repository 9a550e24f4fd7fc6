# SPDX-License-Identifier: Apache-2.0
"""arith_select_sum adds up the selected values, Levels cycles later, a new sum in every cycle."""

from __future__ import annotations

import random
from collections import deque

import cocotb
import numpy as np
import pytest
from cocotb.clock import Clock
from cocotb.triggers import RisingEdge

from tb.lib.build import run_cocotb
from tb.lib.scoreboard import pack, seed_note, signed
from tb.lib.stream import PERIOD_NS

SUMS = 400


def cases(inputs: int, width: int) -> list[tuple[list[int], list[int]]]:
    """(select bits, values): extremes, then random ones."""
    low, high = -(1 << (width - 1)), (1 << (width - 1)) - 1
    corners = [([1] * inputs, [end] * inputs) for end in (low, high, 0)]
    corners += [([0] * inputs, [high] * inputs)]
    corners += [([int(n == at) for n in range(inputs)], [low] * inputs) for at in (0, inputs - 1)]
    values = [[random.randint(low, high) for _ in range(inputs)] for _ in range(SUMS)]
    return corners + [([random.getrandbits(1) for _ in v], v) for v in values]


@cocotb.test()
async def every_sum_is_that_of_the_selected_values(dut):
    inputs, width = dut.Inputs.value.to_signed(), dut.Width.value.to_signed()
    levels = (inputs - 1).bit_length()
    cocotb.start_soon(Clock(dut.clk_i, PERIOD_NS, "ns").start())
    await RisingEdge(dut.clk_i)
    awaited: deque[int | None] = deque([None] * levels)
    for number, (select, values) in enumerate(cases(inputs, width) + [([0], [0])] * levels):
        dut.select_i.value, dut.values_i.value = pack(select, 1), pack(values, width)
        awaited.append(int(np.dot(select, values)))
        await RisingEdge(dut.clk_i)
        want = awaited.popleft()
        if want is not None:
            got = signed(int(dut.sum_o.value), width + levels)
            assert got == want, f"cycle {number}: expected {want}, got {got}   ({seed_note()})"


@pytest.mark.parametrize(("inputs", "width"), [(100, 7), (25, 8), (2, 4)])
def test_arith_select_sum(simulator, inputs, width):
    run_cocotb(
        "arith_select_sum",
        __file__,
        simulator,
        parameters={"Inputs": inputs, "Width": width},
        min_tests=1,
    )
