# SPDX-License-Identifier: Apache-2.0
"""dcgan_layer makes the golden map of layers 2, 3 (activations) and 4 (tanh indices)."""

from __future__ import annotations

import os
import random

import cocotb
import numpy as np
import pytest
from cocotb.triggers import ClockCycles
from cocotb.utils import get_sim_time
from dcgan.core.shapes import SIDES
from dcgan.hw.rom_words import start_values
from dcgan.hw.widths import TANH_INDEX_BITS, acc_width
from dcgan.quant.golden import PlaneMaps

from tb.lib.biases import load_biases
from tb.lib.build import run_cocotb
from tb.lib.feature_map import FIELDS, Layout
from tb.lib.golden import corner_latents, latents, planes_of
from tb.lib.network import exported, under_test
from tb.lib.scoreboard import assert_same_map
from tb.lib.stream import (
    PERIOD_NS,
    StreamSink,
    StreamSource,
    always,
    bursty,
    pulse_reset,
    random_half,
    random_third,
    start,
)

LAYER_VARIABLE = "DCGAN_LAYER"


def layout(layer: int) -> Layout:
    """How the map of `layer` travels."""
    chosen = under_test()
    fold, integers = chosen.folding.layer(layer), chosen.integers
    width = TANH_INDEX_BITS if layer == 4 else 8
    channels = integers.config.channels[layer]
    return Layout(channels, SIDES[layer], fold.phase_rows, fold.phase_cols, width, beat=fold.beat)


class Bench:
    """A layer, the maps of the layer before as input, its own map as expectation."""

    def __init__(self, dut, source=always, sink=always):
        self.dut, self.layer = dut, int(os.environ[LAYER_VARIABLE])
        dut.shift_i.value = under_test().integers.shifts[self.layer - 1]
        self.into, self.out = layout(self.layer - 1), layout(self.layer)
        self.source = StreamSource(dut, "in", source, FIELDS)
        self.sink = StreamSink(dut, "out", sink, FIELDS)

    async def start(self) -> None:
        """Reset, then the biases, as the parameter memory has them; nobody loads anything."""
        self.dut.load_valid_i.value = 0
        self.dut.load_i.value = random.getrandbits(len(self.dut.load_i))
        await start(self.dut)
        await load_biases(self.dut, start_values(under_test().integers, self.layer))

    def maps(self, maps: PlaneMaps, n: int) -> tuple[np.ndarray, np.ndarray]:
        """(input, expected output) as [C, H, W]."""
        given = getattr(maps, f"act{self.layer - 1}")[n]
        return given, maps.index4[n][None] if self.layer == 4 else getattr(
            maps, f"act{self.layer}"
        )[n]

    async def compare(self, planes: list[tuple[str, PlaneMaps, int]]) -> None:
        """Send these planes back to back; every value of their maps must be the golden one."""
        for _, maps, n in planes:
            self.source.enqueue(self.into.beats(self.maps(maps, n)[0]))
        for name, maps, n in planes:
            what = f"layer {self.layer}, {name}"
            got = self.out.map_of(await self.sink.receive(self.out.count), what)
            assert_same_map(got, self.maps(maps, n)[1], what)


@cocotb.test()
@cocotb.parametrize(
    (("source", "sink"), [(bursty, random_third), (random_third, bursty), (random_half, always)])
)
async def map_equals_golden_whatever_the_stalls(dut, source, sink):
    bench = Bench(dut, source, sink)
    await bench.start()
    await bench.compare(planes_of(latents(1))[1:2])


@cocotb.test()
async def three_planes_back_to_back_equal_golden(dut):
    bench = Bench(dut)
    await bench.start()
    await bench.compare(planes_of(latents(1)))


@cocotb.test()
async def maps_of_corner_latents_equal_golden(dut):
    bench = Bench(dut)
    await bench.start()
    await bench.compare(planes_of(corner_latents())[::4])


@cocotb.test()
async def a_reset_within_a_map_forgets_it(dut):
    bench = Bench(dut)
    planes = planes_of(latents(1))
    await bench.start()
    bench.source.enqueue(bench.into.beats(bench.maps(*planes[2][1:])[0]))
    await bench.sink.receive(bench.out.count // 2)
    bench.source.clear()
    await pulse_reset(dut)
    await ClockCycles(dut.clk_i, 2)
    await bench.sink.receive(bench.sink.waiting)
    await bench.compare(planes[:1])


@cocotb.test()
async def a_layer_whose_sums_are_all_negative_is_dead(dut):
    bench = Bench(dut)
    await bench.start()
    chosen = under_test()
    width = acc_width(chosen.integers.config, chosen.folding, bench.layer)
    biases = start_values(chosen.integers, bench.layer)
    await load_biases(dut, np.full_like(biases, -(1 << width - 2)))
    given = bench.maps(*planes_of(latents(1))[0][1:])[0]
    for name, act in (("values", given), ("zeros", np.zeros_like(given))):
        bench.source.enqueue(bench.into.beats(act))
        got = bench.out.map_of(await bench.sink.receive(bench.out.count), name)
        assert_same_map(got, np.zeros_like(got), f"layer {bench.layer}, {name} come")


@cocotb.test()
async def a_map_of_zeros_takes_fewer_cycles_than_a_full_one(dut):
    bench = Bench(dut)
    await bench.start()
    given = bench.maps(*planes_of(latents(1))[0][1:])[0]
    cycles = {}
    for value in (1, 0):
        began = get_sim_time("ns")
        bench.source.enqueue(bench.into.beats(np.full_like(given, value)))
        await bench.sink.receive(bench.out.count)
        cycles[value] = (get_sim_time("ns") - began) / PERIOD_NS
    assert cycles[0] < 0.8 * cycles[1], f"{cycles[0]} and {cycles[1]} cycles"


@pytest.mark.parametrize("layer", [2, 3, 4])
def test_dcgan_layer(simulator, layer):
    roms = exported("tiny").rom_dir
    run_cocotb(
        "dcgan_layer",
        __file__,
        simulator,
        parameters={
            "Layer": layer,
            "WeightFile": str(roms / f"layer{layer}.hex"),
        },
        environment={LAYER_VARIABLE: str(layer)},
        min_tests=8,
    )
