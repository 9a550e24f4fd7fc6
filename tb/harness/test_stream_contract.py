# SPDX-License-Identifier: Apache-2.0
"""A StreamSink finds every breach of the stream contract, and none where there is none."""

from __future__ import annotations

from pathlib import Path

import cocotb
import pytest
from cocotb.triggers import ClockCycles

from tb.lib.build import run_cocotb
from tb.lib.polite import ANSWER, PATIENCE
from tb.lib.scoreboard import assert_same_beats
from tb.lib.stream import StreamSink, StreamSource, always, bursty, random_half, random_third, start

STALLS = [always, bursty, random_half, random_third]
BEATS = 60
RULE_3 = "out: valid waits for ready"
FAULTS = {
    "none": (0, None),
    "valid_needs_ready": (1, RULE_3),
    "valid_follows_ready": (2, RULE_3),
    "valid_falls": (3, "out: valid fell while stalled"),
    "payload_changes": (4, "out: payload changed while stalled"),
}


def idle_now_and_then():
    """Full speed, but nothing for longer than ready waits, now and then."""
    while True:
        yield from [True] * 10
        yield from [False] * (PATIENCE + 2 * ANSWER)


@cocotb.test()
@cocotb.parametrize(sink=STALLS)
async def every_beat_arrives(dut, sink):
    giver, taker = StreamSource(dut, "in", random_half), StreamSink(dut, "out", sink)
    await start(dut)
    giver.enqueue(range(BEATS))
    assert_same_beats(await taker.receive(BEATS), list(range(BEATS)))


@cocotb.test()
async def ready_waits_before_some_beats_and_not_before_others(dut):
    giver = StreamSource(dut, "in", random_third)
    StreamSink(dut, "out")
    await start(dut)
    giver.enqueue(range(BEATS))
    early = []
    while len(early) < BEATS // 2:
        ready = dut.out_ready_i.value == 1
        await ClockCycles(dut.clk_i, 1)
        if dut.out_valid_o.value == 1:
            early.append(ready)
    assert True in early and False in early


@cocotb.test()
async def long_rests_are_no_fault_and_cost_no_cycle(dut):
    giver = StreamSource(dut, "in", idle_now_and_then)
    taker = StreamSink(dut, "out")
    await start(dut)
    giver.enqueue(range(BEATS // 4))
    assert_same_beats(await taker.receive(BEATS // 4), list(range(BEATS // 4)))
    assert giver.stalled_cycles == BEATS // 4 - 1 - 1, giver.stalled_cycles


@pytest.mark.parametrize("fault", FAULTS)
def test_stream_sink(simulator, fault):
    number, message = FAULTS[fault]
    options = {"parameters": {"Fault": number}, "min_tests": len(STALLS) + 2}
    options["sources"] = [Path(__file__).with_name("harness_stream.sv")]
    if message is None:
        run_cocotb("harness_stream", __file__, simulator, **options)
    else:
        with pytest.raises(AssertionError, match=message):
            run_cocotb("harness_stream", __file__, simulator, **options)
