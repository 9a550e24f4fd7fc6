# SPDX-License-Identifier: Apache-2.0
"""dcgan_requantize sends every accumulator on as the golden activation, its tag beside it."""

from __future__ import annotations

import random

import cocotb
import numpy as np
from cocotb.triggers import ClockCycles, RisingEdge
from dcgan.quant.fixed_point import requantise_relu

from tb.lib.build import run_cocotb
from tb.lib.scoreboard import assert_same_beats, pack
from tb.lib.stream import StreamSink, StreamSource, always, bursty, pulse_reset, random_third, start

VALUES, ACC_WIDTH, OUT_WIDTH, TAG_WIDTH = 3, 20, 8, 5
BEATS, LATENCY = 200, 3
FIELDS = ("data", "tag")
STALLS = [always, bursty, random_third]


def beats(shift: int) -> list[tuple[list[int], int]]:
    """Accumulators from far below zero to far beyond the largest activation, each with a tag."""
    reach = min(1 << (shift + OUT_WIDTH + 1), (1 << (ACC_WIDTH - 1)) - (1 << shift))
    return [
        ([random.randrange(-reach, reach) for _ in range(VALUES)], random.getrandbits(TAG_WIDTH))
        for _ in range(BEATS)
    ]


@cocotb.test()
@cocotb.parametrize(source=STALLS, sink=STALLS, shift=[1, 7, 11])
async def every_beat_is_requantised_whatever_the_stalls(dut, source, sink, shift):
    giver = StreamSource(dut, "in", source, FIELDS)
    taker = StreamSink(dut, "out", sink, FIELDS)
    dut.shift_i.value = shift
    await start(dut)
    sent = beats(shift)
    half = 1 << (shift - 1)  # accumulators begin there
    giver.enqueue((pack([acc + half for acc in accs], ACC_WIDTH), tag) for accs, tag in sent)
    got = [tuple(beat) for beat in await taker.receive(BEATS)]
    acts = requantise_relu(np.array([accs for accs, _ in sent]), shift, (1 << OUT_WIDTH) - 1)
    expected = [
        (pack(act, OUT_WIDTH), tag) for act, (_, tag) in zip(acts.tolist(), sent, strict=True)
    ]
    assert_same_beats(got, expected)


@cocotb.test()
async def a_beat_takes_three_cycles(dut):
    giver, taker = StreamSource(dut, "in", always, FIELDS), StreamSink(dut, "out", always, FIELDS)
    dut.shift_i.value = 1
    await start(dut)
    giver.enqueue([(0, 0)])
    while dut.in_valid_i.value != 1:
        await RisingEdge(dut.clk_i)
    for _ in range(LATENCY):
        assert dut.out_valid_o.value == 0
        await RisingEdge(dut.clk_i)
    assert dut.out_valid_o.value == 1
    await taker.receive(1)


@cocotb.test()
async def a_reset_forgets_every_beat(dut):
    giver = StreamSource(dut, "in", always, FIELDS)
    taker = StreamSink(dut, "out", random_third, FIELDS)
    dut.shift_i.value = 1
    await start(dut)
    for cycles in range(3, 23):
        giver.enqueue(
            (random.getrandbits(VALUES * ACC_WIDTH), tag) for tag in range(1 << TAG_WIDTH)
        )
        await ClockCycles(dut.clk_i, cycles)
        giver.clear()
        await pulse_reset(dut)
        await taker.receive(taker.waiting)
        assert dut.out_valid_o.value == 0, "not empty after a reset"
        giver.enqueue([(0, 5)])
        assert_same_beats([tuple(beat) for beat in await taker.receive(1)], [(0, 5)])


def test_dcgan_requantize(simulator):
    run_cocotb(
        "dcgan_requantize",
        __file__,
        simulator,
        parameters={
            "Values": VALUES,
            "AccWidth": ACC_WIDTH,
            "OutWidth": OUT_WIDTH,
            "TagWidth": TAG_WIDTH,
        },
        min_tests=len(STALLS) ** 2 * 3 + 2,
    )
