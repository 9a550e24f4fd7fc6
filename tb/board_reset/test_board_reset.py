# SPDX-License-Identifier: Apache-2.0
"""board_reset holds reset until the clock was good for Cycles cycles, and again if it is lost."""

from __future__ import annotations

import cocotb
from cocotb.clock import Clock
from cocotb.triggers import FallingEdge

from tb.lib.build import run_cocotb

CYCLES = 16


async def cycles_until(dut, level: int, limit: int = 100) -> int:
    for cycle in range(limit):
        if int(dut.rst_no.value) == level:
            return cycle
        await FallingEdge(dut.clk_i)
    raise AssertionError(f"reset did not become {level}")


@cocotb.test()
async def reset_ends_after_its_cycles_and_returns_when_the_clock_is_lost(dut):
    dut.go_i.value = 0
    cocotb.start_soon(Clock(dut.clk_i, 10, unit="ns").start())
    for _ in range(2 * CYCLES):
        await FallingEdge(dut.clk_i)
        assert int(dut.rst_no.value) == 0
    for _ in range(2):
        dut.go_i.value = 1
        assert CYCLES < await cycles_until(dut, 1) <= CYCLES + 4
        dut.go_i.value = 0
        assert await cycles_until(dut, 0) <= 3


def test_board_reset(simulator):
    sources = ["rtl/board/board_reset.sv"]
    run_cocotb("board_reset", __file__, simulator, parameters={"Cycles": CYCLES}, sources=sources)
