# SPDX-License-Identifier: Apache-2.0
"""latent_binary equals its Python twin, element for element, at one element a cycle."""

from __future__ import annotations

import random

import cocotb
from cocotb.triggers import ClockCycles, FallingEdge
from dcgan.hw.latent_rng import MIX, WARM_UP, LatentRng

from tb.lib.build import run_cocotb
from tb.lib.latents import load
from tb.lib.scoreboard import signed
from tb.lib.stream import StreamSink, always, bursty, pulse_reset, random_third, start

LATENCY = WARM_UP + 1


async def follow(dut, seed: int, count: int) -> None:
    """An element of the twin in each of the next `count` cycles."""
    twin = LatentRng(seed, "binary")
    for _ in range(count):
        assert int(dut.out_valid_o.value) == 1
        assert dut.out_data_o.value.to_signed() == twin.element()
        await FallingEdge(dut.clk_i)


@cocotb.test()
@cocotb.parametrize(sink=[always, bursty, random_third])
async def elements_equal_the_model_whatever_the_stalls(dut, sink):
    dut.start_i.value = 0
    taken = StreamSink(dut, "out", sink)
    await start(dut)
    for seed in (0, 1, MIX, 2**64 - 1, random.getrandbits(64)):
        # A new seed withdraws what is offered; under the law of the sink only a reset may.
        await pulse_reset(dut)
        await taken.receive(taken.waiting)
        await load(dut, seed)
        twin = LatentRng(seed, "binary")
        for index, beat in enumerate(await taken.receive(1000)):
            wanted = twin.element()
            assert signed(beat, 8) == wanted, f"seed {seed} element {index}"


@cocotb.test()
async def the_first_element_takes_the_warm_up_and_every_other_one_cycle(dut):
    dut.start_i.value = 0
    dut.out_ready_i.value = 1
    await start(dut)
    await load(dut, 5)  # ends in the first cycle after start_i
    cycles = 1
    while not int(dut.out_valid_o.value):
        await FallingEdge(dut.clk_i)
        cycles += 1
    assert cycles == LATENCY
    await follow(dut, 5, 200)


@cocotb.test()
async def a_new_seed_begins_again_in_the_middle_of_a_warm_up(dut):
    dut.start_i.value = 0
    dut.out_ready_i.value = 1
    await start(dut)
    await load(dut, 5)
    await ClockCycles(dut.clk_i, WARM_UP // 2)
    await load(dut, 6)
    for _ in range(LATENCY - 1):
        assert int(dut.out_valid_o.value) == 0
        await FallingEdge(dut.clk_i)
    await follow(dut, 6, 50)


@cocotb.test()
async def nothing_is_offered_before_a_seed(dut):
    dut.start_i.value = 0
    dut.out_ready_i.value = 1
    await start(dut)
    await ClockCycles(dut.clk_i, 200)
    assert int(dut.out_valid_o.value) == 0


def test_latent_binary(simulator):
    sources = ["rtl/latent/latent_xorshift.sv", "rtl/latent/latent_binary.sv"]
    run_cocotb("latent_binary", __file__, simulator, sources=sources, min_tests=6)
