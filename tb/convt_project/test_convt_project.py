# SPDX-License-Identifier: Apache-2.0
"""convt_project computes the golden accumulators of the first layer, vector after vector."""

from __future__ import annotations

import os

import cocotb
import numpy as np
import pytest
from cocotb.triggers import RisingEdge
from dcgan.core.latents import LATENT
from dcgan.hw.folding import PACKINGS, LayerFolding

from tb.lib.build import run_cocotb
from tb.lib.feature_map import FIELDS, Layout
from tb.lib.golden import corner_latents, golden, latents
from tb.lib.network import network, under_test, variant
from tb.lib.scoreboard import assert_same_map
from tb.lib.stream import StreamSink, StreamSource, always, bursty, random_half, random_third, start

PIXELS = 16
FOLDINGS = {"four_channels": (4, "ecp5"), "all_channels": (16, "dsp48"), "two_plain": (2, "none")}
COUTS_VARIABLE = "CONVT_COUTS"


class Bench:
    """The device, its vectors and the golden projection of them."""

    def __init__(self, dut, source=always, sink=always):
        integers = under_test().integers
        channels = integers.config.channels[1]
        self.out = Layout(channels, 4, width=integers.acc_width(1), is_signed=True)
        self.source = StreamSource(dut, "in", source)
        self.sink = StreamSink(dut, "out", sink, FIELDS)

    def enqueue(self, vectors: np.ndarray) -> None:
        for vector in vectors:
            self.source.enqueue((int(e), k == LATENT - 1) for k, e in enumerate(vector))

    async def compare(self, vectors: np.ndarray) -> None:
        """Send vectors [N, 100] back to back; every accumulator must be the golden one."""
        self.enqueue(vectors)
        for number, expected in enumerate(golden().project(vectors)):
            what = f"layer 1, vector {number}"
            got = self.out.map_of(await self.sink.receive(self.out.count), what)
            assert_same_map(got, expected, what)


def passes(z: np.ndarray) -> np.ndarray:
    """[N, 100] -> [3 N, 100]: z, z + v1, z + v2 of each latent."""
    moved = z[:, None].astype(np.int64) + under_test().integers.plane_offsets()
    return moved.reshape(-1, LATENT)


@cocotb.test()
@cocotb.parametrize((("source", "sink"), [(bursty, random_third), (random_half, bursty)]))
async def accumulators_equal_golden_whatever_the_stalls(dut, source, sink):
    bench = Bench(dut, source, sink)
    await start(dut)
    await bench.compare(passes(latents(1))[:2])


@cocotb.test()
async def corner_latents_of_every_pass_equal_golden(dut):
    bench = Bench(dut)
    await start(dut)
    await bench.compare(passes(corner_latents())[::2])


@cocotb.test()
async def the_lanes_never_rest_between_vectors_at_full_speed(dut):
    bench = Bench(dut)
    folds = bench.out.channels // int(os.environ[COUTS_VARIABLE])
    await start(dut)
    vectors = passes(latents(1))
    bench.enqueue(vectors)
    while dut.active_o.value != 1:
        await RisingEdge(dut.clk_i)
    for cycle in range(len(vectors) * PIXELS * folds * LATENT - 1):
        assert dut.active_o.value == 1, f"the lanes rest in cycle {cycle}"
        await RisingEdge(dut.clk_i)
    await RisingEdge(dut.clk_i)
    assert dut.active_o.value == 0, "the lanes work longer than 16 x folds x 100 cycles a vector"


@pytest.mark.parametrize("name", FOLDINGS)
def test_convt_project(simulator, name):
    tiny = network("tiny")
    couts, packing = FOLDINGS[name]
    chosen = variant("tiny", layers=(LayerFolding(couts), *tiny.folding.layers[1:]))
    run_cocotb(
        "convt_project",
        __file__,
        simulator,
        network=chosen,
        parameters={
            "Length": LATENT,
            "OutChannels": tiny.integers.config.channels[1],
            "Couts": couts,
            "WeightWidth": tiny.integers.weight_bits[0],
            "AccWidth": tiny.integers.acc_width(1),
            "Packing": PACKINGS.index(packing),
            "WeightFile": chosen.rom("layer1.hex"),
            "BiasFile": chosen.rom("layer1_bias.hex"),
        },
        environment={COUTS_VARIABLE: str(couts)},
        min_tests=4,
    )
