# SPDX-License-Identifier: Apache-2.0
"""Third-party AXI4-Stream drivers talk to dcgan_axis: latents in, colour video frames out."""

from __future__ import annotations

import logging
import os
import random
from collections.abc import Iterator

import cocotb
import numpy as np
from cocotb.triggers import ClockCycles, RisingEdge, with_timeout
from cocotbext.axi import AxiStreamBus, AxiStreamFrame, AxiStreamSink, AxiStreamSource

from tb.lib.build import run_cocotb
from tb.lib.golden import assert_same_pixels, latents
from tb.lib.network import exported
from tb.lib.scoreboard import assert_same_beats
from tb.lib.stream import pulse_reset, start

SIDE = 32
LINE_TIMEOUT_US = 2000
AVATARS = {"icarus": 1, "verilator": 3}
AVATARS_VARIABLE = "TEST_AVATARS"


def avatars() -> int:
    """How many avatars a test draws on this simulator."""
    return int(os.environ[AVATARS_VARIABLE])


def pauses(chance: float) -> Iterator[bool]:
    """Whether to pause, cycle by cycle: in `chance` of all cycles, in runs."""
    while True:
        run = random.randint(1, 8)
        yield from [random.random() < chance] * run


class Bench:
    """The drivers of both sides; a video line is a frame of theirs."""

    def __init__(self, dut, source_pauses: float = 0, sink_pauses: float = 0):
        self.dut = dut
        clocking = {"clock": dut.aclk, "reset": dut.aresetn, "reset_active_level": False}
        one_pixel = {"byte_lanes": 1}  # without it a beat counts as three bytes
        self.source = AxiStreamSource(AxiStreamBus.from_prefix(dut, "s_axis"), **clocking)
        self.sink = AxiStreamSink(AxiStreamBus.from_prefix(dut, "m_axis"), **clocking, **one_pixel)
        for side, chance in ((self.source, source_pauses), (self.sink, sink_pauses)):
            side.log.setLevel(logging.WARNING)
            if chance:
                side.set_pause_generator(pauses(chance))

    async def reset(self) -> None:
        await pulse_reset(self.dut, "aclk", "aresetn")
        await ClockCycles(self.dut.aclk, 2)
        self.source.clear()
        self.sink.clear()

    async def send(self, elements: np.ndarray) -> None:
        await self.source.send(AxiStreamFrame(elements.astype(np.uint8).tobytes()))

    async def frame(self) -> np.ndarray:
        """The next frame as [3, H, W]; its start and the length of its lines are checked."""
        lines = []
        for y in range(SIDE):
            line = await with_timeout(self.sink.recv(compact=False), LINE_TIMEOUT_US, "us")
            assert len(line.tdata) == SIDE, f"y={y}: a line of {len(line.tdata)} pixels"
            starts = [int(y == 0 and x == 0) for x in range(SIDE)]
            assert_same_beats(list(line.tuser), starts, lambda x, y=y: f"tuser, y={y} x={x}")
            lines.append([int(pixel) for pixel in line.tdata])
        red_blue_green = np.array(lines)[None] >> np.array([16, 8, 0])[:, None, None] & 0xFF
        return red_blue_green[[0, 2, 1]]

    async def compare(self, z: np.ndarray) -> None:
        for vector in z:
            await self.send(vector)
        assert_same_pixels(np.stack([await self.frame() for _ in z]), z)
        await ClockCycles(self.dut.aclk, SIDE)
        assert self.sink.empty() and self.sink.idle(), "pixels behind the last frame"


async def begin(dut, **stalls: float) -> Bench:
    bench = Bench(dut, **stalls)
    dut.load_valid.value = 0
    await start(dut, "aclk", "aresetn")
    await ClockCycles(dut.aclk, 2)
    return bench


@cocotb.test()
@cocotb.parametrize((("source_pauses", "sink_pauses"), [(0.0, 0.0), (0.8, 0.5)]))
async def video_frames_equal_golden_whatever_the_pauses(dut, source_pauses, sink_pauses):
    bench = await begin(dut, source_pauses=source_pauses, sink_pauses=sink_pauses)
    await bench.compare(latents(avatars()))
    assert dut.status_avatars.value == avatars()
    assert dut.status_busy.value == 0


@cocotb.test()
async def malformed_packets_are_dropped_and_counted_and_the_next_avatar_is_right(dut):
    bench, z = await begin(dut), latents(1)
    lengths = (99, 101, 1, 200)
    for length in lengths:
        await bench.send(np.resize(z[0], length))
    await bench.compare(z)
    assert dut.status_malformed.value == len(lengths)
    assert dut.status_avatars.value == 1


@cocotb.test()
async def the_first_pixel_is_valid_before_anybody_is_ready(dut):
    bench, z = Bench(dut), latents(1)
    bench.sink.pause = True
    dut.load_valid.value = 0
    await start(dut, "aclk", "aresetn")
    await bench.send(z[0])
    try:
        await with_timeout(RisingEdge(dut.m_axis_tvalid), LINE_TIMEOUT_US, "us")
    except TimeoutError:
        raise AssertionError("m_axis: valid waits for ready (rule 3)") from None
    bench.sink.pause = False
    assert_same_pixels(np.stack([await bench.frame()]), z)


@cocotb.test()
async def a_reset_in_the_middle_of_a_frame_starts_anew(dut):
    bench, z = await begin(dut), latents(2)
    await bench.send(z[1])
    for _ in range(SIDE // 2):
        await with_timeout(bench.sink.recv(), LINE_TIMEOUT_US, "us")
    await bench.reset()
    assert dut.status_avatars.value == 0 and dut.status_busy.value == 0
    await bench.compare(z[:1])


def test_dcgan_axis(simulator):
    run_cocotb(
        "dcgan_axis",
        __file__,
        simulator,
        parameters={"RomDir": str(exported("tiny").rom_dir)},
        environment={AVATARS_VARIABLE: str(AVATARS[simulator])},
        min_tests=5,
    )
