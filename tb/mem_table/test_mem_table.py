# SPDX-License-Identifier: Apache-2.0
"""mem_table gives every word two enabled cycles after its address: of a file, then of a loader."""

from __future__ import annotations

import os
import random
from collections import deque
from collections.abc import Iterator

import cocotb
import pytest
from cocotb.clock import Clock
from cocotb.triggers import ClockCycles, RisingEdge
from dcgan.hw.image import SLICE_BITS, slices
from dcgan.hw.rom import build_roms

from tb.lib.build import run_cocotb
from tb.lib.network import Network, exported, under_test
from tb.lib.read_port import read_through
from tb.lib.scoreboard import lanes, pack, seed_note
from tb.lib.stream import PERIOD_NS, always, bursty, random_half, random_third

ROM_VARIABLE = "ROM_UNDER_TEST"
SPLIT_LANES = "layer2.hex"  # 16 lanes a word
ODD_WIDTH = "offset.hex"  # the width is no multiple of 4
LARGEST = "tanh.hex"
ONE_SLICE = "parameters.hex"
FULL_SLICES, MANY_SLICES = 2 * SLICE_BITS, 5 * SLICE_BITS  # many: two groups of parities
ADDRESS_BITS, SLICE_INDEX_BITS = 20, 12  # of a load: mem_pkg
CHECK_SLICE = 2**SLICE_INDEX_BITS - 1
CHECK_LATENCY = 8
READ_LATENCY = 3
CHECKS = 150


def never() -> Iterator[bool]:
    """Reading is held."""
    while True:
        yield False


def golden_words(network: Network, name: str) -> list[int]:
    """The words that the export was asked to write."""
    rom = build_roms(network.integers, network.folding)[name]
    return [pack(lanes, rom.lane_width) for lanes in rom.values]


def check_of(dut, words: list[int]):
    """What read_through asks when the word of an address has to stand at the output."""

    def check(address: int) -> None:
        got = dut.data_o.value
        assert got == words[address], (
            f"address {address}: expected {words[address]:#x}, got {got}   ({seed_note()})"
        )

    return check


async def begin(dut) -> None:
    """Nothing is loaded yet; the clock runs, two edges have passed: nothing is checked either."""
    dut.load_valid_i.value = 0
    dut.load_i.value = 0
    cocotb.start_soon(Clock(dut.clk_i, PERIOD_NS, "ns").start())
    await ClockCycles(dut.clk_i, 2)


@cocotb.test()
@cocotb.parametrize(enabled=[always, bursty, random_half, random_third])
async def every_word_comes_three_enabled_cycles_after_its_address(dut, enabled):
    words = golden_words(under_test(), os.environ[ROM_VARIABLE])
    addresses = list(range(len(words))) + random.choices(range(len(words)), k=300)
    await begin(dut)
    held = await read_through(
        dut.clk_i,
        dut.en_i,
        enabled,
        addresses,
        lambda a: setattr(dut.addr_i, "value", a),
        check_of(dut, words),
        READ_LATENCY,
    )
    assert (held > 0) == (enabled is not always), f"the output was held in {held} cycles"


@cocotb.test()
@cocotb.parametrize(enabled=[never, always, random_half])
async def a_check_gives_the_parity_of_a_word_also_while_reading_is_held(dut, enabled):
    """Before anything is loaded: the memory holds the words of its file."""
    words = golden_words(under_test(), os.environ[ROM_VARIABLE])
    await begin(dut)
    go, awaited = enabled(), deque([None] * CHECK_LATENCY)
    # Few words of a file may be odd: both kinds are asked for.
    kinds = [[a for a, word in enumerate(words) if word.bit_count() % 2 == odd] for odd in (0, 1)]
    asked = [random.choice((None, *map(random.choice, kinds))) for _ in range(CHECKS)]
    for address in [*asked, *[None] * CHECK_LATENCY]:
        dut.en_i.value = int(next(go))
        dut.addr_i.value = random.randrange(len(words))
        dut.load_valid_i.value = int(address is not None)
        dut.load_i.value = load_word(CHECK_SLICE, address or 0, random.getrandbits(SLICE_BITS))
        awaited.append(address)
        await RisingEdge(dut.clk_i)
        if (checked := awaited.popleft()) is not None:
            odd = words[checked].bit_count() % 2
            assert dut.odd_o.value == odd, f"address {checked}: not {odd}   ({seed_note()})"


@cocotb.test()
async def what_was_read_stays_whatever_passes_on_the_bus(dut):
    words = golden_words(under_test(), os.environ[ROM_VARIABLE])
    others = range(slices(len(dut.data_o)), CHECK_SLICE)
    await begin(dut)
    for address in random.choices(range(len(words)), k=20):
        dut.en_i.value, dut.addr_i.value = 1, address
        await ClockCycles(dut.clk_i, READ_LATENCY)
        dut.en_i.value = 0
        for _ in range(2 * CHECK_LATENCY):
            valid = random.getrandbits(1)
            dut.addr_i.value = random.randrange(len(words))
            dut.load_valid_i.value = valid
            index = random.choice(others) if valid else CHECK_SLICE
            dut.load_i.value = load_word(index, random.randrange(len(words)), random.getrandbits(9))
            await RisingEdge(dut.clk_i)
            check_of(dut, words)(address)
        dut.load_valid_i.value = 0
        await RisingEdge(dut.clk_i)


@cocotb.test()
async def a_slice_arrives_at_its_word_and_only_there(dut):
    """Half of all slices, then the others; between them garbage without valid, or for no slice."""
    width = len(dut.data_o)
    count, mask = slices(width), (1 << width) - 1
    memory = [
        lanes(word, count, SLICE_BITS)
        for word in golden_words(under_test(), os.environ[ROM_VARIABLE])
    ]
    every = [(address, index) for address in range(len(memory)) for index in range(count)]
    random.shuffle(every)
    await begin(dut)
    dut.en_i.value = 0
    ignored = 0
    for part in (every[: len(every) // 2], every[len(every) // 2 :]):
        for address, index in part:
            bits = random.getrandbits(SLICE_BITS)
            stray = random.random()
            if stray < 0.3:
                dut.load_valid_i.value = int(stray < 0.1)
                other = random.randint(count, CHECK_SLICE - 1) if stray < 0.1 else index
                dut.load_i.value = load_word(other, address, ~bits)
                ignored += 1
                await RisingEdge(dut.clk_i)
            dut.load_valid_i.value = 1
            dut.load_i.value = load_word(index, address, bits)
            memory[address][index] = bits
            await RisingEdge(dut.clk_i)
        dut.load_valid_i.value = 0
        await RisingEdge(dut.clk_i)
        words = [pack(values, SLICE_BITS) & mask for values in memory]
        await read_through(
            dut.clk_i,
            dut.en_i,
            always,
            list(range(len(words))),
            lambda a: setattr(dut.addr_i, "value", a),
            check_of(dut, words),
            READ_LATENCY,
        )
        dut.en_i.value = 0
    assert ignored > 0


@cocotb.test()
async def a_check_sees_every_slice_that_was_loaded(dut):
    """The last test: it loads over the words of the file."""
    width, depth = len(dut.data_o), len(golden_words(under_test(), os.environ[ROM_VARIABLE]))
    await begin(dut)
    dut.en_i.value = 0
    for _ in range(CHECKS // 5):
        address = random.randrange(depth)
        word = random.getrandbits(width)
        for index, part in enumerate(lanes(word, slices(width), SLICE_BITS)):
            dut.load_valid_i.value = 1
            dut.load_i.value = load_word(index, address, part)
            await RisingEdge(dut.clk_i)
        dut.load_i.value = load_word(CHECK_SLICE, address, random.getrandbits(SLICE_BITS))
        await RisingEdge(dut.clk_i)
        dut.load_valid_i.value = 0
        await ClockCycles(dut.clk_i, CHECK_LATENCY)
        assert dut.odd_o.value == word.bit_count() % 2, f"address {address}: {word:#x}"


def load_word(index: int, address: int, bits: int) -> int:
    """A write as mem_pkg packs it: slice, address, bits."""
    return (index << ADDRESS_BITS | address) << SLICE_BITS | bits & (1 << SLICE_BITS) - 1


@pytest.mark.parametrize(
    ("name", "width"),
    [
        (SPLIT_LANES, 0),
        (ODD_WIDTH, 0),
        (LARGEST, 0),
        (ONE_SLICE, 0),
        (ONE_SLICE, FULL_SLICES),
        (ONE_SLICE, MANY_SLICES),
    ],
)
def test_mem_table(simulator, name, width):
    """width 0: that of the file; a wider word is filled up with zeros."""
    network = exported("tiny")
    rom = build_roms(network.integers, network.folding)[name]
    run_cocotb(
        "mem_table",
        __file__,
        simulator,
        parameters={
            "Width": width or rom.width,
            "Depth": len(rom.values),
            "File": str(network.rom_dir / name),
        },
        environment={ROM_VARIABLE: name},
        min_tests=10,
    )
