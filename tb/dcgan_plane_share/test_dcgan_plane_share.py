# SPDX-License-Identifier: Apache-2.0
"""dcgan_plane_share makes the accumulators of planes G and B from those of R, exactly."""

from __future__ import annotations

import cocotb
import numpy as np
from cocotb.triggers import ClockCycles

from tb.lib.build import run_cocotb
from tb.lib.feature_map import FIELDS, Layout
from tb.lib.golden import corner_latents, latents, planes_of
from tb.lib.network import exported, network, under_test
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

PLANES = 3


class Bench:
    """Plane R of each latent in, all three planes out."""

    def __init__(self, dut, source=always, sink=always):
        integers = under_test().integers
        width = integers.acc_width(1)
        self.out = Layout(integers.config.channels[1], 4, width=width, is_signed=True)
        self.source = StreamSource(dut, "in", source)
        self.sink = StreamSink(dut, "out", sink, FIELDS)

    async def compare(self, z: np.ndarray) -> None:
        planes = planes_of(z)
        for _, maps, n in planes[::PLANES]:
            self.source.enqueue(beat[0] for beat in self.out.beats(maps.acc1[n]))
        for what, maps, n in planes:
            got = self.out.map_of(await self.sink.receive(self.out.count), what)
            assert_same_map(got, maps.acc1[n], f"layer 1, {what}")


@cocotb.test()
@cocotb.parametrize(
    (("source", "sink"), [(bursty, random_third), (random_third, bursty), (always, random_half)])
)
async def three_planes_equal_golden_whatever_the_stalls(dut, source, sink):
    bench = Bench(dut, source, sink)
    await start(dut)
    await bench.compare(latents(2))
    assert bench.sink.waiting == 0


@cocotb.test()
async def corner_latents_equal_golden_at_an_accumulator_a_cycle(dut):
    bench = Bench(dut)
    await start(dut)
    begin = bench.sink.cycle
    z = corner_latents()
    await bench.compare(z)
    beats = len(z) * PLANES * bench.out.count
    assert bench.sink.cycle - begin <= beats + 6, "a bubble between planes"


@cocotb.test()
async def a_reset_within_any_plane_starts_again_with_red(dut):
    bench = Bench(dut)
    await start(dut)
    for plane in range(PLANES):
        _, maps, n = planes_of(latents(1))[0]
        bench.source.enqueue(beat[0] for beat in bench.out.beats(maps.acc1[n]))
        await bench.sink.receive(plane * bench.out.count + 19)
        bench.source.clear()
        await pulse_reset(dut)
        await ClockCycles(dut.clk_i, 2)
        await bench.sink.receive(bench.sink.waiting)
        await bench.compare(latents(1))


def test_dcgan_plane_share(simulator):
    integers = network("tiny").integers
    run_cocotb(
        "dcgan_plane_share",
        __file__,
        simulator,
        parameters={
            "Channels": integers.config.channels[1],
            "AccWidth": integers.acc_width(1),
            "OffsetFile": str(exported("tiny").rom_dir / "offset.hex"),
        },
        min_tests=5,
    )
