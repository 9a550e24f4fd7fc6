# SPDX-License-Identifier: Apache-2.0
"""mem_table gives every word of a generated hex file, two enabled cycles after its address."""

from __future__ import annotations

import os
import random

import cocotb
import pytest
from cocotb.clock import Clock
from cocotb.triggers import RisingEdge
from dcgan.hw.rom import build_roms

from tb.lib.build import run_cocotb
from tb.lib.network import Network, exported, under_test
from tb.lib.read_port import read_through
from tb.lib.scoreboard import pack, seed_note
from tb.lib.stream import PERIOD_NS, always, bursty, random_half, random_third

ROM_VARIABLE = "ROM_UNDER_TEST"
SPLIT_LANES = "layer2.hex"  # 16 lanes a word
ODD_WIDTH = "offset.hex"  # the width is no multiple of 4
LARGEST = "tanh.hex"


def golden_words(network: Network, name: str) -> list[int]:
    """The words that the export was asked to write."""
    rom = build_roms(network.integers, network.folding)[name]
    return [pack(lanes, rom.lane_width) for lanes in rom.values]


@cocotb.test()
@cocotb.parametrize(enabled=[always, bursty, random_half, random_third])
async def every_word_comes_two_enabled_cycles_after_its_address(dut, enabled):
    name = os.environ[ROM_VARIABLE]
    words = golden_words(under_test(), name)
    addresses = list(range(len(words))) + random.choices(range(len(words)), k=300)
    cocotb.start_soon(Clock(dut.clk_i, PERIOD_NS, "ns").start())
    await RisingEdge(dut.clk_i)

    def check(address: int) -> None:
        got = dut.data_o.value
        assert got == words[address], (
            f"{name}, address {address}: expected {words[address]:#x}, got {got}   ({seed_note()})"
        )

    held = await read_through(
        dut.clk_i, dut.en_i, enabled, addresses, lambda a: setattr(dut.addr_i, "value", a), check
    )
    assert (held > 0) == (enabled is not always), f"the output was held in {held} cycles"


@pytest.mark.parametrize("name", [SPLIT_LANES, ODD_WIDTH, LARGEST])
def test_mem_table(simulator, name):
    network = exported("tiny")
    rom = build_roms(network.integers, network.folding)[name]
    run_cocotb(
        "mem_table",
        __file__,
        simulator,
        parameters={
            "Width": rom.width,
            "Depth": len(rom.values),
            "File": str(network.rom_dir / name),
        },
        environment={ROM_VARIABLE: name},
        min_tests=4,
    )
