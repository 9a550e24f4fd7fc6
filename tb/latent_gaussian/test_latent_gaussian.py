# SPDX-License-Identifier: Apache-2.0
"""latent_gaussian equals its Python twin, element for element, at one element per 22 cycles."""

from __future__ import annotations

import random

import cocotb
from cocotb.triggers import ClockCycles, RisingEdge
from dcgan.hw.latent_rng import MIX, WARM_UP, LatentRng, package_text, thresholds, uniform

from tb.lib.build import run_cocotb
from tb.lib.instrument import source
from tb.lib.latents import load
from tb.lib.scoreboard import signed
from tb.lib.stream import StreamSink, always, bursty, pulse_reset, random_third, start
from tb.lib.tools import ROOT

CYCLES_PER_ELEMENT = 22
THRESHOLD_SEEDS = (10889, 18132, 19017, 20552)


@cocotb.test()
@cocotb.parametrize(sink=[always, bursty, random_third])
async def elements_equal_the_model_whatever_the_stalls(dut, sink):
    dut.start_i.value = 0
    taken = StreamSink(dut, "out", sink)
    await start(dut)
    for seed in (0, 1, MIX, 2**64 - 1, random.getrandbits(64)):
        await load(dut, seed)
        await taken.receive(taken.waiting)
        twin = LatentRng(seed)
        for index, beat in enumerate(await taken.receive(120)):
            wanted = twin.element()
            assert signed(beat, 8) == wanted, f"seed {seed} element {index}"


@cocotb.test()
async def a_number_that_is_a_threshold_belongs_above_it(dut):
    """Seven in a million are; these seeds have one among their first sixteen elements."""
    dut.start_i.value = 0
    taken = StreamSink(dut, "out")
    await start(dut)
    for seed in THRESHOLD_SEEDS:
        await load(dut, seed)
        await taken.receive(taken.waiting)
        twin, met = LatentRng(seed), 0
        for beat in await taken.receive(16):
            met += uniform(twin.state) in thresholds()
            assert signed(beat, 8) == twin.element(), f"seed {seed}"
        assert met == 1


@cocotb.test()
async def an_element_takes_twenty_two_cycles(dut):
    dut.start_i.value = 0
    dut.out_ready_i.value = 1
    await start(dut)
    await load(dut, 5)
    while not int(dut.out_valid_o.value):
        await RisingEdge(dut.clk_i)
    elements = 0
    for _ in range(20 * CYCLES_PER_ELEMENT):
        await RisingEdge(dut.clk_i)
        elements += int(dut.out_valid_o.value)
    assert elements == 20


@cocotb.test()
async def nothing_is_offered_between_a_reset_and_a_seed(dut):
    dut.start_i.value = 0
    dut.out_ready_i.value = 1
    await start(dut)
    for cycles in (0, 1, 40, WARM_UP, *range(WARM_UP, WARM_UP + CYCLES_PER_ELEMENT + 4)):
        for _ in range(2 * CYCLES_PER_ELEMENT):
            await RisingEdge(dut.clk_i)
            assert int(dut.out_valid_o.value) == 0
        await load(dut, random.getrandbits(64))
        await ClockCycles(dut.clk_i, cycles)
        await pulse_reset(dut)
        await RisingEdge(dut.clk_i)


def test_the_table_of_thresholds_is_that_of_the_model():
    table = ROOT / "rtl" / "latent" / "latent_cdf_pkg.sv"
    assert source(table).read_text() == package_text(), "run scripts/latent_table.py"


def test_latent_gaussian(simulator):
    names = ("latent_cdf_pkg", "latent_xorshift", "latent_gaussian")
    sources = [f"rtl/latent/{name}.sv" for name in names]
    run_cocotb("latent_gaussian", __file__, simulator, sources=sources, min_tests=6)
