# SPDX-License-Identifier: Apache-2.0
"""The Colorlight top answers at its own pins with its own network; its light tells of work."""

from __future__ import annotations

import cocotb
from avatar_host import protocol as p
from cocotb.clock import Clock
from cocotb.triggers import FallingEdge, Timer

from tb.lib.board_link import BoardLink
from tb.lib.build import run_cocotb
from tb.lib.network import exported

CRYSTAL_HZ = 25_000_000
BAUD = 3_125_000


async def switched_on(dut) -> BoardLink:
    """The board after its own reset, with its serial lines connected."""
    cocotb.start_soon(Clock(dut.clk_25mhz_i, 40, unit="ns", impl="gpi").start())
    dut.uart_rx_i.value = 1
    await Timer(4, unit="us")
    link = BoardLink(CRYSTAL_HZ, BAUD)
    link.connect(dut.uart_rx_i, dut.uart_tx_o)
    return link


async def goes_on(light) -> None:
    """Until a light that is low-active is on."""
    await FallingEdge(light)


@cocotb.test()
async def info_names_clock_and_network(dut):
    link = await switched_on(dut)
    await link.ask(p.INFO, b"", tag=9)
    assert int(dut.led_no.value) == 1, "idle: the light is off"


@cocotb.test()
async def the_light_is_on_while_an_avatar_is_drawn_and_no_longer(dut):
    link = await switched_on(dut)
    request = p.encode_request(p.Frame(9, p.INFO, b""))
    await link.sender.send([*request[:-1], request[-1] ^ 1])
    await link.sender.send([0x55], stop_level=0)
    await Timer(4, unit="us")
    assert int(dut.led_no.value) == 1, "a rejected request or a framing error lights it"
    lit = cocotb.start_soon(goes_on(dut.led_no))
    await link.ask(p.SEED, p.seed_payload(21, 1, summary=True))
    assert lit.done(), "an avatar was drawn in the dark"
    assert int(dut.led_no.value) == 1, "it stays on"


def test_board_colorlight_i9(simulator):
    parameters = {
        "Multiply": 1,
        "Post": 1,
        "Baud": BAUD,
        "RomDir": str(exported("tiny").rom_dir),
    }
    run_cocotb("board_colorlight_i9", __file__, simulator, parameters=parameters, min_tests=2)
