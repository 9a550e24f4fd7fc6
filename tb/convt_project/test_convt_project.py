# SPDX-License-Identifier: Apache-2.0
"""convt_project sums up the golden accumulators of the first layer, three planes of each latent."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace

import cocotb
import numpy as np
import pytest
from cocotb.triggers import ClockCycles, RisingEdge, with_timeout
from dcgan.core.latents import LATENT
from dcgan.hw.folding import LayerFolding
from dcgan.hw.widths import BINARY_UNIT, LATENT_WIDTH, acc_width, rounding
from dcgan.quant.golden import GoldenGenerator

from tb.lib.build import run_cocotb
from tb.lib.feature_map import FIELDS, Layout
from tb.lib.golden import corner_latents, latents, planes_of
from tb.lib.network import changed, network, under_test
from tb.lib.passes import vectors, with_latents
from tb.lib.scoreboard import assert_same_map
from tb.lib.stream import (
    StreamSink,
    StreamSource,
    always,
    bursty,
    pulse_reset,
    random_half,
    random_third,
    start,
)

PIXELS, PLANES = 16, 3
LONGEST_US = 100  # without a beat, whatever the stalls


@dataclass(frozen=True)
class Case:
    """The kind of the latents and how much of them is summed in one cycle."""

    kind: str
    couts: int
    elements: int
    digits: int


CASES = {
    "signs_at_once": Case("binary", 2, 100, 1),
    "signs_in_seven_steps": Case("binary", 4, 16, 1),
    "signs_in_the_way_of_nibbles": Case("binary", 2, 50, 4),
    "bytes_at_once": Case("normal", 1, 100, 8),
    "bytes_bit_by_bit": Case("normal", 2, 50, 1),
    "nibbles_in_four_steps": Case("normal", 2, 25, 4),
}
CASE_VARIABLE = "PROJECT_CASE"


def case_fold(case: Case) -> LayerFolding:
    """Parallelism of layer 1."""
    return LayerFolding(case.couts, elements=case.elements, digits=case.digits)


class Bench:
    """Latents in, the accumulators of planes R, G, B of each out."""

    def __init__(self, dut, source=always, sink=always):
        case = CASES[os.environ[CASE_VARIABLE]]
        self.integers = integers = with_latents(under_test().integers, case.kind)
        self.golden, fold = GoldenGenerator(integers), case_fold(case)
        width, channels = len(dut.out_data_o) // fold.beat, integers.config.channels[1]
        dut.binary_i.value = int(integers.binary)
        self.out = Layout(channels, 4, width=width, is_signed=True, beat=fold.beat)
        self.cycles = PLANES * PIXELS * channels // fold.couts * fold.beats(integers.latent_bits)
        self.source = StreamSource(dut, "vector", source, ("data",))
        self.sink = StreamSink(dut, "out", sink, FIELDS)

    def enqueue(self, z: np.ndarray) -> None:
        self.source.enqueue((word,) for word in vectors(z))

    async def compare(self, z: np.ndarray) -> None:
        """Send latents [N, 100] back to back; every accumulator must be the golden one."""
        self.enqueue(z)
        for what, maps, n in planes_of(z, self.golden):
            got = self.out.map_of(await self.sink.receive(self.out.count, LONGEST_US), what)
            expected = maps.acc1[n] + rounding(self.integers, 1)  # the half is in the offsets
            assert_same_map(got, expected, f"layer 1, {what}")


@cocotb.test()
@cocotb.parametrize(
    (("source", "sink"), [(bursty, random_third), (random_half, bursty), (always, random_half)])
)
async def accumulators_equal_golden_whatever_the_stalls(dut, source, sink):
    bench = Bench(dut, source, sink)
    dut.load_valid_i.value = 0
    await start(dut)
    await bench.compare(latents(2))
    assert bench.sink.waiting == 0


@cocotb.test()
async def corner_latents_equal_golden(dut):
    bench = Bench(dut)
    dut.load_valid_i.value = 0
    await start(dut)
    await bench.compare(corner_latents())


@cocotb.test()
async def a_row_of_weights_is_summed_in_every_cycle_at_full_speed(dut):
    bench = Bench(dut)
    dut.load_valid_i.value = 0
    await start(dut)
    bench.enqueue(latents(2))
    for number in range(2):
        if dut.active_o.value != 1:
            await with_timeout(RisingEdge(dut.active_o), LONGEST_US, "us")
            await RisingEdge(dut.clk_i)
        for cycle in range(bench.cycles):
            assert dut.active_o.value == 1, f"latent {number}: nothing is summed in cycle {cycle}"
            await RisingEdge(dut.clk_i)
        assert dut.active_o.value == 0, f"a latent takes more than {bench.cycles} cycles"
        await RisingEdge(dut.clk_i)
        assert dut.active_o.value == 1 - number, "one cycle between vectors"


@cocotb.test()
async def a_reset_within_any_plane_starts_again_with_red(dut):
    bench = Bench(dut)
    dut.load_valid_i.value = 0
    await start(dut)
    for plane in range(PLANES):
        bench.enqueue(latents(1))
        await bench.sink.receive(plane * bench.out.count + 19, LONGEST_US)
        bench.source.clear()
        await pulse_reset(dut)
        await ClockCycles(dut.clk_i, 2)
        await bench.sink.receive(bench.sink.waiting)
        await bench.compare(latents(1))


@pytest.mark.parametrize("name", CASES)
def test_convt_project(simulator, name):
    tiny, case = network("tiny"), CASES[name]
    integers, fold = with_latents(tiny.integers, case.kind), case_fold(case)
    layers = (fold, *tiny.folding.layers[1:3], replace(tiny.folding.layer(4), reads=1))
    chosen = changed(tiny, integers, replace(tiny.folding, layers=layers))
    run_cocotb(
        "convt_project",
        __file__,
        simulator,
        network=chosen,
        parameters={
            "Length": LATENT,
            "OutChannels": integers.config.channels[1],
            "Couts": case.couts,
            "Elements": case.elements,
            "Bits": LATENT_WIDTH,
            "Digit": case.digits,
            "BinaryUnit": BINARY_UNIT,
            "Beat": fold.beat,
            "WeightWidth": fold.weight_bits,
            "AccWidth": acc_width(integers.config, chosen.folding, 1),
            "WeightFile": chosen.rom("layer1.hex"),
            "OffsetFile": chosen.rom("offset.hex"),
        },
        environment={CASE_VARIABLE: name},
        min_tests=6,
    )
