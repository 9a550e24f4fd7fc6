# SPDX-License-Identifier: Apache-2.0
"""dcgan_first_layer makes the golden act1 of planes R, G, B, shared or each multiplied."""

from __future__ import annotations

import os

import cocotb
import numpy as np
import pytest
from dcgan.core.latents import LATENT

from tb.lib.build import run_cocotb
from tb.lib.feature_map import FIELDS, Layout
from tb.lib.golden import corner_latents, latents, planes_of
from tb.lib.network import under_test, variant
from tb.lib.scoreboard import assert_same_map
from tb.lib.stream import StreamSink, StreamSource, always, bursty, random_half, random_third, start

SHARE_VARIABLE = "SHARE_PLANES"


class Bench:
    """z alone, or z, z + v1, z + v2 in; three maps of activations out."""

    def __init__(self, dut, source=always, sink=always):
        self.shared = os.environ[SHARE_VARIABLE] == "1"
        self.out = Layout(under_test().integers.config.channels[1], 4)
        self.source = StreamSource(dut, "in", source)
        self.sink = StreamSink(dut, "out", sink, FIELDS)

    async def compare(self, z: np.ndarray) -> None:
        offsets = under_test().integers.plane_offsets()[: 1 if self.shared else 3]
        vectors = (z[:, None].astype(np.int64) + offsets).reshape(-1, LATENT)
        for vector in vectors:
            self.source.enqueue((int(e), k == LATENT - 1) for k, e in enumerate(vector))
        for what, maps, n in planes_of(z):
            got = self.out.map_of(await self.sink.receive(self.out.count), what)
            assert_same_map(got, maps.act1[n], f"layer 1, {what}")
        assert self.sink.waiting == 0


@cocotb.test()
@cocotb.parametrize(
    (("source", "sink"), [(always, always), (bursty, random_third), (random_third, bursty)])
)
async def activations_equal_golden_whatever_the_stalls(dut, source, sink):
    bench = Bench(dut, source, sink)
    await start(dut)
    await bench.compare(latents(1))


@cocotb.test()
async def corner_latents_equal_golden(dut):
    bench = Bench(dut, sink=random_half)
    await start(dut)
    await bench.compare(corner_latents()[:3:2] if not bench.shared else corner_latents())


@pytest.mark.parametrize("share", [1, 0])
def test_dcgan_first_layer(simulator, share):
    chosen = variant("tiny", share_planes=bool(share))
    run_cocotb(
        "dcgan_first_layer",
        __file__,
        simulator,
        network=chosen,
        parameters={
            "WeightFile": chosen.rom("layer1.hex"),
            "BiasFile": chosen.rom("layer1_bias.hex"),
            "OffsetFile": chosen.rom("offset.hex"),
        },
        environment={SHARE_VARIABLE: str(share)},
        min_tests=4,
    )
