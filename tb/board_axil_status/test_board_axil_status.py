# SPDX-License-Identifier: Apache-2.0
"""board_axil_status serves a third-party AXI4-Lite master: reads give words, writes fail.

That master offers address and payload of a write together. The tests below it drive the channels
themselves, one before the other.
"""

from __future__ import annotations

import logging
import random

import cocotb
from cocotb.triggers import FallingEdge, RisingEdge
from cocotbext.axi import AxiLiteBus, AxiLiteMaster

from tb.lib.build import run_cocotb
from tb.lib.stream import pulse_reset, start

WORDS = 7
SLAVE_ERROR = 2


def expected_word(values: list[int], index: int) -> int:
    """What word `index` reads as: zero beyond the last one."""
    return values[index] if index < len(values) else 0


def pauses():
    while True:
        yield random.random() < 0.4


@cocotb.test()
@cocotb.parametrize(stalled=[False, True])
async def reads_return_words_and_writes_are_refused(dut, stalled):
    logging.getLogger("cocotb").setLevel(logging.WARNING)
    values = [random.getrandbits(32) for _ in range(WORDS)]
    dut.words_i.value = sum(value << 32 * i for i, value in enumerate(values))
    bus = AxiLiteBus.from_prefix(dut, "s_axil")
    master = AxiLiteMaster(bus, dut.aclk, dut.aresetn, reset_active_level=False)
    if stalled:
        for channel in (
            master.read_if.ar_channel,
            master.read_if.r_channel,
            master.write_if.aw_channel,
            master.write_if.w_channel,
            master.write_if.b_channel,
        ):
            channel.set_pause_generator(pauses())
    await start(dut, "aclk", "aresetn")
    await RisingEdge(dut.aclk)
    for _ in range(3):
        for index in random.sample(range(WORDS + 2), WORDS + 2):
            data = (await master.read(4 * index, 4)).data
            wanted = expected_word(values, index)
            assert int.from_bytes(data, "little") == wanted, f"word {index}"
        answer = await master.write(0, b"\1\2\3\4")
        assert int(answer.resp) == SLAVE_ERROR


class WriteChannels:
    """The three channels of writes, cycle by cycle: what the master shows, what the device does."""

    def __init__(self, dut):
        self.dut = dut
        for name in ("awvalid", "wvalid", "bready", "arvalid", "rready"):
            getattr(dut, f"s_axil_{name}").value = 0

    async def cycle(self, awvalid: int, wvalid: int, bready: int) -> tuple[int, int, int]:
        """One cycle with these signals; returns awready, wready, bvalid in it."""
        self.dut.s_axil_awvalid.value = awvalid
        self.dut.s_axil_wvalid.value = wvalid
        self.dut.s_axil_bready.value = bready
        await FallingEdge(self.dut.aclk)
        now = tuple(
            int(getattr(self.dut, f"s_axil_{name}").value)
            for name in ("awready", "wready", "bvalid")
        )
        await RisingEdge(self.dut.aclk)
        return now


@cocotb.test()
@cocotb.parametrize(first=["address", "payload", "both"], wait=[0, 1, 4], slow=[0, 3])
async def a_write_is_answered_once_after_address_and_payload(dut, first, wait, slow):
    channels = WriteChannels(dut)
    await start(dut, "aclk", "aresetn")
    await RisingEdge(dut.aclk)
    assert await channels.cycle(0, 0, 0) == (1, 1, 0), "idle: both channels are open"
    address, payload = first != "payload", first != "address"
    assert await channels.cycle(address, payload, 1) == (1, 1, 0)
    if first != "both":
        for _ in range(wait):
            now = await channels.cycle(0, 0, 1)
            assert now == (not address, not payload, 0), "half a write: no answer, its channel shut"
        assert await channels.cycle(not address, not payload, 0) == (not address, not payload, 0)
    for _ in range(slow):
        assert await channels.cycle(0, 0, 0) == (0, 0, 1), "the answer stays until it is taken"
    assert await channels.cycle(0, 0, 1) == (0, 0, 1)
    assert int(dut.s_axil_bresp.value) == SLAVE_ERROR
    for _ in range(3):
        assert await channels.cycle(0, 0, 1) == (1, 1, 0), "one answer, and open again"


@cocotb.test()
async def a_reset_forgets_half_a_write_and_an_answer(dut):
    channels = WriteChannels(dut)
    await start(dut, "aclk", "aresetn")
    await RisingEdge(dut.aclk)
    for address, payload in ((1, 0), (0, 1), (1, 1)):
        dut.s_axil_arvalid.value = 1
        await channels.cycle(address, payload, 0)
        dut.s_axil_arvalid.value = 0
        await channels.cycle(0, 0, 0)
        assert int(dut.s_axil_rvalid.value) == 1
        await pulse_reset(dut, "aclk", "aresetn")
        assert await channels.cycle(0, 0, 0) == (1, 1, 0)
        assert int(dut.s_axil_rvalid.value) == 0


def test_board_axil_status(simulator):
    sources = ["rtl/board/board_axil_status.sv"]
    run_cocotb(
        "board_axil_status",
        __file__,
        simulator,
        parameters={"Words": WORDS},
        sources=sources,
        min_tests=2 + 18 + 1,
    )
