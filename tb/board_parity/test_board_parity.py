# SPDX-License-Identifier: Apache-2.0
"""board_parity reads every word of every memory while the Generator rests, and tells odd sums."""

from __future__ import annotations

import random
from collections import deque

import cocotb
from cocotb.triggers import FallingEdge
from dcgan.hw.block_ram import SLICE_BITS, tables

from tb.lib.build import run_cocotb
from tb.lib.network import under_test
from tb.lib.stream import pulse_reset, start

REST = 50
WORD_CYCLES = 2
LATENCY = 8  # of a check: mem_pkg
END_CYCLES = LATENCY + 5  # from the last word to the verdict, at most
ADDRESS_BITS, SLICE_INDEX_BITS = 20, 12
CHECK = (1 << SLICE_INDEX_BITS) - 1
SOURCES = [
    "rtl/dcgan/dcgan_shape_pkg.sv",
    "rtl/mem/mem_pkg.sv",
    "rtl/board/board_parity.sv",
]


def expected_reads() -> list[tuple[int, int]]:
    """Memory and address of every word, in the order of a walk."""
    network = under_test()
    found = tables(network.integers.config, network.folding).values()
    return [(number, at) for number, memory in enumerate(found) for at in range(memory.depth)]


class Bench:
    """The device, and memories whose words are one bit each: their parity."""

    def __init__(self, dut):
        self.dut = dut
        self.every = expected_reads()
        self.memories = 1 + self.every[-1][0]
        self.words = {place: random.getrandbits(1) for place in self.every}
        self.even()
        self.reads: list[tuple[int, int]] = []
        self.spoilt = 0
        # What was asked in the last cycles, the oldest first: that is answered, the rest is noise.
        self.answers: deque[tuple[int, int] | None] = deque([None] * (LATENCY + 1), LATENCY + 1)

    def even(self) -> None:
        """All words together have an even number of ones."""
        self.words[self.every[0]] ^= sum(self.words.values()) % 2

    async def start(self) -> Bench:
        dut = self.dut
        for name in ("run_i", "busy_i", "load_valid_i", "load_i", "odd_i"):
            getattr(dut, name).value = 0
        await start(dut)
        await FallingEdge(dut.clk_i)
        return self

    async def cycles(self, count: int) -> None:
        for _ in range(count):
            await self.cycle()

    async def cycle(self) -> None:
        """One cycle; what is asked in it is answered LATENCY cycles later."""
        dut, noise = self.dut, random.getrandbits(self.memories)
        asked = self.answers[0]
        if asked is not None:
            memory = asked[0]
            noise = noise & ~(1 << memory) | self.words[asked] << memory
        dut.odd_i.value = noise
        await FallingEdge(dut.clk_i)
        self.spoilt += int(dut.spoilt_o.value)
        self.answers.append(self._asked())

    def _asked(self) -> tuple[int, int] | None:
        valid, load = int(self.dut.load_valid_o.value), int(self.dut.load_o.value)
        if not valid or load >> SLICE_BITS + ADDRESS_BITS != CHECK:
            return None
        memory = valid.bit_length() - 1
        assert valid == 1 << memory, f"memories {valid:b} are asked at once"
        place = memory, load >> SLICE_BITS & (1 << ADDRESS_BITS) - 1
        self.reads.append(place)
        return place

    async def walk(self) -> None:
        """Rest, all words once, verdict."""
        self.reads.clear()
        self.spoilt = 0
        before = REST + WORD_CYCLES * len(self.every)
        await self.cycles(before + END_CYCLES)
        assert self.reads == self.every


@cocotb.test()
async def every_word_is_read_once_and_any_odd_change_is_told(dut):
    bench = await Bench(dut).start()
    dut.run_i.value = 1
    for changed in (0, 1, 2, 1, 3):
        flips = random.sample(bench.every, changed)
        for place in flips:
            bench.words[place] ^= 1
        await bench.walk()
        assert bench.spoilt == changed % 2, f"{changed} words changed: {flips}"
        for place in flips:
            bench.words[place] ^= 1
        dut.busy_i.value = 1  # the next walk begins at a known cycle
        await bench.cycles(2)
        dut.busy_i.value = 0


@cocotb.test()
async def the_first_and_the_last_word_count(dut):
    bench = await Bench(dut).start()
    dut.run_i.value = 1
    for place in (bench.every[0], bench.every[-1]):
        bench.words[place] ^= 1
        await bench.walk()
        assert bench.spoilt == 1
        bench.words[place] ^= 1
        dut.busy_i.value = 1
        await bench.cycles(2)
        dut.busy_i.value = 0


@cocotb.test()
async def walks_follow_one_another_and_are_independent(dut):
    bench = await Bench(dut).start()
    dut.run_i.value = 1
    period = REST + WORD_CYCLES * len(bench.every) + LATENCY + 5
    bench.words[bench.every[7]] ^= 1
    await bench.cycles(3 * period)
    assert bench.spoilt in (2, 3) and len(bench.reads) > 2 * len(bench.every)
    assert bench.reads[len(bench.every) :][: len(bench.every)] == bench.every


@cocotb.test()
async def nothing_is_asked_while_the_generator_draws_or_has_no_network(dut):
    bench = await Bench(dut).start()
    bench.words[bench.every[3]] ^= 1
    await bench.cycles(3 * REST)
    assert not bench.reads, "no network"
    for ends in (dut.busy_i, dut.run_i):
        for within in (3, REST - 1, REST + 5, REST + 40, REST + 41):
            dut.run_i.value, dut.busy_i.value = 1, 0
            await bench.cycles(within)
            ends.value = int(ends is dut.busy_i)
            await bench.cycles(2)  # what was decided before
            bench.reads.clear()
            await bench.cycles(3 * REST)
            assert not bench.reads, f"after {within} cycles of rest"
    assert bench.spoilt == 0
    dut.run_i.value, dut.busy_i.value = 1, 0
    await bench.walk()
    assert bench.spoilt == 1, "a walk that was ended leaves nothing behind"


@cocotb.test()
async def a_rest_that_was_broken_off_begins_anew(dut):
    """Answers to a load, or to a walk before it, have come by then."""
    bench = await Bench(dut).start()
    dut.run_i.value = 1
    for within in (1, REST // 2, REST - 4, REST - 2, REST - 1):
        dut.busy_i.value = 1
        await bench.cycles(2)
        dut.busy_i.value = 0
        await bench.cycles(within)
        dut.busy_i.value = 1
        await bench.cycles(2)
        dut.busy_i.value = 0
        bench.reads.clear()
        await bench.cycles(REST)
        assert not bench.reads, f"asked before a whole rest, {within} cycles of the one before"
        await bench.cycles(LATENCY + 1)
        assert bench.reads


@cocotb.test()
async def a_loader_is_passed_on_one_cycle_later(dut):
    bench = await Bench(dut).start()
    width = SLICE_BITS + ADDRESS_BITS + SLICE_INDEX_BITS
    for run in (0, 1):
        dut.run_i.value = run
        for _ in range(REST // 2):
            valid, load = random.getrandbits(bench.memories), random.getrandbits(width)
            dut.load_valid_i.value, dut.load_i.value = valid, load
            await FallingEdge(dut.clk_i)
            assert (int(dut.load_valid_o.value), int(dut.load_o.value)) == (valid, load)


@cocotb.test()
async def a_reset_ends_a_walk(dut):
    bench = await Bench(dut).start()
    dut.run_i.value = 1
    await bench.cycles(REST + 100)
    assert bench.reads
    await pulse_reset(dut)
    await FallingEdge(dut.clk_i)
    bench.answers.extend([None] * (LATENCY + 1))
    bench.words[bench.every[-2]] ^= 1
    await bench.walk()
    assert bench.spoilt == 1


def test_board_parity(simulator):
    run_cocotb(
        "board_parity",
        __file__,
        simulator,
        parameters={"Cycles": REST},
        sources=SOURCES,
        min_tests=7,
    )
