# SPDX-License-Identifier: Apache-2.0
"""video_timing repeats the table of 640 x 480 exactly."""

from __future__ import annotations

import cocotb
from cocotb.triggers import RisingEdge

from tb.lib.build import run_cocotb
from tb.lib.dvi import COLUMNS, HSYNC_END, HSYNC_START, LINES, VSYNC_END, VSYNC_START
from tb.lib.stream import start


def expected_timing(cycle: int) -> tuple[int, int, bool, bool, bool]:
    """(x, y, active, hsync, vsync) of a pixel clock since the first of a frame."""
    y, x = divmod(cycle % (COLUMNS * LINES), COLUMNS)
    active = x < 640 and y < 480
    return x, y, active, not HSYNC_START <= x < HSYNC_END, not VSYNC_START <= y < VSYNC_END


@cocotb.test()
async def a_frame_and_a_line_follow_the_table(dut):
    await start(dut)
    await RisingEdge(dut.clk_i)
    for cycle in range(COLUMNS * LINES + COLUMNS):
        got = (
            dut.x_o.value,
            dut.y_o.value,
            dut.active_o.value,
            dut.hsync_o.value,
            dut.vsync_o.value,
        )
        assert tuple(map(int, got)) == expected_timing(cycle), f"cycle {cycle}"
        await RisingEdge(dut.clk_i)


def test_video_timing(simulator):
    run_cocotb("video_timing", __file__, simulator, sources=["rtl/video/video_timing.sv"])
