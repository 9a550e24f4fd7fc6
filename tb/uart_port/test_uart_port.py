# SPDX-License-Identifier: Apache-2.0
"""uart_port returns what its own transmitter sent, at full rate in both directions at once."""

from __future__ import annotations

import random

import cocotb
from cocotb.triggers import FallingEdge

from tb.lib.build import run_cocotb
from tb.lib.stream import StreamSource, always, bursty, start

BYTES = 80


@cocotb.test()
@cocotb.parametrize(stalls=[always, bursty])
async def a_loop_returns_every_byte(dut, stalls):
    stream = StreamSource(dut, "in", stalls)
    dut.rx_i.value = 1
    await start(dut)
    sent = [random.getrandbits(8) for _ in range(BYTES)]
    stream.enqueue(sent)
    taken = []
    for _ in range(BYTES * 10 * 40):
        await FallingEdge(dut.clk_i)
        dut.rx_i.value = dut.tx_o.value
        assert not int(dut.error_o.value)
        if int(dut.out_valid_o.value):
            taken.append(int(dut.out_data_o.value))
        if len(taken) == BYTES:
            break
    assert taken == sent


def test_uart_port(simulator):
    sources = ["rtl/mem/mem_constant.sv", "rtl/stream/stream_fifo.sv"]
    sources += [f"rtl/uart/uart_{part}.sv" for part in ("rx", "tx", "port")]
    run_cocotb("uart_port", __file__, simulator, parameters={"Baud": 12_000_000}, sources=sources)
