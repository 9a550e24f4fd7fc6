# SPDX-License-Identifier: Apache-2.0
"""dcgan_raster sends the golden pixels in reading order, planes R, G, B."""

from __future__ import annotations

import os
import random

import cocotb
import numpy as np
import pytest
from cocotb.triggers import ClockCycles, FallingEdge
from dcgan.core.shapes import SIDES
from dcgan.hw.block_ram import SLICE_BITS

from tb.lib.build import run_cocotb
from tb.lib.feature_map import Layout
from tb.lib.golden import latents, planes_of
from tb.lib.network import exported, under_test
from tb.lib.scoreboard import assert_same_map
from tb.lib.stream import (
    StreamSink,
    StreamSource,
    always,
    bursty,
    pulse_reset,
    random_third,
    start,
)

SIDE = SIDES[4]
PIXELS = SIDE * SIDE
LONGEST_US = 200  # without a pixel, whatever the stalls
PHASES_VARIABLE = "RASTER_PHASES"


class Bench:
    """Index maps in, pixels out; planes are counted from the reset on."""

    def __init__(self, dut, source=always, sink=always):
        rows, cols = (int(n) for n in os.environ[PHASES_VARIABLE].split("x"))
        width = under_test().integers.tanh_index_bits
        self.into = Layout(1, SIDE, rows, cols, width)
        self.dut = dut
        self.source = StreamSource(dut, "in", source, ("data", "row", "col"))
        self.sink = StreamSink(dut, "pixel", sink)
        self.plane = 0

    async def start(self) -> None:
        """Reset; what is on the load bus means nothing without its valid."""
        self.dut.load_valid_i.value = 0
        self.dut.load_i.value = random.getrandbits(len(self.dut.load_i))
        await start(self.dut)

    async def load(self, table: np.ndarray) -> None:
        """Write a table into the memory, an entry a cycle."""
        for address, value in enumerate(table.tolist()):
            await FallingEdge(self.dut.clk_i)
            self.dut.load_valid_i.value = 1
            self.dut.load_i.value = address << SLICE_BITS | value
        await FallingEdge(self.dut.clk_i)
        self.dut.load_valid_i.value = 0
        await ClockCycles(self.dut.clk_i, 4)

    async def compare(self, maps: list[tuple[str, np.ndarray, np.ndarray]]) -> None:
        """Send (name, index [H, W], pixels [H, W]) back to back."""
        for _, index, _ in maps:
            self.source.enqueue(beat[:3] for beat in self.into.beats(index[None]))
        for name, _, pixels in maps:
            beats = await self.sink.receive(PIXELS, LONGEST_US)
            for n, beat in enumerate(beats):
                got = (beat.user, beat.last)
                expected = (self.plane, int(n == PIXELS - 1))
                assert got == expected, f"{name}, pixel {n}: (user, last) {expected}, got {got}"
            values = np.array([beat.data for beat in beats]).reshape(SIDE, SIDE)
            assert_same_map(values, pixels, name, ("y", "x"))
            self.plane = (self.plane + 1) % 3


@cocotb.test()
@cocotb.parametrize(
    (("source", "sink"), [(bursty, random_third), (random_third, bursty), (always, always)])
)
async def pixels_equal_golden_whatever_the_stalls(dut, source, sink):
    bench = Bench(dut, source, sink)
    await bench.start()
    stray = np.array(random.choices(range(2**bench.into.width), k=PIXELS)).reshape(1, SIDE, SIDE)
    bench.source.enqueue(beat[:3] for beat in bench.into.beats(stray))
    await ClockCycles(dut.clk_i, random.randint(100, 1000))
    await pulse_reset(dut)  # nothing is left of the plane that was under way
    bench.source.clear()
    await bench.sink.receive(bench.sink.waiting)
    await bench.compare([(what, m.index4[n], m.pixels[n]) for what, m, n in planes_of(latents(1))])


@cocotb.test()
async def every_entry_of_the_table_is_shown(dut):
    bench, table = Bench(dut), under_test().integers.tanh_table
    await bench.start()
    entries = np.arange(len(table)).reshape(-1, SIDE, SIDE)
    maps = [(f"entries from {index[0, 0]}", index, table[index]) for index in entries]
    await bench.compare(maps + maps)  # more than three planes: the plane number wraps


@cocotb.test()
async def a_table_that_was_loaded_is_shown(dut):
    bench, table = Bench(dut), under_test().integers.tanh_table
    await bench.start()
    index = np.arange(len(table)).reshape(-1, SIDE, SIDE)
    for name, shown in (("upside down", table[::-1]), ("as before", table)):
        await bench.load(shown)
        await bench.compare([(name, part, shown[part]) for part in index])


@pytest.mark.parametrize("phases", ["2x2", "1x2"])
def test_dcgan_raster(simulator, phases):
    rows, cols = phases.split("x")
    run_cocotb(
        "dcgan_raster",
        __file__,
        simulator,
        parameters={
            "ProdRows": int(rows),
            "ProdCols": int(cols),
            "TanhFile": str(exported("tiny").rom_dir / "tanh.hex"),
        },
        environment={PHASES_VARIABLE: phases},
        min_tests=5,
    )
