# SPDX-License-Identifier: Apache-2.0
"""A board core after reset, with a serial line in simulated time at its pins."""

from __future__ import annotations

import random

import cocotb
from cocotb.clock import Clock
from cocotb.triggers import ClockCycles

from tb.lib.board_link import BoardLink
from tb.lib.network import exported

PERIOD_PS = 10_000
CLOCK_HZ = 100_000_000
BAUD = 10_000_000


class Bench(BoardLink):
    """board_core and its model."""

    def __init__(self, dut, seed: int):
        super().__init__(CLOCK_HZ, BAUD)
        self.dut = dut
        self.random = random.Random(seed)

    async def start(self) -> Bench:
        """Clock, reset, lines."""
        dut = self.dut
        cocotb.start_soon(Clock(dut.clk_i, PERIOD_PS, unit="ps", impl="gpi").start())
        dut.video_clk_i.value = 0
        dut.video_rst_ni.value = 0
        dut.button_i.value = 0
        dut.uart_rx_i.value = 1
        await self.reset()
        self.connect(dut.uart_rx_i, dut.uart_tx_o)
        return self

    async def reset(self) -> None:
        """Reset, and some cycles after it."""
        self.dut.rst_ni.value = 0
        await ClockCycles(self.dut.clk_i, 8)
        self.dut.rst_ni.value = 1
        await ClockCycles(self.dut.clk_i, 8)


def parameters() -> dict[str, int | str]:
    """A core without video, with the ROMs of `tiny`."""
    rom_dir = str(exported("tiny").rom_dir)
    return {"ClockHz": CLOCK_HZ, "Baud": BAUD, "WallScale": 0, "RomDir": rom_dir}
