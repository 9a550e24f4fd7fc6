# SPDX-License-Identifier: Apache-2.0
"""convt_lanes turns the beats of passes into golden accumulators, and never needs to stall.

Layer 2 gives passes of any length, layer 4 the columns that end one window and begin the next.
"""

from __future__ import annotations

import os
import random
from collections import deque
from dataclasses import dataclass, replace
from itertools import pairwise

import cocotb
import pytest
from cocotb.triggers import ClockCycles, FallingEdge
from dcgan.hw.folding import PACKINGS, LayerFolding
from dcgan.hw.widths import acc_width

from tb.lib.biases import load_biases
from tb.lib.build import run_cocotb
from tb.lib.network import network, under_test
from tb.lib.passes import ACT_WIDTH, Pass, columns, windows
from tb.lib.scoreboard import lanes, pack, seed_note
from tb.lib.stream import StreamSink, always, bursty, pulse_reset, random_third, start

FIELDS = ("data", "tag", "channel")
TAG_WIDTH = 7
MULT_LATENCY = 6  # of arith_mult_pair
STALLS = [always, bursty, random_third]
LONGEST_US = 100  # without a result, whatever the stalls


@dataclass(frozen=True)
class Case:
    """A layer, how it is folded, and what its lanes are told."""

    layer: int
    fold: LayerFolding
    latency: int
    depth: int = 1
    packing: str = "ecp5"


CASES = {
    "four_channels": Case(2, LayerFolding(4, 1, 2), 5),
    "all_channels_two_reads": Case(2, LayerFolding(8, 2, 1, reads=2), 2, packing="dsp48"),
    "one_channel": Case(2, LayerFolding(1), 3, packing="none"),
    "two_channels_a_beat": Case(2, LayerFolding(2, 2, 2), 3, depth=2),
    "two_windows": Case(4, LayerFolding(1, 2, 2, 2), 6, depth=4),
    "two_windows_two_reads": Case(4, LayerFolding(1, 2, 2, 2, 2), 6, depth=8),
}
CASE_VARIABLE = "CONVT_CASE"


class Issuer:
    """Sends the beats of passes, and each activation with its weights LaneLatency cycles later.

    Everything is driven at the falling edge: a last beat depends on credit_o of its own cycle.
    """

    def __init__(self, dut, passes: list[Pass], idle=always) -> None:
        self.dut, self.go = dut, idle()
        self.case = CASES[os.environ[CASE_VARIABLE]]
        self.weight_bits = self.case.fold.weight_bits
        self.tags = [random.getrandbits(TAG_WIDTH) for _ in passes]
        self.beats = deque(
            (one, tag, n, act, word)
            for one, tag in zip(passes, self.tags, strict=True)
            for n, (act, word) in enumerate(zip(one.acts, one.words, strict=True))
        )
        self.read = deque([(0, None)] * self.case.latency)
        self.cycle = self.refused = 0
        self.ends: list[int] = []
        """Cycle of every last beat."""
        self.first_result = 0
        """Cycle of the first result."""
        dut.beat_valid_i.value = dut.act_i.value = 0

    async def run(self) -> None:
        while True:
            await FallingEdge(self.dut.clk_i)
            self.cycle += 1
            if self.dut.out_valid_o.value == 1 and not self.first_result:
                self.first_result = self.cycle
            self.read.append(self.issue())
            act, word = self.read.popleft()
            self.dut.act_i.value = act
            self.dut.weights_i.value = (
                random.getrandbits(len(self.dut.weights_i))
                if word is None
                else pack(word, self.weight_bits)
            )

    def issue(self) -> tuple:
        """Drive a beat if there is one and it may be sent; its activation and weights."""
        dut, wish = self.dut, bool(self.beats) and next(self.go)
        last = wish and self.beats[0][2] == len(self.beats[0][0].acts) - 1
        valid = wish and (not last or dut.credit_o.value == 1)
        self.refused += wish and not valid
        dut.beat_valid_i.value = int(valid)
        if not valid:  # means nothing now
            for name in ("first", "last", "column0", "fold", "tag"):
                port = getattr(dut, f"beat_{name}_i")
                port.value = random.getrandbits(len(port))
            return 0, None
        one, tag, number, act, word = self.beats.popleft()
        dut.beat_first_i.value, dut.beat_last_i.value = int(number == 0), int(last)
        dut.beat_column0_i.value, dut.beat_fold_i.value = int(one.column0), one.fold
        dut.beat_tag_i.value = tag
        if last:
            self.ends.append(self.cycle)
        return act, word


def passes_of(case: Case) -> list[Pass]:
    """Passes of the layer, random ones of layer 2."""
    integers = under_test().integers
    return columns(integers, case.fold) if case.layer == 4 else windows(integers, case.fold)


def compare(got: list, passes: list[Pass], tags: list[int], case: Case) -> int:
    """Every channel of every pass with the golden sums; how many sums there were."""
    chosen, sums = under_test(), 0
    width = acc_width(chosen.integers.config, chosen.folding, case.layer)
    phases, couts = case.fold.phase_rows * case.fold.phase_cols, case.fold.couts
    beat = case.fold.beat
    beats = couts // beat
    for number, (data, *rest) in enumerate(got):
        one, first = passes[number // beats], number % beats * beat
        assert rest == [tags[number // beats], one.fold * couts + first], (
            f"{one.where}: tag and channel {rest} where channel {first} is due   ({seed_note()})"
        )
        for place, value in enumerate(lanes(data, phases * beat, width, is_signed=True)):
            phase, channel = place % phases, first + place // phases
            want = one.expected[phase][channel]
            assert want in (None, value), (
                f"{one.where}, phase {phase}, channel {channel}: "
                f"expected {want}, got {value}   ({seed_note()})"
            )
            sums += want is not None
    return sums


@cocotb.test()
@cocotb.parametrize(idle=STALLS, sink=STALLS)
async def every_pass_leaves_as_golden_accumulators_whatever_the_stalls(dut, idle, sink):
    case = CASES[os.environ[CASE_VARIABLE]]
    passes = passes_of(case)
    earlier, taker = Issuer(dut, passes), StreamSink(dut, "out", sink, FIELDS)
    await start(dut)
    await load_biases(dut, under_test().integers.biases[case.layer - 1])
    task = cocotb.start_soon(earlier.run())
    await ClockCycles(dut.clk_i, random.randint(10, 100))
    task.cancel()
    issuer = Issuer(dut, passes, idle)
    await pulse_reset(dut)  # nothing is left of the passes that were under way
    await taker.receive(taker.waiting)
    cocotb.start_soon(issuer.run())
    got = await taker.receive(len(passes) * case.fold.couts // case.fold.beat, LONGEST_US)
    known = sum(value is not None for one in passes for phase in one.expected for value in phase)
    assert compare(got, passes, issuer.tags, case) == known
    for _ in range(40):
        await FallingEdge(dut.clk_i)
    assert taker.waiting == 0 and dut.out_valid_o.value == 0, "a beat too many"
    assert dut.credit_o.value == 1, "the credit did not come back"
    short = case.layer == 2  # and full of passes that end before the last one's results left
    assert issuer.refused > 0 or not short, "the issuer never lacked a credit"
    assert (taker.stalled_cycles > 1) == (sink is not always), f"{taker.stalled_cycles} stalls"


@cocotb.test()
async def latency_and_the_rate_of_the_shortest_passes_are_those_of_the_header(dut):
    case = CASES[os.environ[CASE_VARIABLE]]
    passes = passes_of(case)
    beats = case.fold.couts // case.fold.beat
    sums = case.latency + MULT_LATENCY + case.fold.reads - 1
    short = [replace(one, acts=one.acts[:1], words=one.words[:1]) for one in passes[:20]]
    issuer, taker = Issuer(dut, short), StreamSink(dut, "out", always, FIELDS)
    await start(dut)
    await load_biases(dut, under_test().integers.biases[case.layer - 1])
    cocotb.start_soon(issuer.run())
    await taker.receive(len(short) * beats, LONGEST_US)
    first = issuer.first_result - issuer.ends[0]
    assert first == sums + (6 if beats > 1 else 3), f"{first} cycles to the first result"
    ends = issuer.ends[:: case.depth]  # the others follow at once
    apart = {after - before for before, after in pairwise(ends)}
    rate = max(beats + 3, sums + 5) if beats > 1 else sums + 4 + (case.depth > 1)
    assert apart == {rate}, f"{case.depth} passes in {apart} cycles, not {rate}"


@pytest.mark.parametrize("name", CASES)
def test_convt_lanes(simulator, name):
    case, tiny = CASES[name], network("tiny")
    run_cocotb(
        "convt_lanes",
        __file__,
        simulator,
        parameters={
            "Lanes": case.fold.lanes // case.fold.reads,
            "Beat": case.fold.beat,
            "Reads": case.fold.reads,
            "OutChannels": tiny.integers.config.channels[case.layer],
            "Couts": case.fold.couts,
            "Windows": case.fold.windows,
            "ActWidth": ACT_WIDTH,
            "WeightWidth": case.fold.weight_bits,
            "AccWidth": acc_width(tiny.integers.config, tiny.folding, case.layer),
            "Packing": PACKINGS.index(case.packing),
            "TagWidth": TAG_WIDTH,
            "LaneLatency": case.latency,
            "Depth": case.depth,
        },
        environment={CASE_VARIABLE: name},
        min_tests=len(STALLS) ** 2 + 1,
    )
