# SPDX-License-Identifier: Apache-2.0
"""board_chunk sends the bytes of a payload behind its head, in order, whatever the stalls."""

from __future__ import annotations

import random

import cocotb
from avatar_host import protocol as p
from cocotb.triggers import FallingEdge, RisingEdge

from tb.lib.build import run_cocotb
from tb.lib.scoreboard import assert_same_beats
from tb.lib.stream import StreamSink, always, bursty, pulse_reset, random_half, random_third, start

FIRST = p.CHUNK_HEAD.size
LATENCY, BYTE_CYCLES = 4, 4
LENGTHS = (FIRST + 1, p.MAX_REQUEST)
STALLS = [always, bursty, random_half, random_third]


class Bench:
    def __init__(self, dut, stalls=always):
        self.dut = dut
        self.payload = b""
        dut.start_i.value = 0
        dut.length_i.value = 0
        dut.payload_data_i.value = 0
        self.sink = StreamSink(dut, "out", stalls)

    async def start(self) -> Bench:
        await start(self.dut)
        cocotb.start_soon(self.memory())
        await FallingEdge(self.dut.clk_i)
        return self

    async def memory(self) -> None:
        """The ring of requests: three cycles from index to byte."""
        waiting = [0xEE, 0xEE]
        while True:
            await RisingEdge(self.dut.clk_i)
            index = int(self.dut.payload_index_o.value)
            self.dut.payload_data_i.value = waiting.pop(0)
            waiting.append(self.payload[index] if index < len(self.payload) else 0xEE)

    async def order(self, length: int) -> None:
        self.payload = random.randbytes(length)
        self.dut.start_i.value, self.dut.length_i.value = 1, length
        await FallingEdge(self.dut.clk_i)
        self.dut.start_i.value, self.dut.length_i.value = 0, random.randrange(256)
        assert self.dut.busy_o.value == 1, "busy in the cycle behind start"

    async def done(self) -> None:
        """Not busy, and no byte too many."""
        for _ in range(20):
            await FallingEdge(self.dut.clk_i)
        assert self.dut.busy_o.value == 0 and self.sink.waiting == 0


@cocotb.test()
@cocotb.parametrize(stalls=STALLS)
async def the_bytes_behind_the_head_come_in_order(dut, stalls):
    bench = await Bench(dut, stalls).start()
    for length in (*LENGTHS, random.randint(*LENGTHS), LENGTHS[0]):
        await bench.order(length)
        assert_same_beats(await bench.sink.receive(length - FIRST), list(bench.payload[FIRST:]))
        await bench.done()


@cocotb.test()
async def a_byte_every_four_cycles_and_busy_until_the_last_is_taken(dut):
    bench = await Bench(dut).start()
    for length in LENGTHS:
        await bench.order(length)
        busy = 1
        while dut.busy_o.value == 1:
            await FallingEdge(dut.clk_i)
            busy += 1
        assert bench.sink.waiting == length - FIRST
        assert busy == LATENCY + BYTE_CYCLES * (length - FIRST - 1) + 1, f"{busy} cycles"
        await bench.sink.receive(length - FIRST)
        await bench.done()


@cocotb.test()
async def a_reset_ends_a_chunk(dut):
    bench = await Bench(dut).start()
    for _ in range(5):
        await bench.order(LENGTHS[1])
        await bench.sink.receive(random.randint(1, 20))
        await pulse_reset(dut)
        await bench.sink.receive(bench.sink.waiting)
        await bench.done()
        await bench.order(LENGTHS[0])
        assert await bench.sink.receive(1) == [bench.payload[FIRST]]
        await bench.done()


def test_board_chunk(simulator):
    run_cocotb(
        "board_chunk",
        __file__,
        simulator,
        parameters={"First": FIRST},
        sources=["rtl/board/board_chunk.sv"],
        min_tests=len(STALLS) + 2,
    )
