# SPDX-License-Identifier: Apache-2.0
"""mem_rom_row gives every weight word of layer 1, five cycles after its row and bank."""

from __future__ import annotations

import random
from collections import deque

import cocotb
import numpy as np
from cocotb.clock import Clock
from cocotb.triggers import RisingEdge
from dcgan.hw.rom_words import banks_and_rows, layer1_words

from tb.lib.build import run_cocotb
from tb.lib.network import exported, under_test
from tb.lib.scoreboard import pack, seed_note
from tb.lib.stream import PERIOD_NS

LATENCY = 5
ROM = "layer1.hex"


def golden_words() -> np.ndarray:
    """The words as they are multiplied, one after the other: [words, lanes]."""
    network = under_test()
    return layer1_words(network.integers.weights[0], network.folding.layer(1).couts)


@cocotb.test()
@cocotb.parametrize(in_order=[True, False])
async def every_word_comes_four_cycles_after_its_place(dut, in_order):
    words, banks = golden_words(), dut.Banks.value.to_unsigned()
    bits = len(dut.data_o) // words.shape[1]
    numbers = list(range(len(words)))
    if not in_order:
        random.shuffle(numbers)
        numbers = numbers[:1500]
    cocotb.start_soon(Clock(dut.clk_i, PERIOD_NS, "ns").start())
    await RisingEdge(dut.clk_i)
    waiting: deque[int] = deque()
    for number in [*numbers, *numbers[:LATENCY]]:
        dut.row_i.value, dut.bank_i.value = number // banks, number % banks
        waiting.append(number)
        await RisingEdge(dut.clk_i)
        if len(waiting) > LATENCY:
            asked = waiting.popleft()
            expected = pack(words[asked], bits)
            got = dut.data_o.value
            assert got == expected, (
                f"word {asked}: expected {expected:#x}, got {got}   ({seed_note()})"
            )


def test_mem_rom_row(simulator):
    chosen = exported("tiny")
    couts = chosen.folding.layer(1).couts
    banks, rows = banks_and_rows(len(layer1_words(chosen.integers.weights[0], couts)))
    run_cocotb(
        "mem_rom_row",
        __file__,
        simulator,
        parameters={
            "Width": couts * chosen.integers.weight_bits[0],
            "Banks": banks,
            "Rows": rows,
            "File": str(chosen.rom_dir / ROM),
        },
        min_tests=2,
    )
