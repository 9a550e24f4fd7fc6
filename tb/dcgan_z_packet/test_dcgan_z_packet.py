# SPDX-License-Identifier: Apache-2.0
"""dcgan_z_packet keeps packets of exactly Length beats, and drops and counts all others."""

from __future__ import annotations

import random

import cocotb
from cocotb.triggers import ClockCycles, RisingEdge

from tb.lib.build import run_cocotb
from tb.lib.scoreboard import assert_same_beats, lanes, seed_note
from tb.lib.stream import StreamSource, always, bursty, pulse_reset, random_half, start

LENGTH = 100


class Reader:
    """Takes every whole packet, now and then after a pause."""

    def __init__(self, dut, pause: int = 0):
        self.dut = dut
        self.pause = pause
        self.packets: list[list[int]] = []
        self.accepted = self.malformed = 0
        dut.vector_ready_i.value = 0
        cocotb.start_soon(self._read())
        cocotb.start_soon(self._count())

    async def _read(self) -> None:
        dut, bits = self.dut, len(self.dut.vector_data_o) // LENGTH
        while True:
            await RisingEdge(dut.clk_i)
            if dut.rst_ni.value != 1 or dut.vector_valid_o.value != 1:
                continue
            word = int(dut.vector_data_o.value)
            await ClockCycles(dut.clk_i, random.randint(1, self.pause + 1))
            if dut.rst_ni.value != 1:
                continue
            assert dut.vector_valid_o.value == 1, "a packet vanished"
            assert int(dut.vector_data_o.value) == word, "a packet changed while it waited"
            self.packets.append(lanes(word, LENGTH, bits))
            dut.vector_ready_i.value = 1
            await RisingEdge(dut.clk_i)
            dut.vector_ready_i.value = 0

    async def _count(self) -> None:
        while True:
            await RisingEdge(self.dut.clk_i)
            if self.dut.rst_ni.value == 1:
                self.accepted += int(self.dut.accepted_o.value)
                self.malformed += int(self.dut.malformed_o.value)

    async def settle(self, kept: int) -> None:
        """Wait until `kept` packets were read, and a little longer for one too many."""
        for _ in range(40 * LENGTH):
            if len(self.packets) >= kept:
                break
            await RisingEdge(self.dut.clk_i)
        await ClockCycles(self.dut.clk_i, 2 * LENGTH)


def packet(length: int = LENGTH) -> list[int]:
    return [random.getrandbits(8) for _ in range(length)]


def beats(elements: list[int]) -> list[tuple[int, int]]:
    return [(e, int(n == len(elements) - 1)) for n, e in enumerate(elements)]


def kept_packets(sent: list[list[int]]) -> list[list[int]]:
    """Those of LENGTH elements are kept."""
    return [elements for elements in sent if len(elements) == LENGTH]


async def check(dut, lengths: list[int], stalls=always, pause: int = 0) -> StreamSource:
    """Send packets of these lengths back to back; those of LENGTH, and no other, are kept."""
    source, reader = StreamSource(dut, "z", stalls), Reader(dut, pause)
    await start(dut)
    sent = [packet(length) for length in lengths]
    await source.send(beat for elements in sent for beat in beats(elements))
    kept = kept_packets(sent)
    await reader.settle(len(kept))
    assert_same_beats(reader.packets, kept, lambda n: f"kept packet {n} of lengths {lengths}")
    counted = (reader.accepted, reader.malformed)
    expected = (len(kept), len(sent) - len(kept))
    assert counted == expected, f"(kept, dropped): {expected}, got {counted}   ({seed_note()})"
    return source


@cocotb.test()
@cocotb.parametrize(stalls=[always, bursty, random_half], pause=[0, 300])
async def whole_packets_pass_back_to_back(dut, stalls, pause):
    source = await check(dut, [LENGTH] * 4, stalls, pause)
    if pause:
        assert source.stalled_cycles > 0, "one packet has room, the next must wait"


@cocotb.test()
@cocotb.parametrize(length=[1, 2, 50, 99, 101, 199, 200, 201, 300])
async def a_packet_of_another_length_is_dropped_whole(dut, length):
    await check(dut, [length, LENGTH, length, length, LENGTH])


@cocotb.test()
async def any_mixture_of_lengths(dut):
    usual = [1, 2, 99, 100, 100, 100, 101, 128, 200, 256]
    await check(dut, [random.choice(usual) for _ in range(25)], bursty, pause=50)


@cocotb.test()
async def a_reset_within_a_packet_forgets_it(dut):
    source, reader = StreamSource(dut, "z"), Reader(dut)
    await start(dut)
    for cut in (1, 99, 150):  # within the first, at its end, too long already
        await source.send((e, 0) for e in packet(cut))
        source.clear()
        await pulse_reset(dut)
        reader.packets, reader.accepted, reader.malformed = [], 0, 0
        whole = packet()
        source.enqueue(beats(whole))
        await reader.settle(1)
        assert_same_beats(reader.packets, kept_packets([whole]))
        assert (reader.accepted, reader.malformed) == (1, 0)


@cocotb.test()
async def a_reset_forgets_a_packet_that_waits(dut):
    source = StreamSource(dut, "z")
    dut.vector_ready_i.value = 0
    await start(dut)
    await source.send(beats(packet()))
    await ClockCycles(dut.clk_i, 3)
    assert dut.vector_valid_o.value == 1
    await pulse_reset(dut)
    assert dut.vector_valid_o.value == 0
    reader, zeros = Reader(dut), [0] * LENGTH
    source.enqueue(beats(zeros))
    await reader.settle(1)
    assert_same_beats(reader.packets, kept_packets([zeros]))


def test_dcgan_z_packet(simulator):
    run_cocotb("dcgan_z_packet", __file__, simulator, parameters={"Length": LENGTH}, min_tests=18)
