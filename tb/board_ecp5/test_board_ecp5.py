# SPDX-License-Identifier: Apache-2.0
"""What ECP5 boards share answers at its pins, from its own clock and reset, bit-exactly."""

from __future__ import annotations

import cocotb
from avatar_host import protocol as p
from cocotb.clock import Clock
from cocotb.triggers import Timer

from tb.lib.board_link import BoardLink
from tb.lib.build import run_cocotb
from tb.lib.network import exported

CRYSTAL_HZ, BAUD = 25_000_000, 3_125_000
# The simulated PLL passes the crystal through: the board believes its line to be faster.
MULTIPLY = 2
BUSY, AVATARS = 0x80, 0x1F  # lights


async def switched_on(dut) -> BoardLink:
    """The board after its own reset, with its serial lines connected."""
    cocotb.start_soon(Clock(dut.clk_25mhz_i, 40, unit="ns", impl="gpi").start())
    dut.button_i.value = 0
    dut.uart_rx_i.value = 1
    await Timer(4, unit="us")
    link = BoardLink(CRYSTAL_HZ * MULTIPLY, BAUD * MULTIPLY)
    link.bit_ps = 10**12 // BAUD
    link.connect(dut.uart_rx_i, dut.uart_tx_o)
    return link


@cocotb.test()
async def it_names_its_clock_and_network_and_draws_bit_exactly(dut):
    link = await switched_on(dut)
    await link.ask(p.INFO, b"")
    assert int(dut.led_o.value) & (BUSY | AVATARS) == 0, "nothing was drawn yet"
    await link.ask(p.SEED, p.seed_payload(21, 1, summary=True))
    assert int(dut.led_o.value) & (BUSY | AVATARS) == 1, "one avatar was drawn"


@cocotb.test()
async def the_wall_reaches_the_dvi_pins(dut):
    """The simulated PLL has one clock for pixels and bits: only the first two bits of each symbol
    are seen, which is enough to see that symbols arrive (tb/video_serializer follows all ten)."""
    await switched_on(dut)
    levels = [set() for _ in range(4)]
    for _ in range(2000):
        await Timer(20, unit="ns")
        for pin, seen in enumerate(levels):
            seen.add(int(dut.dvi_o.value) >> pin & 1)
    assert levels == [{0, 1}, {0, 1}, {0, 1}, {1}], f"levels of the pins: {levels}"


def test_board_ecp5(simulator):
    run_cocotb(
        "board_ecp5",
        __file__,
        simulator,
        parameters={
            "Multiply": MULTIPLY,
            "Post": 1,
            "Baud": BAUD * MULTIPLY,
            "RomDir": str(exported("tiny").rom_dir),
        },
        optimise=True,
        min_tests=2,
    )
