# SPDX-License-Identifier: Apache-2.0
"""board_crc32 is zlib's CRC-32, and knows a message that carries its own."""

from __future__ import annotations

import random
import struct
import zlib

import cocotb
from cocotb.clock import Clock
from cocotb.triggers import FallingEdge

from tb.lib.build import run_cocotb


async def fold(dut, message: bytes) -> None:
    """Clear, then one byte a cycle with pauses; a byte that comes with the clear counts nothing."""
    dut.clear_i.value = 1
    dut.valid_i.value = random.getrandbits(1)
    dut.data_i.value = random.getrandbits(8)
    await FallingEdge(dut.clk_i)
    dut.clear_i.value = 0
    for byte in message:
        dut.valid_i.value = 0
        for _ in range(random.choice((0, 0, 1))):
            await FallingEdge(dut.clk_i)
        dut.valid_i.value = 1
        dut.data_i.value = byte
        await FallingEdge(dut.clk_i)
    dut.valid_i.value = 0


@cocotb.test()
async def crc_of_any_message_is_that_of_zlib(dut):
    cocotb.start_soon(Clock(dut.clk_i, 10, unit="ns").start())
    for length in (0, 1, 2, 9, 100, 300):
        message = random.randbytes(length)
        await fold(dut, message)
        assert int(dut.crc_o.value) == zlib.crc32(message)


@cocotb.test()
async def a_message_with_its_crc_is_good_and_any_flipped_bit_is_not(dut):
    cocotb.start_soon(Clock(dut.clk_i, 10, unit="ns").start())
    message = random.randbytes(20)
    frame = message + struct.pack("<I", zlib.crc32(message))
    await fold(dut, frame)
    assert int(dut.good_o.value) == 1
    for bit in range(8 * len(frame)):
        wrong = bytearray(frame)
        wrong[bit // 8] ^= 1 << bit % 8
        await fold(dut, bytes(wrong))
        assert int(dut.good_o.value) == 0, f"bit {bit}"


def test_board_crc32(simulator):
    run_cocotb("board_crc32", __file__, simulator, sources=["rtl/board/board_crc32.sv"])
