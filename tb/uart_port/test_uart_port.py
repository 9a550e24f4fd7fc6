# SPDX-License-Identifier: Apache-2.0
"""uart_port returns what its own transmitter sent, at full rate in both directions at once."""

from __future__ import annotations

import random

import cocotb
from cocotb.triggers import FallingEdge

from tb.lib.build import run_cocotb
from tb.lib.stream import StreamSource, always, bursty, start

BYTES = 80
BAUD = 12_000_000
BIT_CYCLES = 8  # of 100 MHz


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


@cocotb.test()
async def as_many_bytes_are_taken_at_once_as_have_room(dut):
    """And one more, which is on the line."""
    dut.rx_i.value, dut.in_valid_i.value = 1, 0
    await start(dut)
    dut.in_valid_i.value, dut.in_data_i.value = 1, 0
    taken = 0
    for _ in range(10 * BIT_CYCLES):
        await FallingEdge(dut.clk_i)
        if not int(dut.in_ready_o.value):
            break
        taken += 1
    assert taken == int(dut.FifoDepth.value) + 1, f"{taken} bytes were taken"


def test_uart_port(simulator):
    sources = ["rtl/mem/mem_constant.sv", "rtl/stream/stream_fifo.sv"]
    sources += [f"rtl/uart/uart_{part}.sv" for part in ("rx", "tx", "port")]
    run_cocotb("uart_port", __file__, simulator, parameters={"Baud": BAUD}, sources=sources)
