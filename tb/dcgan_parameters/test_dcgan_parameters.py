# SPDX-License-Identifier: Apache-2.0
"""dcgan_parameters hands out every word of its memory once, to the layer that it belongs to."""

from __future__ import annotations

import os
import random

import cocotb
import pytest
from cocotb.triggers import ClockCycles, FallingEdge
from dcgan.core.shapes import LAYER_NUMBERS
from dcgan.hw.block_ram import SLICE_BITS
from dcgan.hw.rom_words import parameter_words, start_values
from dcgan.hw.widths import PARAMETER_WIDTH, SHIFT_BITS
from dcgan.quant.int_generator import IntegerGenerator
from dcgan.quant.random_network import random_integer

from tb.lib.build import run_cocotb
from tb.lib.network import changed, network, under_test
from tb.lib.passes import with_latents
from tb.lib.scoreboard import lanes
from tb.lib.stream import pulse_reset, start

KIND_VARIABLE = "LATENT_KIND"
RESETS = 2


async def read(dut, identity: int) -> tuple[dict[int, list[int]], int]:
    """Biases by layer, in the order in which they come, and the cycles until all are there."""
    found: dict[int, list[int]] = {layer: [] for layer in LAYER_NUMBERS[1:]}
    for cycle in range(2000):
        await FallingEdge(dut.clk_i)
        if dut.loaded_o.value == 1:
            return found, cycle
        told = int(dut.identity_o.value)
        assert told == 0 or (cycle > 0 and told == identity), "an identity before it was read"
        named = int(dut.bias_valid_o.value)
        assert named in (0, 1, 2, 4), f"cycle {cycle}: a word for layers {named:03b}"
        if named:
            word = int(dut.bias_o.value)
            signed = word - (word >> (PARAMETER_WIDTH - 1) << PARAMETER_WIDTH)
            found[1 + named.bit_length()].append(signed)
    raise AssertionError("the parameters are never there")


async def expect(dut, ig: IntegerGenerator) -> None:
    """The parameters of `ig` come after the reset that has just ended, and nothing more."""
    found, cycles = await read(dut, ig.identity)
    for layer in LAYER_NUMBERS[1:]:
        assert found[layer] == start_values(ig, layer).tolist(), f"layer {layer}"
    assert lanes(int(dut.shift_o.value), 4, SHIFT_BITS) == list(ig.shifts)
    assert dut.binary_o.value == int(ig.binary)
    assert dut.identity_o.value == ig.identity, "another network tells its identity"
    words = 2 + sum(ig.config.channels[2:])
    assert cycles == words + 5, f"{cycles} cycles for {words} words"
    for _ in range(100):
        await FallingEdge(dut.clk_i)
        assert dut.loaded_o.value == 1
        assert dut.bias_valid_o.value == 0, "a word too many"


async def begin(dut) -> IntegerGenerator:
    dut.load_valid_i.value = 0
    dut.load_i.value = 0
    await start(dut)
    return with_latents(under_test().integers, os.environ[KIND_VARIABLE])


@cocotb.test()
async def every_word_reaches_its_place_once_after_every_reset(dut):
    ig = await begin(dut)
    for _ in range(RESETS):
        await expect(dut, ig)
        await pulse_reset(dut)


@cocotb.test()
async def a_reset_while_words_are_read_starts_over(dut):
    ig = await begin(dut)
    for _ in range(8):
        await ClockCycles(dut.clk_i, random.randint(1, 6 + sum(ig.config.channels[2:])))
        await pulse_reset(dut)
        await expect(dut, ig)
        await pulse_reset(dut)


@cocotb.test()
async def what_was_loaded_is_read_after_the_next_reset(dut):
    ig = await begin(dut)
    other = random_integer(ig.config, 5, ig.weight_bits)
    assert other.identity != ig.identity
    await FallingEdge(dut.clk_i)
    dut.rst_ni.value = 0
    for address, word in enumerate(parameter_words(other).tolist()):
        dut.load_valid_i.value = 1
        dut.load_i.value = address << SLICE_BITS | word & (1 << PARAMETER_WIDTH) - 1
        await FallingEdge(dut.clk_i)
    dut.load_valid_i.value = 0
    await pulse_reset(dut)
    await expect(dut, other)


@pytest.mark.parametrize("kind", ["normal", "binary"])
def test_dcgan_parameters(simulator, kind):
    tiny = network("tiny")
    chosen = changed(tiny, with_latents(tiny.integers, kind), tiny.folding)
    run_cocotb(
        "dcgan_parameters",
        __file__,
        simulator,
        network=chosen,
        parameters={"File": chosen.rom("parameters.hex")},
        environment={KIND_VARIABLE: kind},
        min_tests=3,
    )
