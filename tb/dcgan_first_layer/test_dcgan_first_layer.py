# SPDX-License-Identifier: Apache-2.0
"""dcgan_first_layer makes the golden act1 of planes R, G, B, from latents of both kinds."""

from __future__ import annotations

import os

import cocotb
import numpy as np
import pytest
from dcgan.quant.golden import GoldenGenerator

from tb.lib.build import run_cocotb
from tb.lib.feature_map import FIELDS, Layout
from tb.lib.golden import corner_latents, latents, planes_of
from tb.lib.network import changed, network, under_test
from tb.lib.passes import vectors, with_latents
from tb.lib.scoreboard import assert_same_map
from tb.lib.stream import StreamSink, StreamSource, always, bursty, random_half, random_third, start

KIND_VARIABLE = "LATENT_KIND"


class Bench:
    """Latents in; three maps of activations out."""

    def __init__(self, dut, source=always, sink=always):
        fold = under_test().folding.layer(1)
        self.integers = with_latents(under_test().integers, os.environ[KIND_VARIABLE])
        self.golden = GoldenGenerator(self.integers)
        dut.binary_i.value, dut.shift_i.value = int(self.integers.binary), self.integers.shifts[0]
        self.out = Layout(under_test().integers.config.channels[1], 4, beat=fold.beat)
        self.source = StreamSource(dut, "vector", source, ("data",))
        self.sink = StreamSink(dut, "out", sink, FIELDS)

    async def compare(self, z: np.ndarray) -> None:
        self.source.enqueue((word,) for word in vectors(z))
        for what, maps, n in planes_of(z, self.golden):
            got = self.out.map_of(await self.sink.receive(self.out.count), what)
            assert_same_map(got, maps.act1[n], f"layer 1, {what}")
        assert self.sink.waiting == 0


@cocotb.test()
@cocotb.parametrize(
    (("source", "sink"), [(always, always), (bursty, random_third), (random_third, bursty)])
)
async def activations_equal_golden_whatever_the_stalls(dut, source, sink):
    bench = Bench(dut, source, sink)
    dut.load_valid_i.value = 0
    await start(dut)
    await bench.compare(latents(1))


@cocotb.test()
async def corner_latents_equal_golden(dut):
    bench = Bench(dut, sink=random_half)
    dut.load_valid_i.value = 0
    await start(dut)
    await bench.compare(corner_latents())


@pytest.mark.parametrize("kind", ["normal", "binary"])
def test_dcgan_first_layer(simulator, kind):
    tiny = network("tiny")
    chosen = changed(tiny, with_latents(tiny.integers, kind), tiny.folding)
    run_cocotb(
        "dcgan_first_layer",
        __file__,
        simulator,
        network=chosen,
        parameters={"WeightFile": chosen.rom("layer1.hex"), "OffsetFile": chosen.rom("offset.hex")},
        environment={KIND_VARIABLE: kind},
        min_tests=4,
    )
