# SPDX-License-Identifier: Apache-2.0
"""board_video_pins elaborates with its stand-ins: a clock, a reset, and a clock pin that toggles.

Its stand-in PLL has one clock where the chip has two, so only the wiring is seen here; the ten bits
of a symbol are followed in tb/video_serializer with real clock ratios.
"""

from __future__ import annotations

import cocotb
from cocotb.clock import Clock
from cocotb.triggers import FallingEdge

from tb.lib.build import run_cocotb

SOURCES = [
    "rtl/video/video_ddr.sv",
    "rtl/video/video_serializer.sv",
    "rtl/board/board_pll.sv",
    "rtl/board/board_reset.sv",
    "rtl/board/board_video_pins.sv",
]


@cocotb.test()
async def reset_ends_and_constant_symbols_stand_on_their_pins(dut):
    cocotb.start_soon(Clock(dut.clk_25mhz_i, 40, unit="ns").start())
    dut.symbols_i.value = 0x3FF << 10
    for _ in range(60):
        await FallingEdge(dut.clk_25mhz_i)
    assert int(dut.video_rst_no.value) == 1
    blue, green, red = (int(dut.pins_o.value) >> pin & 1 for pin in range(3))
    assert (blue, green, red) == (0, 1, 0)
    assert int(dut.pins_o.value) >> 3 == 1, "the clock's symbol begins with ones"


def test_board_video_pins(simulator):
    run_cocotb("board_video_pins", __file__, simulator, sources=SOURCES)
