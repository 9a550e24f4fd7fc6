# SPDX-License-Identifier: Apache-2.0
"""mem_ram returns what was last written, two enabled cycles after the address."""

from __future__ import annotations

import random

import cocotb
import pytest
from cocotb.clock import Clock
from cocotb.triggers import RisingEdge

from tb.lib.build import run_cocotb
from tb.lib.read_port import read_through
from tb.lib.scoreboard import seed_note
from tb.lib.stream import PERIOD_NS, always, bursty, random_half, random_third

ROUNDS = 600
STALLS = [always, bursty, random_half, random_third]


class Ram:
    """The device and the Python list that it has to equal."""

    def __init__(self, dut) -> None:
        self.dut = dut
        self.depth = dut.Depth.value.to_signed()
        self.words = [random.getrandbits(len(dut.write_data_i)) for _ in range(self.depth)]

    async def fill(self) -> None:
        """Clock on, every word written."""
        cocotb.start_soon(Clock(self.dut.clk_i, PERIOD_NS, "ns").start())
        self.dut.read_en_i.value = 0
        self.dut.read_addr_i.value = 0
        for address, word in enumerate(self.words):
            self.write(address, word)
            await RisingEdge(self.dut.clk_i)
        self.dut.write_en_i.value = 0

    def write(self, address: int, word: int) -> None:
        """Offer a write to the next edge."""
        self.dut.write_en_i.value = 1
        self.dut.write_addr_i.value = address
        self.dut.write_data_i.value = word

    def check(self, address: int, word: int) -> None:
        """The word must stand at the output."""
        got = self.dut.read_data_o.value
        assert got == word, f"address {address}: expected {word:#x}, got {got}   ({seed_note()})"


@cocotb.test()
@cocotb.parametrize(enabled=STALLS)
async def every_word_comes_back_while_others_are_asked_for(dut, enabled):
    ram = Ram(dut)
    await ram.fill()
    held = await read_through(
        dut.clk_i,
        dut.read_en_i,
        enabled,
        random.choices(range(ram.depth), k=ROUNDS),
        lambda address: setattr(dut.read_addr_i, "value", address),
        lambda address: ram.check(address, ram.words[address]),
    )
    assert (held > 0) == (enabled is not always), f"the output was held in {held} cycles"


@cocotb.test()
@cocotb.parametrize(enabled=STALLS)
async def a_word_is_seen_from_the_edge_after_its_write(dut, enabled):
    ram = Ram(dut)
    await ram.fill()
    go, asked, standing, seen_at_once, previous = enabled(), None, None, 0, None
    for _ in range(ROUNDS):
        enabled_now, writes = next(go), random.random() < 0.7
        written, word = random.randrange(ram.depth), random.getrandbits(len(dut.write_data_i))
        free = [a for a in range(ram.depth) if not (writes and a == written)]
        address = previous if previous in free and random.random() < 0.6 else random.choice(free)
        ram.write(written, word)
        dut.write_en_i.value = int(writes)
        dut.read_en_i.value = int(enabled_now)
        dut.read_addr_i.value = address
        await RisingEdge(dut.clk_i)
        if standing is not None:
            ram.check(*standing)
        if enabled_now:  # the words as they were before this edge
            asked, standing = (address, ram.words[address]), asked
            seen_at_once += address == previous
        if writes:
            ram.words[written] = word
        previous = written if writes else None
    assert seen_at_once > 10, f"only {seen_at_once} reads followed their write at once"


@pytest.mark.parametrize(("width", "depth"), [(17, 12), (1, 64)])
def test_mem_ram(simulator, width, depth):
    run_cocotb(
        "mem_ram",
        __file__,
        simulator,
        parameters={"Width": width, "Depth": depth},
        min_tests=2 * len(STALLS),
    )
