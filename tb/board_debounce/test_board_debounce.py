# SPDX-License-Identifier: Apache-2.0
"""board_debounce makes one pulse of one press, however the contact bounces."""

from __future__ import annotations

import random

import cocotb
from cocotb.triggers import ClockCycles, ReadOnly, RisingEdge

from tb.lib.build import run_cocotb
from tb.lib.stream import pulse_reset, start

CYCLES = 20
LATENCY = 3


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


@cocotb.test()
async def runs_about_as_long_as_the_limit_are_told_apart(dut):
    dut.button_i.value = 0
    await start(dut)
    pulses, levels = 0, []
    for _ in range(2000):
        dut.button_i.value = random.getrandbits(1)
        for _ in range(random.choice((1, 2, CYCLES - 1, CYCLES, CYCLES + 1))):
            await RisingEdge(dut.clk_i)
            pulses += int(dut.press_o.value)
            levels.append(int(dut.button_i.value))
    for _ in range(LATENCY):
        await RisingEdge(dut.clk_i)
        pulses += int(dut.press_o.value)
    assert pulses == expected_presses(levels, CYCLES) > 5


@cocotb.test()
async def a_button_held_through_a_reset_is_a_press_after_it(dut):
    dut.button_i.value = 1
    await start(dut)
    for held in range(1, 2 * CYCLES):
        await ClockCycles(dut.clk_i, held)
        await pulse_reset(dut)
        for cycle in range(2 * CYCLES):
            await RisingEdge(dut.clk_i)
            await ReadOnly()
            assert int(dut.press_o.value) == (cycle == CYCLES + LATENCY - 1), f"cycle {cycle}"
        await RisingEdge(dut.clk_i)


def test_board_debounce(simulator):
    sources = ["rtl/board/board_debounce.sv"]
    run_cocotb(
        "board_debounce", __file__, simulator, parameters={"Cycles": CYCLES}, sources=sources
    )
