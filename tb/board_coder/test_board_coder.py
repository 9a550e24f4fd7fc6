# SPDX-License-Identifier: Apache-2.0
"""board_coder gives the bytes of the golden code for any picture, whatever the stalls."""

from __future__ import annotations

import random

import cocotb
import numpy as np
from avatar_host import codes
from cocotb.triggers import ClockCycles, with_timeout
from cocotb.utils import get_sim_time
from dcgan.hw.latent_rng import draw_latents
from dcgan.quant.golden import GoldenGenerator

from tb.board_coder.pictures import LEVEL, pictures
from tb.lib.build import run_cocotb
from tb.lib.network import under_test
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

SOURCES = [
    "rtl/dcgan/dcgan_shape_pkg.sv",
    "rtl/board/board_pkg.sv",
    "rtl/board/board_coder.sv",
]
PIXELS = codes.SAMPLES // codes.PLANES
SAMPLE_CYCLES = 7
PATIENCE = 300_000
"""Cycles; a code takes a fifth of them, whatever stalls."""


def beats(picture: np.ndarray) -> list[int]:
    """A pixel a beat."""
    return [int(r) << 16 | int(g) << 8 | int(b) for r, g, b in picture.reshape(PIXELS, 3)]


class Bench:
    def __init__(self, dut, source=always, sink=always):
        self.pixels = StreamSource(dut, "in", source)
        self.code = StreamSink(dut, "out", sink, fields=("data", "last"))

    async def check(self, picture: np.ndarray, name: str) -> bytes:
        """Send a picture; its code must be the golden one, `last` at its last byte only."""
        self.pixels.enqueue(beats(picture))
        return await self.compare(picture, name)

    async def compare(self, picture: np.ndarray, name: str) -> bytes:
        wanted = codes.encode(picture)
        got = await with_timeout(self.code.receive(len(wanted)), PATIENCE * PERIOD_NS, "ns")
        data = bytes(byte for byte, _ in got)
        for at, (mine, other) in enumerate(zip(data, wanted, strict=True)):
            assert mine == other, f"{name}: byte {at} is {mine:08b}, not {other:08b}"
        assert [last for _, last in got] == [0] * (len(got) - 1) + [1], name
        assert (codes.decode(data) == picture).all(), name
        return data


@cocotb.test()
async def every_picture_has_the_bytes_of_the_golden_code(dut):
    """And takes seven cycles a sample, one a bit, two a pixel, no more than one a byte."""
    bench = Bench(dut)
    await start(dut)
    for name, picture in pictures(random.getrandbits(32)).items():
        await ClockCycles(dut.clk_i, 2)
        began = get_sim_time("ns")
        data = await bench.check(picture, name)
        cycles = (get_sim_time("ns") - began) / PERIOD_NS
        least = 2 * PIXELS + SAMPLE_CYCLES * codes.SAMPLES + 8 * (len(data) - 1)
        assert least <= cycles <= least + len(data) + 20, f"{name}: {cycles} cycles, not {least}"
    assert not bench.code.waiting


@cocotb.test()
@cocotb.parametrize(
    (
        ("source", "sink", "name"),
        [
            (random_half, always, "noise"),
            (always, bursty, "a sample that is no level"),
            (bursty, random_third, "sixteen levels"),
        ],
    )
)
async def stalls_change_no_byte_of_avatars_that_follow_each_other(dut, source, sink, name):
    bench = Bench(dut, source, sink)
    await start(dut)
    several = [pictures(random.getrandbits(32))[name] for _ in range(2)]
    for picture in several:
        bench.pixels.enqueue(beats(picture))
    for picture in several:
        await bench.compare(picture, name)


@cocotb.test()
async def avatars_have_the_bytes_of_the_golden_code(dut):
    bench = Bench(dut)
    await start(dut)
    integers = under_test().integers
    image = GoldenGenerator(integers).rgb(draw_latents(random.getrandbits(32), 1))[0]
    picture = image.transpose(1, 2, 0)
    fine = await bench.check(picture, "avatar")
    coarse = await bench.check(picture // LEVEL * LEVEL, "avatar of sixteen levels")
    assert len(coarse) < len(fine) < codes.SAMPLES


@cocotb.test()
async def a_reset_begins_an_avatar_wherever_it_is(dut):
    bench = Bench(dut, always, random_half)
    await start(dut)
    for cycles in (1, 40, 6000):
        bench.pixels.enqueue(beats(pictures(cycles)["noise"]))
        await ClockCycles(dut.clk_i, cycles + random.randrange(cycles))
        bench.pixels.clear()
        await pulse_reset(dut)
        await bench.code.receive(bench.code.waiting)
        await bench.check(pictures(cycles)["sixteen levels"], f"after a reset in cycle {cycles}")


def test_board_coder(simulator):
    run_cocotb("board_coder", __file__, simulator, sources=SOURCES, min_tests=6)
