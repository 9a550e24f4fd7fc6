# SPDX-License-Identifier: Apache-2.0
"""convt_drain hands on every beat of every pass, and gives out no credit that it cannot hold."""

from __future__ import annotations

import random
from collections import deque

import cocotb
import pytest
from cocotb.triggers import ClockCycles, FallingEdge, RisingEdge

from tb.lib.build import run_cocotb
from tb.lib.scoreboard import assert_same_beats
from tb.lib.stream import StreamSink, always, bursty, pulse_reset, random_third, start

FIELDS = ("data", "tag", "number", "last")
PASSES = 40
LANE_LATENCY = 6  # cycles from a `last` beat to its results, as behind convt_reader
LONGEST_US = 20  # without a beat, whatever the stalls
STALLS = [always, bursty, random_third]


def expected_beats(passes: list[list[int]], tags: list[int]) -> list[tuple[int, ...]]:
    """FIELDS of every beat: those of each pass in turn, its tag beside each."""
    return [
        (data, tag, number, int(number == len(results) - 1))
        for results, tag in zip(passes, tags, strict=True)
        for number, data in enumerate(results)
    ]


class Lanes:
    """The issuer of `last` beats and the lanes behind it, which keep a result until it is shifted.

    Everything is driven at the falling edge: a spent credit depends on credit_o of its own cycle.
    """

    def __init__(self, dut, idle) -> None:
        self.dut, self.idle = dut, idle()
        self.beats, self.width = dut.Beats.value.to_signed(), len(dut.result_i)
        self.tags = [random.getrandbits(len(dut.tag_i)) for _ in range(PASSES)]
        self.passes = [
            [random.getrandbits(self.width) for _ in range(self.beats)] for _ in range(PASSES)
        ]
        self.refused = 0
        dut.spend_i.value = dut.done_i.value = 0
        dut.tag_i.value = dut.result_i.value = 0

    async def run(self) -> None:
        dut, in_flight, results = self.dut, deque([False] * LANE_LATENCY), deque(self.passes)
        waiting, shown, asked = deque(self.tags), deque(), deque([False] * 2)
        while True:
            await FallingEdge(dut.clk_i)
            wish = bool(waiting) and next(self.idle)
            spend = wish and dut.credit_o.value == 1
            self.refused += wish and not spend
            dut.spend_i.value = int(spend)
            dut.tag_i.value = waiting.popleft() if spend else random.getrandbits(len(dut.tag_i))
            in_flight.append(spend)
            done = in_flight.popleft()
            if done:
                assert self.beats == 1 or not shown, "a result came on top of one still waiting"
                shown = deque(results.popleft())
            dut.done_i.value = int(done)
            dut.result_i.value = shown[0] if shown else random.getrandbits(self.width)
            await RisingEdge(dut.clk_i)
            asked.append(dut.next_o.value == 1)  # the lanes shift two cycles later
            if (asked.popleft() or self.beats == 1) and shown:
                shown.popleft()


@cocotb.test()
@cocotb.parametrize(idle=STALLS, sink=STALLS)
async def every_beat_leaves_once_whatever_the_stalls(dut, idle, sink):
    earlier, taker = Lanes(dut, always), StreamSink(dut, "out", sink, FIELDS)
    await start(dut)
    task = cocotb.start_soon(earlier.run())
    await ClockCycles(dut.clk_i, random.randint(LANE_LATENCY, 80))
    task.cancel()
    lanes = Lanes(dut, idle)
    await pulse_reset(dut)  # nothing is left of the passes that were under way
    await taker.receive(taker.waiting)
    cocotb.start_soon(lanes.run())
    expected = expected_beats(lanes.passes, lanes.tags)
    got = [tuple(beat) for beat in await taker.receive(len(expected), LONGEST_US)]
    assert_same_beats(
        got, expected, lambda n: f"pass {n // lanes.beats}, beat {n % lanes.beats} {FIELDS}"
    )
    for _ in range(2 * LANE_LATENCY):
        await RisingEdge(dut.clk_i)
    assert taker.waiting == 0 and dut.out_valid_o.value == 0, "a beat too many"
    assert dut.credit_o.value == 1, "the credit did not come back"
    assert (taker.stalled_cycles > 0) == (sink is not always), f"{taker.stalled_cycles} stalls"
    assert lanes.refused > 0 or idle is not always, "the issuer never lacked a credit"


@pytest.mark.parametrize(("values", "beats", "depth"), [(2, 5, 1), (4, 1, 4), (1, 1, 3)])
def test_convt_drain(simulator, values, beats, depth):
    shape = {"Values": values, "Beats": beats, "Depth": depth}
    run_cocotb(
        "convt_drain",
        __file__,
        simulator,
        parameters={**shape, "AccWidth": 19, "TagWidth": 7, "Lead": LANE_LATENCY},
        min_tests=len(STALLS) ** 2,
    )
