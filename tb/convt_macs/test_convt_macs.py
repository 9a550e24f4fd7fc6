# SPDX-License-Identifier: Apache-2.0
"""convt_macs accumulates the sums of the golden model, pass by pass.

Windows = 1 is fed with the passes of layer 1, Windows = 2 with the pixel columns of layer 4, in
the words of the ROMs of a random network of the shapes of `tiny`.
"""

from __future__ import annotations

import random
from collections import deque

import cocotb
import pytest
from cocotb.triggers import RisingEdge
from dcgan.core.shapes import preset
from dcgan.hw.folding import LayerFolding
from dcgan.quant.random_network import random_integer

from tb.lib.build import run_cocotb
from tb.lib.passes import Pass, columns, projections
from tb.lib.scoreboard import lanes, pack, seed_note
from tb.lib.stream import always, bursty, random_third, start

WEIGHT_BITS = 8
BIAS_LEAD = 5  # cycles from a beat to its biases
LATENCY = 7  # cycles from the last beat to the results
STALLS = [always, bursty, random_third]


class Bench:
    """Drives beats with biases behind them; takes results apart channel by channel."""

    def __init__(self, dut, passes: list[Pass], couts: int) -> None:
        self.dut, self.passes, self.couts = dut, passes, couts
        self.acc_width = dut.AccWidth.value.to_signed()
        self.phases = len(dut.result_o) // self.acc_width
        self.cycle = self.idle_cycles = self.held = 0
        self.last_beats: deque[int] = deque()
        self.awaited: deque[Pass] = deque(passes)
        self.compared: set[tuple[int, int, int]] = set()
        self.channel, self.shift, self.next = couts, False, False
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
            assert took == LATENCY, f"expected results after {LATENCY} cycles, not {took}"
            self.showing, self.channel = self.awaited.popleft(), 0
        elif self.channel < self.couts:
            self.channel += self.shift
        if self.channel < self.couts:
            self.compare()
        self.held += self.channel < self.couts and not self.driven
        # What is driven now is taken at the next edge, shifts two edges later, and is seen then.
        may_hold = self.may_hold()
        self.shift, self.next, self.move = self.next, self.move, self.driven
        self.driven = not may_hold or random.random() < 1 / 2
        self.dut.next_i.value = int(self.driven)

    def may_hold(self) -> bool:
        """Whether every channel can still be shown before the next pass if next_i falls now."""
        ends = [beat + LATENCY for beat in self.last_beats] + [self.cycle + 1 + LATENCY]
        shown = self.channel + self.next + self.move + self.driven
        if ends[0] <= self.cycle + 3:  # what falls now shifts the next pass already
            shown = (self.move and ends[0] == self.cycle + 1) + (
                self.driven and ends[0] <= self.cycle + 2
            )
            ends = ends[1:]
        return self.cycle + 4 + self.couts - shown <= ends[0]

    def compare(self) -> None:
        """One channel of every phase with the golden accumulators."""
        word = int(self.dut.result_o.value)
        got = lanes(word, self.phases, self.acc_width, is_signed=True)
        for phase, value in enumerate(got):
            want = self.showing.expected[phase][self.channel]
            assert want in (None, value), (
                f"{self.showing.where}, phase {phase}, channel {self.channel}: "
                f"expected {want}, got {value}   ({seed_note()})"
            )
            if want is not None:
                self.compared.add((len(self.awaited), phase, self.channel))

    async def run(self, idle) -> None:
        """Send all passes."""
        dut, go = self.dut, idle()
        biases = deque([0] * BIAS_LEAD)
        beats = deque(
            (one, n == 0, n == len(one.acts) - 1, act, word)
            for one in self.passes
            for n, (act, word) in enumerate(zip(one.acts, one.words, strict=True))
        )
        while beats or self.awaited or self.channel < self.couts:
            valid = bool(beats) and next(go)
            self.idle_cycles += bool(beats) and not valid
            dut.beat_valid_i.value = int(valid)
            dut.act_i.value = 0  # the lanes have no enable: no beat is a beat of zero
            bias = random.getrandbits(len(dut.bias_i))
            if valid:
                one, first, last, act, word = beats.popleft()
                dut.beat_first_i.value, dut.beat_last_i.value = int(first), int(last)
                dut.beat_column0_i.value = int(one.column0)
                dut.act_i.value = act & 0x1FF
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
    windows, couts = dut.Windows.value.to_signed(), dut.Couts.value.to_signed()
    fold = LayerFolding(couts=1, phase_rows=2, phase_cols=2, windows=2)
    passes = columns(ig, fold) if windows == 2 else projections(ig, couts, couts)
    bench = Bench(dut, passes, couts)
    await start(dut)
    await bench.run(idle)
    known = sum(value is not None for p in passes for phase in p.expected for value in phase)
    assert len(bench.compared) == known, f"compared {len(bench.compared)} of {known} sums"
    assert bench.held > 0, "no result ever waited"
    assert (bench.idle_cycles > 0) == (idle is not always), f"{bench.idle_cycles} idle cycles"


# (Windows, Lanes, Couts, Packing): packed lanes, an odd number of them, and layer 4
SHAPES = [(1, 4, 4, 1), (1, 1, 1, 1), (1, 8, 8, 0), (2, 8, 1, 1)]


@pytest.mark.parametrize(("windows", "lanes_", "couts", "packing"), SHAPES)
def test_convt_macs(simulator, windows, lanes_, couts, packing):
    shape = {"Windows": windows, "Lanes": lanes_, "Couts": couts, "Packing": packing}
    run_cocotb(
        "convt_macs",
        __file__,
        simulator,
        parameters={**shape, "ActWidth": 9, "WeightWidth": WEIGHT_BITS, "AccWidth": 24},
        min_tests=len(STALLS),
    )
