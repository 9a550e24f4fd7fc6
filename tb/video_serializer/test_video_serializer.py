# SPDX-License-Identifier: Apache-2.0
"""video_serializer sends ten bits a pixel clock, low bit first, at any phase of the two clocks."""

from __future__ import annotations

import random

import cocotb
from cocotb.clock import Clock
from cocotb.triggers import FallingEdge, Timer
from cocotb.utils import get_sim_time

from tb.lib.build import run_cocotb

SHIFT_PS = 8_000
VIDEO_PS = 5 * SHIFT_PS
SYMBOLS = 60
SETTLE = 6


def line_bits(symbols: list[int]) -> str:
    """The levels of the pin, one character each: ten bits a symbol, the low one first."""
    return "".join(f"{symbol:010b}"[::-1] for symbol in symbols)


@cocotb.test()
@cocotb.parametrize(phase_ps=[0, 1_000, 2_500, 3_900, 5_000, 7_500])
async def bits_leave_in_order_whatever_the_phase(dut, phase_ps):
    dut.video_rst_ni.value = 0
    dut.symbol_i.value = 0
    cocotb.start_soon(Clock(dut.video_clk_i, VIDEO_PS, unit="ps").start())

    async def shift_clock():
        if phase_ps:
            await Timer(phase_ps, unit="ps")
        await Clock(dut.shift_clk_i, SHIFT_PS, unit="ps").start()

    cocotb.start_soon(shift_clock())
    bits: list[int] = []
    times: list[float] = []

    async def sample():
        await FallingEdge(dut.shift_clk_i)
        await Timer(SHIFT_PS // 4, unit="ps")
        while True:
            bits.append(int(dut.pin_o.value) if dut.pin_o.value.is_resolvable else 0)
            times.append(get_sim_time("ps"))
            await Timer(SHIFT_PS // 2, unit="ps")

    await FallingEdge(dut.video_clk_i)
    dut.video_rst_ni.value = 1
    cocotb.start_soon(sample())
    sent = [random.getrandbits(10) for _ in range(SYMBOLS)]
    offered = []
    for symbol in sent:
        dut.symbol_i.value = symbol
        offered.append(get_sim_time("ps") + VIDEO_PS // 2)
        await FallingEdge(dut.video_clk_i)
    for _ in range(3):
        await FallingEdge(dut.video_clk_i)
    line = "".join(map(str, bits))
    wanted = line_bits(sent[SETTLE:])
    assert wanted in line
    latency = (times[line.index(wanted)] - SHIFT_PS // 4 - offered[SETTLE]) / SHIFT_PS
    assert 3 < latency <= 4, f"taken {latency} shift clocks behind its edge: not while it stands"


def test_video_serializer(simulator):
    sources = ["rtl/video/video_ddr.sv", "rtl/video/video_serializer.sv"]
    run_cocotb("video_serializer", __file__, simulator, sources=sources, min_tests=6)
