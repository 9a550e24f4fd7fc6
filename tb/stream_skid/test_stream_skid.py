"""stream_skid passes every beat on, in order, whatever the stalls on either side."""

from __future__ import annotations

import random

import cocotb
import pytest
from lib.build import run_cocotb
from lib.scoreboard import assert_same_beats
from lib.stream import StreamSink, StreamSource, always, bursty, random_half, random_third, start

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
    run_cocotb("stream_skid", __file__, simulator, parameters={"Width": width}, min_tests=17)
