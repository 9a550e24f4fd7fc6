# SPDX-License-Identifier: Apache-2.0
"""uart_tx sends what it takes, back to back, at the baud rate over any length of burst."""

from __future__ import annotations

import random

import cocotb
import pytest
from cocotb.triggers import FallingEdge, ReadOnly, RisingEdge, Timer
from cocotb.utils import get_sim_time

from tb.lib.build import run_cocotb
from tb.lib.serial_line import FRAME_BITS, Listener
from tb.lib.stream import (
    PERIOD_NS,
    StreamSource,
    always,
    bursty,
    pulse_reset,
    random_half,
    start,
)

CLOCK_HZ = 100_000_000
READ_US = 2_000


def bit_ps(dut) -> int:
    return 10**12 // int(dut.Baud.value)


@cocotb.test()
@cocotb.parametrize(source=[always, bursty, random_half])
async def the_line_carries_the_bytes_in_order(dut, source):
    stream = StreamSource(dut, "in", source)
    await start(dut)
    listener = Listener(dut.tx_o, bit_ps(dut))
    sent = [0x00, 0xFF, 0x55, 0xAA, *(random.getrandbits(8) for _ in range(40))]
    cocotb.start_soon(stream.send(sent))
    assert await listener.read(len(sent), READ_US) == bytes(sent)
    assert listener.framing_errors == 0


@cocotb.test()
async def a_burst_keeps_the_baud_rate(dut):
    stream = StreamSource(dut, "in")
    await start(dut)
    count = 60
    cocotb.start_soon(stream.send([0xFF] * count))
    await FallingEdge(dut.tx_o)
    began = get_sim_time("ps")
    for _ in range(count - 1):
        await FallingEdge(dut.tx_o)
    measured = (get_sim_time("ps") - began) / (count - 1)
    assert abs(measured / (FRAME_BITS * bit_ps(dut)) - 1) < 0.005


@cocotb.test()
async def an_idle_line_is_high(dut):
    StreamSource(dut, "in")
    await start(dut)
    await Timer(10 * bit_ps(dut), unit="ps")
    assert int(dut.tx_o.value) == 1 and int(dut.in_ready_o.value) == 1


@cocotb.test()
async def a_byte_right_after_a_reset_in_a_frame_begins_with_a_whole_bit(dut):
    dut.in_valid_i.value = 0
    dut.in_data_i.value = 0xFF  # the line is low in the start bit only
    await start(dut)
    for _ in range(20):
        dut.in_valid_i.value = 1
        await Timer(random.randint(1, 9 * bit_ps(dut)), unit="ps")
        await pulse_reset(dut)
        await ReadOnly()
        assert int(dut.tx_o.value) == 1 and int(dut.in_ready_o.value) == 1, "not idle after reset"
        await FallingEdge(dut.tx_o)
        began = get_sim_time("ps")
        await RisingEdge(dut.tx_o)
        assert abs(get_sim_time("ps") - began - bit_ps(dut)) <= 1000 * PERIOD_NS


@cocotb.test()
async def a_byte_after_any_pause_begins_with_a_whole_bit(dut):
    dut.in_valid_i.value = 0
    dut.in_data_i.value = 0xFF
    await start(dut)
    for _ in range(20):
        for _ in range(random.randint(1, 100)):
            await RisingEdge(dut.clk_i)
        dut.in_valid_i.value = 1
        await RisingEdge(dut.clk_i)
        dut.in_valid_i.value = 0
        await FallingEdge(dut.tx_o)
        began = get_sim_time("ps")
        await RisingEdge(dut.tx_o)
        assert abs(get_sim_time("ps") - began - bit_ps(dut)) <= 1000 * PERIOD_NS
        await RisingEdge(dut.in_ready_o)


@pytest.mark.parametrize("baud", [3_000_000, 12_000_000])
def test_uart_tx(simulator, baud):
    parameters = {"ClockHz": CLOCK_HZ, "Baud": baud}
    sources = ["rtl/mem/mem_constant.sv", "rtl/uart/uart_tx.sv"]
    run_cocotb("uart_tx", __file__, simulator, parameters=parameters, sources=sources)
