# SPDX-License-Identifier: Apache-2.0
"""dcgan_generator: latents in, golden pixels out, whatever the stalls; its counters are exact."""

from __future__ import annotations

import os

import cocotb
import numpy as np
from cocotb.triggers import ClockCycles, RisingEdge
from dcgan.core.latents import LATENT

from tb.lib.activity import mac_cycles
from tb.lib.build import run_cocotb
from tb.lib.golden import assert_same_pixels, corner_latents, latents
from tb.lib.network import exported, under_test
from tb.lib.scoreboard import seed_note
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

SIDE, PLANES = 32, 3
PIXELS = SIDE * SIDE
LONGEST_US = 500  # without a pixel, whatever the stalls
AVATARS = {"icarus": 1, "verilator": 4}
AVATARS_VARIABLE = "TEST_AVATARS"


def avatars() -> int:
    """How many avatars a test draws on this simulator."""
    return int(os.environ[AVATARS_VARIABLE])


class Watch:
    """Counts clock cycles between the events that the status ports speak about."""

    def __init__(self, dut):
        self.dut = dut
        self.first_beat: int | None = None  # cycle of the first beat since reset
        self.done: list[int] = []  # cycle of each avatar's last pixel
        self.reported: list[int] = []  # what status_cycles says after each
        cocotb.start_soon(self._run())

    async def _run(self) -> None:
        dut, cycle, ended, due = self.dut, 0, False, False
        while True:
            await RisingEdge(dut.clk_i)
            cycle += 1
            if due:
                self.reported.append(int(dut.status_cycles_o.value))
            due = ended  # dcgan_counters sees every event one cycle late
            if self.first_beat is None and dut.z_valid_i.value == dut.z_ready_o.value == 1:
                self.first_beat = cycle
            taken = dut.pixel_valid_o.value == 1 and dut.pixel_ready_i.value == 1
            ended = taken and dut.pixel_last_o.value == 1 and dut.pixel_user_o.value == PLANES - 1
            if ended:
                self.done.append(cycle)

    def times(self) -> list[int]:
        """Cycles an avatar, from the last pixel before it (or the first beat) to its own last."""
        return list(np.diff([self.first_beat - 1, *self.done]))


class Bench:
    """Sends latents, checks framing and every pixel."""

    def __init__(self, dut, source=always, sink=always):
        self.dut = dut
        self.source, self.sink = StreamSource(dut, "z", source), StreamSink(dut, "pixel", sink)

    def enqueue(self, z: np.ndarray, length: int = LATENT) -> None:
        for vector in z:
            elements = np.resize(vector, length)
            self.source.enqueue((int(e), k == length - 1) for k, e in enumerate(elements))

    async def compare(self, z: np.ndarray) -> None:
        """Send latents [N, 100] back to back; every pixel of every plane must be golden."""
        self.enqueue(z)
        await self.expect(z)

    async def expect(self, z: np.ndarray) -> None:
        beats = await self.sink.receive(len(z) * PLANES * PIXELS, LONGEST_US)
        for number, beat in enumerate(beats):
            avatar, at = divmod(number, PLANES * PIXELS)
            expected = at // PIXELS, int(at % PIXELS == PIXELS - 1)
            assert (beat.user, beat.last) == expected, (
                f"avatar {avatar}, pixel {at}: expected (plane, last) {expected}, "
                f"got {(beat.user, beat.last)}   ({seed_note()})"
            )
        pixels = np.array([beat.data for beat in beats])
        assert_same_pixels(pixels.reshape(len(z), PLANES, SIDE, SIDE), z)

    def status(self) -> dict[str, int]:
        names = ("busy", "avatars", "malformed", "cycles", "mac_cycles")
        return {name: int(getattr(self.dut, f"status_{name}_o").value) for name in names}


@cocotb.test()
@cocotb.parametrize((("source", "sink"), [(bursty, random_third), (random_half, bursty)]))
async def pixels_equal_golden_whatever_the_stalls(dut, source, sink):
    bench = Bench(dut, source, sink)
    dut.load_valid_i.value = 0
    await start(dut)
    await bench.compare(latents(avatars()))
    assert bench.sink.stalled_cycles > 0
    await ClockCycles(dut.clk_i, 3)
    assert bench.status()["avatars"] == avatars(), "counted by a pixel that waits"


@cocotb.test()
async def corner_latents_equal_golden(dut):
    bench = Bench(dut)
    dut.load_valid_i.value = 0
    await start(dut)
    await bench.compare(corner_latents()[: avatars()])


@cocotb.test()
async def counters_equal_the_cycles_of_the_testbench(dut):
    bench, watch, z = Bench(dut), Watch(dut), latents(avatars() + 1)
    dut.load_valid_i.value = 0
    await start(dut)
    await bench.compare(z)
    await ClockCycles(dut.clk_i, 3)
    assert watch.reported == watch.times(), f"cycles {watch.times()}, status {watch.reported}"
    assert bench.status() | {"mac_cycles": 0} == {
        "busy": 0,
        "avatars": len(z),
        "malformed": 0,
        "cycles": watch.times()[-1],
        "mac_cycles": 0,
    }


@cocotb.test()
async def lanes_work_exactly_once_for_each_useful_activation(dut):
    bench, z, chosen = Bench(dut), latents(1), under_test()
    dut.load_valid_i.value = 0
    await start(dut)
    await bench.compare(z)
    await ClockCycles(dut.clk_i, 3)
    expected = mac_cycles(z[0], chosen.integers.config.channels, chosen.folding)
    got = bench.status()["mac_cycles"]
    assert got == expected, f"multiplier-active cycles: expected {expected}, got {got}"


@cocotb.test()
async def malformed_packets_are_counted_and_the_next_avatar_is_right(dut):
    bench = Bench(dut)
    dut.load_valid_i.value = 0
    await start(dut)
    for length in (99, 101, 1):
        bench.enqueue(latents(1), length)
    await bench.compare(corner_latents()[:1])
    await ClockCycles(dut.clk_i, 3)
    assert (bench.status()["malformed"], bench.status()["avatars"]) == (3, 1)


@cocotb.test()
async def a_reset_in_the_middle_forgets_everything(dut):
    bench, z = Bench(dut), latents(2)
    dut.load_valid_i.value = 0
    await start(dut)
    bench.enqueue(z[::-1])
    await bench.sink.receive(PIXELS + PIXELS // 2, LONGEST_US)
    assert bench.status()["busy"] == 1
    bench.source.clear()
    await pulse_reset(dut)
    await ClockCycles(dut.clk_i, 2)
    await bench.sink.receive(bench.sink.waiting)
    assert not any(bench.status().values()), bench.status()
    await bench.compare(z[:1])


def test_dcgan_generator(simulator):
    run_cocotb(
        "dcgan_generator",
        __file__,
        simulator,
        parameters={"RomDir": str(exported("tiny").rom_dir)},
        environment={AVATARS_VARIABLE: str(AVATARS[simulator])},
        min_tests=7,
    )
