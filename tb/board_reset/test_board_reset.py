# SPDX-License-Identifier: Apache-2.0
"""board_reset holds reset until the clock was good for Cycles cycles, and again if it is lost."""

from __future__ import annotations

import random

import cocotb
from cocotb.clock import Clock
from cocotb.triggers import FallingEdge, RisingEdge

from tb.lib.build import run_cocotb
from tb.lib.scoreboard import seed_note

CYCLES = 11  # no power of two: a count that runs the other way takes longer


def expected_reset(go: list[int], cycles: int) -> int:
    """rst_no behind the last clock edge, from go_i at every edge so far.

    It is high while go_i was high at `cycles` + 1 edges in a row, seen three edges late.
    """
    window = go[-cycles - 4 : -3]
    return int(len(window) == cycles + 1 and all(window))


@cocotb.test()
async def reset_ends_after_its_cycles_and_returns_when_the_clock_is_lost(dut):
    cocotb.start_soon(Clock(dut.clk_i, 10, unit="ns").start())
    go: list[int] = []
    ends = 0
    held = [CYCLES - 1, CYCLES, CYCLES + 1, CYCLES + 2, 2 * CYCLES]
    held += [random.randint(1, 2 * CYCLES) for _ in range(20)]
    for high in held:
        for level in [0] * random.choice([1, 2, 3, CYCLES]) + [1] * high:
            dut.go_i.value = level
            await RisingEdge(dut.clk_i)
            go.append(level)
            await FallingEdge(dut.clk_i)
            got = int(dut.rst_no.value)
            assert got == expected_reset(go, CYCLES), f"edge {len(go)}: {got}   ({seed_note()})"
        ends += got
    assert 3 < ends < len(held), f"the reset ended {ends} times"


def test_board_reset(simulator):
    sources = ["rtl/board/board_reset.sv"]
    run_cocotb("board_reset", __file__, simulator, parameters={"Cycles": CYCLES}, sources=sources)
