# SPDX-License-Identifier: Apache-2.0
"""The stand-in of board_pll passes its clock and locks; place and route sees the real one."""

from __future__ import annotations

import cocotb
from cocotb.clock import Clock
from cocotb.triggers import FallingEdge, RisingEdge, Timer

from tb.lib.build import run_cocotb


@cocotb.test()
async def both_outputs_follow_and_lock_stays(dut):
    cocotb.start_soon(Clock(dut.clk_i, 40, unit="ns").start())
    for _ in range(4):
        await RisingEdge(dut.clk_i)
    assert int(dut.locked_o.value) == 0
    for _ in range(20):
        await FallingEdge(dut.clk_i)
    for _ in range(20):
        await FallingEdge(dut.clk_i)
        await Timer(1, unit="ns")
        assert int(dut.locked_o.value) == 1
        assert int(dut.clk_o.value) == 0b00
        await RisingEdge(dut.clk_i)
        await Timer(1, unit="ns")
        assert int(dut.clk_o.value) == 0b11


def test_board_pll(simulator):
    run_cocotb("board_pll", __file__, simulator, sources=["rtl/board/board_pll.sv"])
