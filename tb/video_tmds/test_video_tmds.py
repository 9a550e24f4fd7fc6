# SPDX-License-Identifier: Apache-2.0
"""video_tmds sends symbols that a DVI receiver decodes, balanced and with few transitions."""

from __future__ import annotations

import random

import cocotb
from cocotb.clock import Clock
from cocotb.triggers import FallingEdge

from tb.lib.build import run_cocotb
from tb.lib.dvi import CONTROL_SYMBOLS, decode_symbol, ones, transitions

LATENCY = 2


def encoded(data: int, excess: int) -> tuple[int, int]:
    """The symbol of a byte, and the excess of ones behind it: DVI 1.0, figure 3-5, step by step."""
    xnor = data.bit_count() > 4 or (data.bit_count() == 4 and not data & 1)
    chain = data & 1
    for bit in range(1, 8):
        chain |= ((data >> bit ^ chain >> (bit - 1)) & 1 ^ xnor) << bit
    surplus = 2 * chain.bit_count() - 8
    if excess == 0 or surplus == 0:
        invert, excess = xnor, excess + (-surplus if xnor else surplus)
    elif (excess > 0) == (surplus > 0):
        invert, excess = True, excess + 2 * (not xnor) - surplus
    else:
        invert, excess = False, excess - 2 * xnor + surplus
    return invert << 9 | (not xnor) << 8 | (chain ^ 0xFF if invert else chain), excess


async def send(dut, inputs: list[tuple[int, int, int]]) -> list[int]:
    """(active, control, data) for each cycle -> the symbols that belong to them."""
    cocotb.start_soon(Clock(dut.clk_i, 10, unit="ns").start())
    symbols = []
    for active, control, data in inputs + [(0, 0, 0)] * LATENCY:
        dut.active_i.value, dut.control_i.value, dut.data_i.value = active, control, data
        await FallingEdge(dut.clk_i)
        symbols.append(dut.symbol_o.value)
    return [int(symbol) for symbol in symbols[LATENCY - 1 : LATENCY - 1 + len(inputs)]]


@cocotb.test()
async def every_byte_is_decoded_from_any_running_sum(dut):
    data = [*range(256), *(random.getrandbits(8) for _ in range(4_000)), *range(255, -1, -1)]
    symbols = await send(dut, [(0, 0, 0), *((1, 0, byte) for byte in data)])
    assert [decode_symbol(symbol) for symbol in symbols[1:]] == data


@cocotb.test()
async def the_line_stays_balanced(dut):
    data = [random.choice((0x00, 0xFF, 0x10, 0xEF, random.getrandbits(8))) for _ in range(4_000)]
    symbols = await send(dut, [(0, 0, 0), *((1, 0, byte) for byte in data)])
    total, worst = 0, 0
    for symbol in symbols[1:]:
        total += 2 * ones(symbol) - 10
        worst = max(worst, abs(total))
    assert worst <= 10


@cocotb.test()
async def picture_symbols_have_at_most_five_transitions(dut):
    symbols = await send(dut, [(0, 0, 0), *((1, 0, byte) for byte in range(256))])
    assert max(transitions(symbol & 0xFF) for symbol in symbols[1:]) <= 4
    assert max(transitions(symbol) for symbol in symbols[1:]) <= 5


@cocotb.test()
async def control_symbols_are_those_of_the_standard(dut):
    controls = [random.randrange(4) for _ in range(100)]
    symbols = await send(dut, [(0, control, 0x3C) for control in controls])
    assert symbols == [CONTROL_SYMBOLS[control] for control in controls]


@cocotb.test()
async def symbols_are_those_of_the_standard_between_pauses_of_any_length(dut):
    inputs = [(0, 0, 0)]
    for _ in range(400):
        inputs += [(1, 0, random.getrandbits(8)) for _ in range(random.randint(1, 12))]
        inputs += [(0, random.randrange(4), 0) for _ in range(random.randint(1, 3))]
    excess, expected = 0, []
    for active, control, data in inputs:
        symbol, excess = encoded(data, excess) if active else (CONTROL_SYMBOLS[control], 0)
        expected.append(symbol)
    assert await send(dut, inputs) == expected


def test_video_tmds(simulator):
    run_cocotb("video_tmds", __file__, simulator, sources=["rtl/video/video_tmds.sv"])
