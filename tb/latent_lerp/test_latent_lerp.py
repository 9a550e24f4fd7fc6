# SPDX-License-Identifier: Apache-2.0
"""latent_lerp is exact: corners, ties and random points against the one equation."""

from __future__ import annotations

import itertools
import random

import cocotb
from cocotb.triggers import FallingEdge
from dcgan.hw.latent_rng import lerp

from tb.lib.build import run_cocotb
from tb.lib.stream import pulse_reset, start

LATENCY = 18
RANDOM_POINTS = 1_500


async def mix(dut, a: int, b: int, index: int, steps: int) -> tuple[int, int]:
    """(result, cycles from start to valid)."""
    await FallingEdge(dut.clk_i)
    dut.a_i.value, dut.b_i.value = a & 255, b & 255
    dut.index_i.value, dut.steps_i.value = index, steps
    dut.start_i.value = 1
    await FallingEdge(dut.clk_i)
    dut.start_i.value = 0
    cycles = 1
    while not int(dut.valid_o.value):
        await FallingEdge(dut.clk_i)
        cycles += 1
        assert cycles < 100
    return dut.z_o.value.to_signed(), cycles


@cocotb.test()
async def every_point_equals_the_equation(dut):
    dut.start_i.value = 0
    await start(dut)
    corners = [
        (a, b, index, steps)
        for a, b in itertools.product((-128, -127, -1, 0, 1, 127), repeat=2)
        for steps in (1, 2, 4, 255)
        for index in {0, 1, steps // 2, steps}
    ]
    random_points = [
        (random.randint(-128, 127), random.randint(-128, 127), random.randint(0, steps), steps)
        for steps in (random.randint(1, 255) for _ in range(RANDOM_POINTS))
    ]
    for a, b, index, steps in corners + random_points:
        result, cycles = await mix(dut, a, b, index, steps)
        assert result == lerp(a, b, index, steps), f"a={a} b={b} index={index} steps={steps}"
        assert cycles == LATENCY


@cocotb.test()
async def a_result_stays_until_the_next_start(dut):
    dut.start_i.value = 0
    await start(dut)
    for a, b, index, steps in ((-128, 127, 1, 2), (100, -3, 2, 3), (-1, -2, 0, 1)):
        result, _ = await mix(dut, a, b, index, steps)
        for cycle in range(2 * LATENCY):
            await FallingEdge(dut.clk_i)
            shown = int(dut.valid_o.value), dut.z_o.value.to_signed()
            assert shown == (1, result), f"{cycle} cycles behind the result"


@cocotb.test()
async def a_reset_ends_a_result_and_what_is_computed(dut):
    dut.start_i.value = 0
    await start(dut)
    for shown in range(LATENCY + 2):
        await FallingEdge(dut.clk_i)
        dut.a_i.value, dut.b_i.value, dut.index_i.value, dut.steps_i.value = 5, 250, 3, 7
        dut.start_i.value = 1
        await FallingEdge(dut.clk_i)
        dut.start_i.value = 0
        for _ in range(shown):
            await FallingEdge(dut.clk_i)
        await pulse_reset(dut)
        for _ in range(2 * LATENCY):
            await FallingEdge(dut.clk_i)
            assert not int(dut.valid_o.value), f"a result, reset {shown} cycles behind its start"
        assert await mix(dut, -128, 127, 1, 2) == (lerp(-128, 127, 1, 2), LATENCY)


@cocotb.test()
async def a_start_ends_what_is_computed_and_begins_anew(dut):
    dut.start_i.value = 0
    await start(dut)
    for shown in range(LATENCY):
        await FallingEdge(dut.clk_i)
        dut.a_i.value, dut.b_i.value, dut.index_i.value, dut.steps_i.value = 5, 250, 3, 7
        dut.start_i.value = 1
        await FallingEdge(dut.clk_i)
        dut.start_i.value = 0
        for _ in range(shown):
            await FallingEdge(dut.clk_i)
        assert await mix(dut, -127, 100, 2, 3) == (lerp(-127, 100, 2, 3), LATENCY)


def test_latent_lerp(simulator):
    sources = ["rtl/latent/latent_lerp.sv"]
    run_cocotb("latent_lerp", __file__, simulator, sources=sources, min_tests=3)
