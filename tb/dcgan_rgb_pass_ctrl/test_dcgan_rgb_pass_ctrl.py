# SPDX-License-Identifier: Apache-2.0
"""dcgan_rgb_pass_ctrl sends x, x + v1, x + v2, each exactly once and in this order."""

from __future__ import annotations

import os
import random

import cocotb
import numpy as np
import pytest
from cocotb.triggers import ClockCycles, RisingEdge, ValueChange
from dcgan.core.latents import LATENT, binarise
from dcgan.quant.golden import PLANES

from tb.lib.build import run_cocotb
from tb.lib.golden import corner_latents, latents
from tb.lib.network import exported, under_test
from tb.lib.scoreboard import assert_same_beats, signed
from tb.lib.stream import StreamSink, always, bursty, pulse_reset, random_half, random_third, start

PLANES_VARIABLE = "PASS_PLANES"
BINARY_VARIABLE = "PASS_BINARY"
MASK = 0xFF


class PacketMemory:
    """Stands for dcgan_z_packet: offers latents one after another, answers addresses at once."""

    def __init__(self, dut, z: np.ndarray, gap: int = 0):
        self.dut, self.z, self.gap = dut, z, gap
        self.packet = 0
        self.done = 0
        self.tasks = [cocotb.start_soon(self._answer()), cocotb.start_soon(self._offer())]

    def _show(self) -> None:
        address = self.dut.element_addr_o.value
        if address.is_resolvable and int(address) < LATENT and self.packet < len(self.z):
            self.dut.element_i.value = int(self.z[self.packet, int(address)]) & MASK

    async def _answer(self) -> None:
        while True:
            self._show()
            await ValueChange(self.dut.element_addr_o)

    async def _offer(self) -> None:
        dut = self.dut
        while self.packet < len(self.z):
            self._show()
            dut.packet_valid_i.value = 1
            await RisingEdge(dut.clk_i)
            while dut.packet_done_o.value != 1:
                await RisingEdge(dut.clk_i)
            self.packet += 1
            self.done += 1
            if self.gap:
                dut.packet_valid_i.value = 0
                await ClockCycles(dut.clk_i, random.randint(1, self.gap))
        dut.packet_valid_i.value = 0

    def stop(self) -> None:
        for task in self.tasks:
            task.cancel()
        self.dut.packet_valid_i.value = 0


def planes() -> int:
    return int(os.environ[PLANES_VARIABLE])


def expected_passes(z: np.ndarray) -> list[tuple[int, int]]:
    """(element, last) of every pass; the offsets are those that the golden model adds."""
    x = binarise(z) if os.environ[BINARY_VARIABLE] == "1" else z
    moved = x[:, None].astype(np.int64) + under_test().integers.plane_offsets()[: planes()]
    return [(int(e), int(k == LATENT - 1)) for e, k in zip(moved.flat, _index(moved), strict=True)]


def _index(moved: np.ndarray) -> np.ndarray:
    return np.broadcast_to(np.arange(LATENT), moved.shape).flat


def where(beat: int) -> str:
    vector, k = divmod(beat, LATENT)
    latent, plane = divmod(vector, planes())
    return f"latent {latent}, plane {PLANES[plane]}, k={k}"


async def begin(dut, sink=always) -> StreamSink:
    dut.packet_valid_i.value = 0
    taker = StreamSink(dut, "out", sink)
    await start(dut)
    return taker


async def check(dut, z: np.ndarray, sink=always, gap: int = 0) -> StreamSink:
    taker = await begin(dut, sink)
    memory = PacketMemory(dut, z, gap)
    await compare(dut, taker, z)
    assert memory.done == len(z), f"{len(z)} latents were read, {memory.done} given back"
    return taker


async def compare(dut, taker: StreamSink, z: np.ndarray) -> None:
    wanted = expected_passes(z)
    got = await taker.receive(len(wanted))
    width = len(dut.out_data_o)
    assert_same_beats([(signed(b.data, width), b.last) for b in got], wanted, where)
    await ClockCycles(dut.clk_i, LATENT)
    assert taker.waiting == 0, f"{taker.waiting} beats too many"


@cocotb.test()
@cocotb.parametrize(sink=[always, bursty, random_half, random_third], gap=[0, 30])
async def every_pass_once_and_in_order_whatever_the_stalls(dut, sink, gap):
    taker = await check(dut, latents(3), sink, gap)
    if sink is not always:
        assert taker.stalled_cycles > 0


@cocotb.test()
async def extreme_latents_are_not_saturated(dut):
    await check(dut, corner_latents())


@cocotb.test()
async def an_element_a_cycle_without_a_bubble(dut):
    taker = await check(dut, latents(2))
    assert taker.cycle <= (2 * planes() + 1) * LATENT + 10


@cocotb.test()
async def a_reset_within_any_pass_starts_again_with_red(dut):
    taker = await begin(dut)
    for plane in range(planes()):
        memory = PacketMemory(dut, latents(1))
        await taker.receive(plane * LATENT + 37)
        memory.stop()
        await pulse_reset(dut)
        await RisingEdge(dut.clk_i)
        await taker.receive(taker.waiting)
        memory = PacketMemory(dut, latents(1))
        await compare(dut, taker, latents(1))
        memory.stop()


@pytest.mark.parametrize("binary", [0, 1])
@pytest.mark.parametrize("count", [1, 3])
def test_dcgan_rgb_pass_ctrl(simulator, count, binary):
    run_cocotb(
        "dcgan_rgb_pass_ctrl",
        __file__,
        simulator,
        parameters={
            "Planes": count,
            "Binary": binary,
            "VFile": str(exported("tiny").rom_dir / "v.hex"),
        },
        environment={PLANES_VARIABLE: str(count), BINARY_VARIABLE: str(binary)},
        min_tests=11,
    )
