# SPDX-License-Identifier: Apache-2.0
"""The Colorlight top answers an info request at its own pins with its own network."""

from __future__ import annotations

import cocotb
from avatar_host import protocol as p
from cocotb.clock import Clock
from cocotb.triggers import Timer

from tb.lib.board_link import BoardLink
from tb.lib.build import run_cocotb
from tb.lib.network import exported

CRYSTAL_HZ = 25_000_000
BAUD = 3_125_000


@cocotb.test()
async def info_names_clock_and_network(dut):
    cocotb.start_soon(Clock(dut.clk_25mhz_i, 40, unit="ns", impl="gpi").start())
    dut.uart_rx_i.value = 1
    await Timer(4, unit="us")
    link = BoardLink(CRYSTAL_HZ, BAUD)
    link.connect(dut.uart_rx_i, dut.uart_tx_o)
    await link.ask(p.INFO, b"", tag=9)
    assert int(dut.led_no.value) == 1, "idle: the light is off"


def test_board_colorlight_i9(simulator):
    parameters = {
        "Multiply": 1,
        "Post": 1,
        "Baud": BAUD,
        "RomDir": str(exported("tiny").rom_dir),
    }
    run_cocotb("board_colorlight_i9", __file__, simulator, parameters=parameters)
