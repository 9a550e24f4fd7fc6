# SPDX-License-Identifier: Apache-2.0
"""dcgan_rgb_assembler joins planes R, G, B to video pixels {R, B, G} with their framing."""

from __future__ import annotations

import random

import cocotb
import numpy as np
from cocotb.triggers import ClockCycles

from tb.lib.build import run_cocotb
from tb.lib.golden import golden, latents
from tb.lib.scoreboard import assert_same_beats
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

SIDE = 32


def planes_as_beats(rgb: np.ndarray) -> list[tuple[int, int]]:
    """[3, H, W] -> (pixel, plane) of R, then G, then B."""
    return [(int(p), plane) for plane in range(3) for p in rgb[plane].flat]


def video(rgb: np.ndarray) -> list[tuple[int, int, int]]:
    """[3, H, W] -> (data, start of frame, end of line) in the order of AXI4-Stream Video."""
    red, green, blue = rgb.astype(int).reshape(3, -1)
    data = red << 16 | blue << 8 | green
    return [(int(d), int(n == 0), int(n % SIDE == SIDE - 1)) for n, d in enumerate(data)]


def where(beat: int) -> str:
    frame, pixel = divmod(beat, SIDE * SIDE)
    return f"frame {frame}, y={pixel // SIDE} x={pixel % SIDE} (data, user, last)"


async def check(source: StreamSource, sink: StreamSink, frames: np.ndarray) -> None:
    for rgb in frames:
        source.enqueue(planes_as_beats(rgb))
    expected = [beat for rgb in frames for beat in video(rgb)]
    assert_same_beats(await sink.receive(len(expected)), expected, where)


def random_frames(count: int) -> np.ndarray:
    return np.frombuffer(random.randbytes(count * 3 * SIDE * SIDE), np.uint8).reshape(
        count, 3, SIDE, SIDE
    )


@cocotb.test()
@cocotb.parametrize(
    (
        ("giver", "taker"),
        [
            (always, always),
            (bursty, random_third),
            (random_third, bursty),
            (always, random_half),
        ],
    )
)
async def frames_are_assembled_whatever_the_stalls(dut, giver, taker):
    source, sink = StreamSource(dut, "in", giver), StreamSink(dut, "out", taker)
    await start(dut)
    await check(source, sink, random_frames(2))


@cocotb.test()
async def an_avatar_looks_like_the_golden_one(dut):
    source, sink = StreamSource(dut, "in"), StreamSink(dut, "out")
    await start(dut)
    begin = sink.cycle
    await check(source, sink, golden().rgb(latents(1)))
    assert sink.cycle - begin <= 3 * SIDE * SIDE + 6, "slower than a pixel a cycle"


@cocotb.test()
async def a_reset_within_any_plane_starts_a_new_frame(dut):
    source, sink = StreamSource(dut, "in"), StreamSink(dut, "out")
    await start(dut)
    for beats in (700, 1500, 2500):
        await source.send(planes_as_beats(random_frames(1)[0])[:beats])
        await pulse_reset(dut)
        await ClockCycles(dut.clk_i, 2)
        await sink.receive(sink.waiting)
        await check(source, sink, random_frames(1))


def test_dcgan_rgb_assembler(simulator):
    parameters = {"Side": SIDE}
    run_cocotb("dcgan_rgb_assembler", __file__, simulator, parameters=parameters, min_tests=6)
