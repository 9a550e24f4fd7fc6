# SPDX-License-Identifier: Apache-2.0
"""convt_macs accumulates the sums of the golden model, pass by pass.

Windows = 1 is fed with windows of layer 2, Windows = 2 with the pixel columns of layer 4, in the
words of the ROMs of a random network of the shapes of `tiny`.
"""

from __future__ import annotations

import random
from collections import deque

import cocotb
import pytest
from cocotb.triggers import ClockCycles, RisingEdge
from dcgan.core.shapes import preset
from dcgan.hw.folding import LayerFolding
from dcgan.quant.random_network import random_integer

from tb.lib.build import run_cocotb
from tb.lib.passes import Pass, columns, windows
from tb.lib.scoreboard import lanes, pack, seed_note
from tb.lib.stream import always, bursty, pulse_reset, random_third, start

WEIGHT_BITS = 8
BIAS_LEAD = 6  # cycles from a beat to its biases; one more with two reads
LATENCY = BIAS_LEAD + 2  # cycles from the last beat to the results, likewise
STALLS = [always, bursty, random_third]


class Bench:
    """Drives beats with biases behind them; takes results apart, `beat` channels at a time."""

    def __init__(self, dut, passes: list[Pass], fold: LayerFolding, beat: int) -> None:
        self.dut, self.passes, self.fold, self.beat = dut, passes, fold, beat
        self.beats, self.latency = fold.couts // beat, LATENCY + fold.reads - 1
        self.acc_width = dut.AccWidth.value.to_signed()
        self.phases = fold.phase_rows * fold.phase_cols
        self.cycle = self.idle_cycles = self.held = 0
        self.last_beats: deque[int] = deque()
        self.awaited: deque[Pass] = deque(passes)
        self.compared: set[tuple[int, int, int]] = set()
        self.number, self.shift, self.next = self.beats, False, False
        self.move, self.driven = False, False
        for name in ("beat_valid", "beat_first", "beat_last", "beat_column0", "next"):
            getattr(dut, f"{name}_i").value = 0

    async def step(self) -> None:
        """One clock edge; results are looked at as they stand before it."""
        await RisingEdge(self.dut.clk_i)
        self.cycle += 1
        if self.dut.done_o.value == 1:
            assert self.last_beats, f"cycle {self.cycle}: results of no pass"
            took = self.cycle - self.last_beats.popleft()
            assert took == self.latency, f"expected results after {self.latency}, not {took}"
            self.showing, self.number = self.awaited.popleft(), 0
        elif self.number < self.beats:
            self.number += self.shift
        if self.number < self.beats:
            self.compare()
        self.held += self.number < self.beats and not self.driven
        # What is driven now is taken at the next edge, shifts two edges later, and is seen then.
        may_hold = self.may_hold()
        self.shift, self.next, self.move = self.next, self.move, self.driven
        self.driven = not may_hold or random.random() < 1 / 2
        self.dut.next_i.value = int(self.driven)

    def may_hold(self) -> bool:
        """Whether every result can still be shown before the next pass if next_i falls now."""
        ends = [beat + self.latency for beat in self.last_beats] + [self.cycle + 1 + self.latency]
        shown = self.number + self.next + self.move + self.driven
        if ends[0] <= self.cycle + 3:  # what falls now shifts the next pass already
            shown = (self.move and ends[0] == self.cycle + 1) + (
                self.driven and ends[0] <= self.cycle + 2
            )
            ends = ends[1:]
        return self.cycle + 4 + self.beats - shown <= ends[0]

    def compare(self) -> None:
        """The channels that are shown, of every phase, with the golden accumulators."""
        word = int(self.dut.result_o.value)
        got = lanes(word, self.phases * self.beat, self.acc_width, is_signed=True)
        for place, value in enumerate(got):
            phase, channel = place % self.phases, self.number * self.beat + place // self.phases
            want = self.showing.expected[phase][channel]
            assert want in (None, value), (
                f"{self.showing.where}, phase {phase}, channel {channel}: "
                f"expected {want}, got {value}   ({seed_note()})"
            )
            if want is not None:
                self.compared.add((len(self.awaited), phase, channel))

    async def run(self, idle) -> None:
        """Send all passes."""
        dut, go = self.dut, idle()
        biases = deque([0] * (BIAS_LEAD + self.fold.reads - 1))
        beats = deque(
            (one, n == 0, n == len(one.acts) - 1, act, word)
            for one in self.passes
            for n, (act, word) in enumerate(zip(one.acts, one.words, strict=True))
        )
        while beats or self.awaited or self.number < self.beats:
            valid = bool(beats) and next(go)
            self.idle_cycles += bool(beats) and not valid
            dut.beat_valid_i.value = int(valid)
            dut.act_i.value = 0  # the lanes have no enable: no beat is a beat of zero
            bias = random.getrandbits(len(dut.bias_i))
            if valid:
                one, first, last, act, word = beats.popleft()
                dut.beat_first_i.value, dut.beat_last_i.value = int(first), int(last)
                dut.beat_column0_i.value = int(one.column0)
                dut.act_i.value = act
                dut.weights_i.value = pack(word, WEIGHT_BITS)
                bias = pack(one.biases, self.acc_width)
                if last:
                    self.last_beats.append(self.cycle + 1)
            biases.append(bias)
            dut.bias_i.value = biases.popleft()
            await self.step()


@cocotb.test()
@cocotb.parametrize(idle=STALLS)
async def every_pass_ends_in_the_golden_accumulators(dut, idle):
    ig = random_integer(preset("tiny"))
    names = ("Couts", "Beat", "Windows", "Reads")
    couts, beat, two, reads = (getattr(dut, name).value.to_signed() for name in names)
    fold = LayerFolding(couts, 2, 2, windows=two, reads=reads)
    passes = columns(ig, fold) if two == 2 else windows(ig, fold, max(couts // beat, 3))
    earlier = Bench(dut, passes, fold, beat)
    await start(dut)
    task = cocotb.start_soon(earlier.run(always))
    await ClockCycles(dut.clk_i, random.randint(10, 80))
    task.cancel()
    bench = Bench(dut, passes, fold, beat)
    await pulse_reset(dut)  # nothing is left of the passes that were under way
    await bench.run(idle)
    known = sum(value is not None for p in passes for phase in p.expected for value in phase)
    assert len(bench.compared) == known, f"compared {len(bench.compared)} of {known} sums"
    assert bench.held > 0, "no result ever waited"
    assert (bench.idle_cycles > 0) == (idle is not always), f"{bench.idle_cycles} idle cycles"


# (Windows, Couts, Beat, Reads, Packing): one or two channels a beat, one or two reads, and layer 4
SHAPES = [(1, 4, 1, 1, 1), (1, 8, 2, 2, 1), (1, 2, 2, 1, 0), (2, 1, 1, 1, 1), (2, 1, 1, 2, 2)]


@pytest.mark.parametrize(("windows_", "couts", "beat", "reads", "packing"), SHAPES)
def test_convt_macs(simulator, windows_, couts, beat, reads, packing):
    shape = {"Windows": windows_, "Couts": couts, "Beat": beat, "Reads": reads, "Packing": packing}
    shape["Lanes"] = 4 * windows_ * couts
    run_cocotb(
        "convt_macs",
        __file__,
        simulator,
        parameters={**shape, "ActWidth": 9, "WeightWidth": WEIGHT_BITS, "AccWidth": 24},
        min_tests=len(STALLS),
    )
