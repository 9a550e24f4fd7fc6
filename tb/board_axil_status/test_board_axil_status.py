# SPDX-License-Identifier: Apache-2.0
"""board_axil_status serves a third-party AXI4-Lite master: reads give words, writes fail."""

from __future__ import annotations

import logging
import random

import cocotb
from cocotb.triggers import RisingEdge
from cocotbext.axi import AxiLiteBus, AxiLiteMaster

from tb.lib.build import run_cocotb
from tb.lib.stream import start

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


def test_board_axil_status(simulator):
    sources = ["rtl/board/board_axil_status.sv"]
    run_cocotb(
        "board_axil_status", __file__, simulator, parameters={"Words": WORDS}, sources=sources
    )
