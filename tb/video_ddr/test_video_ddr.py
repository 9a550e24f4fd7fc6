# SPDX-License-Identifier: Apache-2.0
"""video_ddr sends its first bit while the clock is high, its second while low.

The stand-in does, and the register of the ECP5, wired as it is on the chip.
"""

from __future__ import annotations

import random

import cocotb
import pytest
from cocotb.clock import Clock
from cocotb.triggers import FallingEdge, Timer
from synth_flow.yosys import PRIMITIVES

from tb.lib.build import run_cocotb


@cocotb.test()
async def two_bits_leave_in_each_cycle(dut):
    cocotb.start_soon(Clock(dut.clk_i, 8, unit="ns").start())
    await FallingEdge(dut.clk_i)
    for _ in range(50):
        first, second = random.getrandbits(1), random.getrandbits(1)
        dut.first_i.value, dut.second_i.value = first, second
        await Timer(6, unit="ns")  # rising edge after 4
        assert int(dut.pin_o.value) == first
        await Timer(4, unit="ns")
        assert int(dut.pin_o.value) == second
        await FallingEdge(dut.clk_i)


@pytest.mark.parametrize("chip", [{}, {"SYNTHESIS_ECP5": 1}], ids=["plain", "ecp5"])
def test_video_ddr(simulator, chip):
    run_cocotb(
        "video_ddr",
        __file__,
        simulator,
        sources=["rtl/video/video_ddr.sv", *(PRIMITIVES["ecp5"] if chip else ())],
        defines=chip,
    )
