# SPDX-License-Identifier: Apache-2.0
"""The Colorlight top answers an info request at its own pins with its own network."""

from __future__ import annotations

import cocotb
from avatar_host import protocol as p
from cocotb.clock import Clock
from cocotb.triggers import Timer

from tb.lib.build import run_cocotb
from tb.lib.network import exported, under_test
from tb.lib.serial_line import Listener, Sender

CRYSTAL_HZ = 25_000_000
BAUD = 3_125_000
BIT_PS = 10**12 // BAUD


@cocotb.test()
async def info_names_clock_and_network(dut):
    cocotb.start_soon(Clock(dut.clk_25mhz_i, 40, unit="ns", impl="gpi").start())
    sender = Sender(dut.uart_rx_i, BIT_PS)
    await Timer(4, unit="us")
    listener = Listener(dut.uart_tx_o, BIT_PS)
    await sender.send(p.encode_request(p.Frame(9, p.INFO, b"")))
    size = 2 + p.HEAD.size + p.INFO_WORDS.size + p.CRC.size
    (frame,) = p.reply_decoder().feed(await listener.read(size, 1000))
    words = p.INFO_WORDS.unpack(frame.payload)
    channels = under_test().integers.config.channels
    assert frame.tag == 9 and words[1:3] == (CRYSTAL_HZ, BAUD)
    assert words[9:] == (channels[1] | channels[2] << 16, channels[3] | channels[4] << 16)
    assert int(dut.led_no.value) == 1, "idle: the light is off"


def test_board_colorlight_i9(simulator):
    parameters = {
        "Multiply": 1,
        "Post": 1,
        "Baud": BAUD,
        "RomDir": str(exported("tiny").rom_dir),
    }
    run_cocotb("board_colorlight_i9", __file__, simulator, parameters=parameters)
