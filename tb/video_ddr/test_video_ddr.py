# SPDX-License-Identifier: Apache-2.0
"""The stand-in of video_ddr sends its first bit while the clock is high, its second while low."""

from __future__ import annotations

import random

import cocotb
from cocotb.clock import Clock
from cocotb.triggers import FallingEdge, Timer

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


def test_video_ddr(simulator):
    run_cocotb("video_ddr", __file__, simulator, sources=["rtl/video/video_ddr.sv"])
