# SPDX-License-Identifier: Apache-2.0
"""stream_fifo hands on every beat, in order, at full rate, and holds Depth of them."""

from __future__ import annotations

import random

import cocotb
import pytest
from cocotb.triggers import ClockCycles, with_timeout

from tb.lib.build import run_cocotb
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

BEATS = 300
LONGEST_US = 10  # without a beat, whatever the stalls


@cocotb.test()
@cocotb.parametrize(source=[always, bursty, random_half], sink=[always, bursty, random_third])
async def output_equals_input_whatever_the_stalls(dut, source, sink):
    stream, taken = StreamSource(dut, "in", source), StreamSink(dut, "out", sink)
    await start(dut)
    sent = [random.getrandbits(8) for _ in range(BEATS)]
    stream.enqueue(sent)
    assert await taken.receive(BEATS, LONGEST_US) == sent


@cocotb.test()
async def it_holds_exactly_its_depth(dut):
    stream = StreamSource(dut, "in")
    dut.out_ready_i.value = 0
    await start(dut)
    depth = int(dut.Depth.value)
    await with_timeout(stream.send(range(depth)), (depth + 3) * PERIOD_NS, "ns")
    stream.enqueue([depth])
    await ClockCycles(dut.clk_i, 3)
    assert int(dut.in_ready_o.value) == 0 and int(dut.out_valid_o.value) == 1
    taken = StreamSink(dut, "out")
    assert await taken.receive(depth + 1, LONGEST_US) == list(range(depth + 1))


@cocotb.test()
async def a_reset_empties_it(dut):
    stream, taken = StreamSource(dut, "in", random_half), StreamSink(dut, "out", random_third)
    await start(dut)
    for _ in range(20):
        stream.enqueue(random.getrandbits(8) for _ in range(40))
        await ClockCycles(dut.clk_i, random.randint(1, 60))
        await pulse_reset(dut)
        stream.clear()
        await taken.receive(taken.waiting)
        sent = [random.getrandbits(8) for _ in range(20)]
        stream.enqueue(sent)
        assert await taken.receive(len(sent), LONGEST_US) == sent
        await ClockCycles(dut.clk_i, 3)
        assert int(dut.out_valid_o.value) == 0


@pytest.mark.parametrize("depth", [2, 16])
def test_stream_fifo(simulator, depth):
    run_cocotb(
        "stream_fifo",
        __file__,
        simulator,
        parameters={"Depth": depth},
        sources=["rtl/stream/stream_fifo.sv"],
        min_tests=11,
    )
