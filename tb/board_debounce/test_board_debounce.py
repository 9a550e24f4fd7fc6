# SPDX-License-Identifier: Apache-2.0
"""board_debounce makes one pulse of one press, however the contact bounces."""

from __future__ import annotations

import random

import cocotb
from cocotb.triggers import ClockCycles, FallingEdge

from tb.lib.build import run_cocotb
from tb.lib.stream import start

CYCLES = 20


@cocotb.test()
async def each_press_is_one_pulse(dut):
    dut.button_i.value = 0
    await start(dut)
    pulses = []

    async def watch():
        while True:
            await FallingEdge(dut.clk_i)
            if int(dut.press_o.value):
                pulses.append(1)

    cocotb.start_soon(watch())
    for press in range(1, 6):
        for level in (1, 0):
            for _ in range(random.randint(0, 6)):
                dut.button_i.value = random.getrandbits(1)
                await ClockCycles(dut.clk_i, random.randint(1, CYCLES - 4))
            dut.button_i.value = level
            await ClockCycles(dut.clk_i, 2 * CYCLES)
            assert len(pulses) == press


@cocotb.test()
async def a_contact_that_never_settles_is_no_press(dut):
    dut.button_i.value = 0
    await start(dut)
    for _ in range(40):
        dut.button_i.value = 1
        await ClockCycles(dut.clk_i, CYCLES - 2)
        assert int(dut.press_o.value) == 0
        dut.button_i.value = 0
        await ClockCycles(dut.clk_i, 2)


def test_board_debounce(simulator):
    sources = ["rtl/board/board_debounce.sv"]
    run_cocotb(
        "board_debounce", __file__, simulator, parameters={"Cycles": CYCLES}, sources=sources
    )
