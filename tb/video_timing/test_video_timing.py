# SPDX-License-Identifier: Apache-2.0
"""video_timing repeats the table of 640 x 480 exactly."""

from __future__ import annotations

import cocotb
from cocotb.triggers import RisingEdge

from tb.lib.build import run_cocotb
from tb.lib.dvi import COLUMNS, HSYNC_END, HSYNC_START, LINES, VSYNC_END, VSYNC_START
from tb.lib.stream import pulse_reset, start


def expected_timing(cycle: int) -> tuple[int, int, bool, bool, bool]:
    """(x, y, active, hsync, vsync) of a pixel clock since the first of a frame."""
    y, x = divmod(cycle % (COLUMNS * LINES), COLUMNS)
    active = x < 640 and y < 480
    return x, y, active, not HSYNC_START <= x < HSYNC_END, not VSYNC_START <= y < VSYNC_END


async def follow(dut, cycles: int) -> None:
    """Compare so many pixel clocks with the table; the first is that of a frame."""
    await RisingEdge(dut.clk_i)
    for cycle in range(cycles):
        got = (
            dut.x_o.value,
            dut.y_o.value,
            dut.active_o.value,
            dut.hsync_o.value,
            dut.vsync_o.value,
        )
        assert tuple(map(int, got)) == expected_timing(cycle), f"cycle {cycle}"
        await RisingEdge(dut.clk_i)


@cocotb.test()
async def a_frame_and_a_line_follow_the_table(dut):
    await start(dut)
    await follow(dut, COLUMNS * LINES + COLUMNS)


@cocotb.test()
async def a_frame_begins_behind_every_reset(dut):
    await start(dut)
    for cycles in (3 * COLUMNS + 5, 2 * COLUMNS):
        await follow(dut, cycles)
        await pulse_reset(dut)


def test_video_timing(simulator):
    sources = ["rtl/video/video_timing.sv"]
    run_cocotb("video_timing", __file__, simulator, sources=sources, min_tests=2)
