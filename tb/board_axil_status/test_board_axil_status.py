# SPDX-License-Identifier: Apache-2.0
"""board_axil_status serves a third-party AXI4-Lite master: reads give words, writes are handed on.

That master offers address and payload of a write together. The tests below it drive the channels
themselves, one before the other.
"""

from __future__ import annotations

import logging
import random

import cocotb
import pytest
from cocotb.triggers import FallingEdge, RisingEdge
from cocotbext.axi import AxiLiteBus, AxiLiteMaster

from tb.lib.build import run_cocotb
from tb.lib.stream import pulse_reset, start

OKAY, SLAVE_ERROR = 0, 2
WORD_BYTES = 4


class Taker:
    """Takes what is written: after a pause, as good or as bad, each at random."""

    def __init__(self, dut):
        self.dut = dut
        self.taken: list[tuple[int, int, bool]] = []  # index, data, good
        dut.write_ready_i.value = 0
        dut.write_good_i.value = 0
        cocotb.start_soon(self._run())

    async def _run(self) -> None:
        dut = self.dut
        while True:
            await FallingEdge(dut.aclk)
            ready, good = random.random() < 0.4, random.random() < 0.5
            dut.write_ready_i.value, dut.write_good_i.value = int(ready), int(good)
            if dut.write_valid_o.value == 1 and ready:
                word = (int(dut.write_index_o.value), int(dut.write_data_o.value), good)
                self.taken.append(word)


def expected_word(values: list[int], index: int) -> int:
    """What word `index` reads as: zero beyond the last one."""
    return values[index] if index < len(values) else 0


def pauses():
    while True:
        yield random.random() < 0.4


@cocotb.test(timeout_time=1, timeout_unit="ms")  # the master waits for ever
@cocotb.parametrize(stalled=[False, True])
async def reads_return_words_and_whole_words_are_handed_on(dut, stalled):
    logging.getLogger("cocotb").setLevel(logging.WARNING)
    dut.words_i.value = 0
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
    taker = Taker(dut)
    await start(dut, "aclk", "aresetn")
    await RisingEdge(dut.aclk)
    words, beyond = int(dut.Words.value), int(dut.Words.value) + 2
    for _ in range(3):
        values = [random.getrandbits(32) for _ in range(words)]
        dut.words_i.value = sum(value << 32 * i for i, value in enumerate(values))
        for index in random.sample(range(beyond), beyond):
            data = (await master.read(4 * index, 4)).data
            wanted = expected_word(values, index)
            assert int.from_bytes(data, "little") == wanted, f"word {index}"
        for index in random.sample(range(beyond), beyond):
            first = random.choice((0, 0, 0, 1, 3))
            data = random.randbytes(random.randint(1, WORD_BYTES - first) if first else WORD_BYTES)
            answer = await master.write(WORD_BYTES * index + first, data)
            if first:
                assert int(answer.resp) == SLAVE_ERROR and not taker.taken, "part of a word"
            else:
                got, word, good = taker.taken.pop()
                assert (got, word) == (index, int.from_bytes(data, "little"))
                assert int(answer.resp) == (OKAY if good else SLAVE_ERROR)
            assert not taker.taken, "handed on twice"


class WriteChannels:
    """The three channels of writes, cycle by cycle: what the master shows, what the device does."""

    def __init__(self, dut):
        self.dut = dut
        for name in ("awvalid", "wvalid", "bready", "arvalid", "rready"):
            getattr(dut, f"s_axil_{name}").value = 0
        dut.write_ready_i.value = 0
        dut.write_good_i.value = 0
        self.under_way = self.offered = (random.getrandbits(3), random.getrandbits(32))
        self.strobes = 2**WORD_BYTES - 1
        self.handed_on = False

    async def cycle(self, awvalid: int, wvalid: int, bready: int) -> tuple[int, int, int]:
        """One cycle with these signals; returns awready, wready, bvalid in it.

        What is valid is of the write that is offered, the rest is noise. handed_on: a word stands
        for whoever takes it, that of the write under way.
        """
        dut, (index, data) = self.dut, self.offered
        dut.s_axil_awvalid.value = awvalid
        dut.s_axil_wvalid.value = wvalid
        dut.s_axil_bready.value = bready
        index = index if awvalid else random.getrandbits(3)
        dut.s_axil_awaddr.value = WORD_BYTES * index + random.randrange(WORD_BYTES)
        dut.s_axil_araddr.value = random.randrange(WORD_BYTES)
        dut.s_axil_awprot.value = random.getrandbits(3)
        dut.s_axil_arprot.value = random.getrandbits(3)
        dut.s_axil_wdata.value = data if wvalid else random.getrandbits(32)
        dut.s_axil_wstrb.value = self.strobes if wvalid else random.getrandbits(WORD_BYTES)
        await FallingEdge(dut.aclk)
        now = tuple(
            int(getattr(dut, f"s_axil_{name}").value) for name in ("awready", "wready", "bvalid")
        )
        self.handed_on = dut.write_valid_o.value == 1
        if self.handed_on:
            got = (int(dut.write_index_o.value), int(dut.write_data_o.value))
            assert got == self.under_way, "another word than was written"
        await RisingEdge(dut.aclk)
        return now

    async def take(self, late: int, good: int, valid: int = 0) -> None:
        """The word stands for `late` cycles, then it is taken; `valid`: the next one is offered."""
        self.dut.write_good_i.value = 1 - good  # counts with ready alone
        for _ in range(late):
            assert await self.cycle(valid, valid, 0) == (0, 0, 0) and self.handed_on
        self.dut.write_ready_i.value, self.dut.write_good_i.value = 1, good
        assert await self.cycle(valid, valid, 0) == (0, 0, 0) and self.handed_on
        self.dut.write_ready_i.value, self.dut.write_good_i.value = 0, 1 - good


@cocotb.test()
@cocotb.parametrize(
    first=["address", "payload", "both"],
    wait=[0, 4],
    slow=[0, 3],
    late=[0, 5],
    answer=["good", "bad", "part"],
)
async def a_write_is_answered_once_after_it_was_taken(dut, first, wait, slow, late, answer):
    channels = WriteChannels(dut)
    if answer == "part":
        channels.strobes = random.randrange(2**WORD_BYTES - 1)
    await start(dut, "aclk", "aresetn")
    await RisingEdge(dut.aclk)
    assert await channels.cycle(0, 0, 0) == (1, 1, 0), "idle: both channels are open"
    address, payload = first != "payload", first != "address"
    assert await channels.cycle(address, payload, 1) == (1, 1, 0)
    if first != "both":
        for _ in range(wait):
            now = await channels.cycle(0, 0, 1)
            assert now == (not address, not payload, 0), "half a write: no answer, its channel shut"
            assert not channels.handed_on, "half a write is handed on"
        assert await channels.cycle(not address, not payload, 0) == (not address, not payload, 0)
    if answer == "part":
        assert await channels.cycle(0, 0, 0) == (0, 0, 0) and not channels.handed_on
    else:
        await channels.take(late, int(answer == "good"))
    for _ in range(slow):
        assert await channels.cycle(0, 0, 0) == (0, 0, 1), "the answer stays until it is taken"
        assert not channels.handed_on, "handed on twice"
    assert await channels.cycle(0, 0, 1) == (0, 0, 1)
    assert int(dut.s_axil_bresp.value) == (OKAY if answer == "good" else SLAVE_ERROR)
    for _ in range(3):
        assert await channels.cycle(0, 0, 1) == (1, 1, 0), "one answer, and open again"
        assert not channels.handed_on


@cocotb.test()
@cocotb.parametrize(slow=[0, 3], late=[0, 5])
async def a_write_that_is_offered_early_waits_for_the_one_before(dut, slow, late):
    channels = WriteChannels(dut)
    await start(dut, "aclk", "aresetn")
    await RisingEdge(dut.aclk)
    for _ in range(8):
        channels.under_way = channels.offered
        assert await channels.cycle(1, 1, 0) == (1, 1, 0)
        channels.offered = (random.getrandbits(3), random.getrandbits(32))
        await channels.take(late, 1, valid=1)
        for _ in range(slow):
            assert await channels.cycle(1, 1, 0) == (0, 0, 1)
        assert await channels.cycle(1, 1, 1) == (0, 0, 1)


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
        assert channels.handed_on == bool(address and payload)
        assert int(dut.s_axil_rvalid.value) == 1
        await pulse_reset(dut, "aclk", "aresetn")
        assert await channels.cycle(0, 0, 0) == (1, 1, 0) and not channels.handed_on
        assert int(dut.s_axil_rvalid.value) == 0


# Eight: behind the last word the index of a word begins anew.
@pytest.mark.parametrize("words", [7, 8])
def test_board_axil_status(simulator, words):
    sources = ["rtl/board/board_axil_status.sv"]
    run_cocotb(
        "board_axil_status",
        __file__,
        simulator,
        parameters={"Words": words},
        sources=sources,
        min_tests=2 + 72 + 4 + 1,
    )
