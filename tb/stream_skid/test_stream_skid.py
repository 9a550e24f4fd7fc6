# SPDX-License-Identifier: Apache-2.0
"""stream_skid passes every beat on, in order, whatever the stalls on either side."""

from __future__ import annotations

import random

import cocotb
import pytest
from cocotb.triggers import RisingEdge

from tb.lib.build import run_cocotb
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

BEATS = 200
STALLS = [always, bursty, random_half, random_third]


@cocotb.test()
@cocotb.parametrize(("source", STALLS), ("sink", STALLS))
async def output_equals_input_whatever_the_stalls(dut, source, sink):
    beats = [random.getrandbits(len(dut.in_data_i)) for _ in range(BEATS)]
    giver, taker = StreamSource(dut, "in", source), StreamSink(dut, "out", sink)
    await start(dut)
    giver.enqueue(beats)
    assert_same_beats(await taker.receive(BEATS), beats)
    assert (taker.stalled_cycles > 0) == (sink is not always), f"{taker.stalled_cycles} stalls"
    if source is always and sink is not always:
        assert giver.stalled_cycles > 0, "the register was never full"


@cocotb.test()
@cocotb.parametrize(sink=STALLS)
async def a_reset_forgets_both_entries(dut, sink):
    giver, taker = StreamSource(dut, "in"), StreamSink(dut, "out", sink)
    await start(dut)
    full = 0
    for _ in range(20):
        giver.enqueue(random.getrandbits(len(dut.in_data_i)) for _ in range(BEATS))
        for _ in range(random.randint(2, 12)):
            await RisingEdge(dut.clk_i)
        full += dut.in_ready_o.value == 0
        giver.clear()
        await pulse_reset(dut)
        await taker.receive(taker.waiting)
        assert dut.out_valid_o.value == 0 and dut.in_ready_o.value == 1, "not empty after reset"
        beats = [random.getrandbits(len(dut.in_data_i)) for _ in range(3)]
        giver.enqueue(beats)
        assert_same_beats(await taker.receive(3), beats)
    assert full > 0 or sink is always, "no reset met two entries"


@cocotb.test()
async def a_beat_a_cycle_at_full_speed(dut):
    giver, taker = StreamSource(dut, "in"), StreamSink(dut, "out")
    await start(dut)
    begin = giver.cycle
    giver.enqueue(range(BEATS))
    await taker.receive(BEATS)
    assert taker.cycle - begin <= BEATS + 4


@pytest.mark.parametrize("width", [1, 24])
def test_stream_skid(simulator, width):
    run_cocotb(
        "stream_skid",
        __file__,
        simulator,
        parameters={"Width": width},
        min_tests=len(STALLS) ** 2 + len(STALLS) + 1,
    )
