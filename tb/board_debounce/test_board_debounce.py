# SPDX-License-Identifier: Apache-2.0
"""board_debounce makes one pulse of one press, however the contact bounces."""

from __future__ import annotations

import random

import cocotb
from cocotb.triggers import ClockCycles, RisingEdge

from tb.lib.build import run_cocotb
from tb.lib.stream import start

CYCLES = 20


def expected_presses(levels: list[int], cycles: int) -> int:
    """How often the button was pressed, from its level at every clock edge.

    A level counts once it stood for more than `cycles` edges; then it is the new stable one.
    """
    stable = run = presses = 0
    for level in levels:
        run = run + 1 if level != stable else 0
        if run > cycles:
            stable, run = level, 0
            presses += level
    return presses


@cocotb.test()
async def each_press_is_one_pulse(dut):
    dut.button_i.value = 0
    await start(dut)
    pulses, levels = 0, []

    async def watch():
        nonlocal pulses
        while True:
            await RisingEdge(dut.clk_i)
            pulses += int(dut.press_o.value)
            levels.append(int(dut.button_i.value))

    cocotb.start_soon(watch())
    for _ in range(20):
        for level in (1, 0):
            for _ in range(random.randint(0, 6)):
                dut.button_i.value = random.getrandbits(1)
                await ClockCycles(dut.clk_i, random.randint(1, CYCLES - 4))
            dut.button_i.value = level
            await ClockCycles(dut.clk_i, 2 * CYCLES)
            assert pulses == expected_presses(levels, CYCLES)
    assert pulses >= 20, "every press was held long enough to be one"


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
