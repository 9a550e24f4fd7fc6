# SPDX-License-Identifier: Apache-2.0
"""latent_xorshift warms up, stands still and steps as its Python twin does."""

from __future__ import annotations

import os
import random

import cocotb
import pytest
from cocotb.triggers import ClockCycles, FallingEdge
from dcgan.hw.latent_rng import MIX, WARM_UP, LatentRng, xorshift

from tb.lib.build import run_cocotb
from tb.lib.stream import pulse_reset, start

STEPS = 300


async def load(dut, seed: int) -> None:
    """Seed, then wait for the end of the warm-up, which takes its cycles exactly."""
    dut.seed_i.value = seed
    dut.start_i.value = 1
    await FallingEdge(dut.clk_i)
    dut.start_i.value = 0
    for _ in range(WARM_UP):
        assert int(dut.warming_o.value) == 1
        await FallingEdge(dut.clk_i)
    assert int(dut.warming_o.value) == 0


async def follow(dut, seed: int) -> None:
    """Step at random: the high bits of every state are the twin's."""
    state = LatentRng(seed).state
    for step in range(STEPS):
        wanted = state >> 64 - int(os.environ["WIDTH"])
        assert int(dut.bits_o.value) == wanted, f"seed {seed} cycle {step}"
        go = random.random() < 1 / 2
        dut.step_i.value = go
        state = xorshift(state) if go else state
        await FallingEdge(dut.clk_i)
    dut.step_i.value = 0


async def prepare(dut) -> None:
    dut.start_i.value = dut.step_i.value = 0
    await start(dut)
    await FallingEdge(dut.clk_i)


@cocotb.test()
async def every_state_equals_the_model(dut):
    await prepare(dut)
    for seed in (0, 1, MIX, 2**64 - 1, random.getrandbits(64)):
        await load(dut, seed)
        await follow(dut, seed)


@cocotb.test()
async def a_step_asked_for_in_the_warm_up_is_not_one_more(dut):
    await prepare(dut)
    dut.step_i.value = 1
    await load(dut, 3)
    dut.step_i.value = 0
    await follow(dut, 3)


@cocotb.test()
async def a_new_seed_begins_the_warm_up_again(dut):
    await prepare(dut)
    dut.seed_i.value = 8
    dut.start_i.value = 1
    for _ in range(WARM_UP // 2):
        await FallingEdge(dut.clk_i)
        dut.start_i.value = 0
    await load(dut, 9)
    await follow(dut, 9)


@cocotb.test()
async def a_reset_ends_the_warm_up(dut):
    await prepare(dut)
    assert int(dut.warming_o.value) == 0, "nothing was started"
    for cycles in (1, WARM_UP // 2, WARM_UP - 1, 2 * WARM_UP):
        dut.seed_i.value = 10
        dut.start_i.value = 1
        await FallingEdge(dut.clk_i)
        dut.start_i.value = 0
        await ClockCycles(dut.clk_i, cycles)
        await pulse_reset(dut)
        for _ in range(WARM_UP):
            await FallingEdge(dut.clk_i)
            assert int(dut.warming_o.value) == 0, f"reset {cycles} cycles behind a start"
    await load(dut, 11)
    await follow(dut, 11)


@pytest.mark.parametrize("width", [1, 25, 64])
def test_latent_xorshift(simulator, width):
    run_cocotb(
        "latent_xorshift",
        __file__,
        simulator,
        sources=["rtl/latent/latent_xorshift.sv"],
        parameters={"Width": width},
        environment={"WIDTH": str(width)},
        min_tests=4,
    )
