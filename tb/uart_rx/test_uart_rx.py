# SPDX-License-Identifier: Apache-2.0
"""uart_rx takes every byte of a burst, from senders 2 percent off, and survives bad frames."""

from __future__ import annotations

import random

import cocotb
import pytest
from cocotb.clock import Clock
from cocotb.triggers import ClockCycles, FallingEdge, RisingEdge, Timer

from tb.lib.build import run_cocotb
from tb.lib.serial_line import Sender

PERIOD_PS = 10_000
CLOCK_HZ = 100_000_000


async def start(dut, baud: int, off_percent: float = 0.0) -> tuple[Sender, list[int], list[int]]:
    """Reset; returns a sender, the bytes that came, and one entry for each framing error."""
    sender = Sender(dut.rx_i, round(10**12 / baud * (1 + off_percent / 100)))
    cocotb.start_soon(Clock(dut.clk_i, PERIOD_PS, unit="ps").start())
    dut.rst_ni.value = 0
    await ClockCycles(dut.clk_i, 4)
    dut.rst_ni.value = 1
    await ClockCycles(dut.clk_i, 4)
    taken: list[int] = []
    errors: list[int] = []

    async def watch():
        while True:
            await RisingEdge(dut.clk_i)
            if int(dut.out_valid_o.value):
                taken.append(int(dut.out_data_o.value))
            if int(dut.error_o.value):
                errors.append(1)

    cocotb.start_soon(watch())
    return sender, taken, errors


def baud_of(dut) -> int:
    return int(dut.Baud.value)


@cocotb.test()
@cocotb.parametrize(off_percent=[-2.0, 0.0, 2.0])
async def every_byte_of_a_burst_arrives(dut, off_percent):
    sender, taken, errors = await start(dut, baud_of(dut), off_percent)
    sent = [0x00, 0xFF, 0x55, 0xAA, *(random.getrandbits(8) for _ in range(60))]
    await sender.send(sent)
    await Timer(2 * sender.bit_ps, unit="ps")
    assert taken == sent
    assert not errors


@cocotb.test()
async def all_256_bytes_arrive(dut):
    sender, taken, errors = await start(dut, baud_of(dut))
    await sender.send(range(256))
    await Timer(2 * sender.bit_ps, unit="ps")
    assert taken == list(range(256)) and not errors


@cocotb.test()
async def a_low_stop_bit_drops_its_byte_only(dut):
    sender, taken, errors = await start(dut, baud_of(dut))
    await sender.send([0x11])
    await sender.send([0x22], stop_level=0)
    await Timer(sender.bit_ps, unit="ps")
    await sender.send([0x33])
    await Timer(2 * sender.bit_ps, unit="ps")
    assert taken == [0x11, 0x33]
    assert len(errors) == 1


@cocotb.test()
async def a_line_held_low_is_one_error_and_no_bytes(dut):
    sender, taken, errors = await start(dut, baud_of(dut))
    dut.rx_i.value = 0
    await Timer(40 * sender.bit_ps, unit="ps")
    dut.rx_i.value = 1
    await Timer(2 * sender.bit_ps, unit="ps")
    await sender.send([0x5A])
    await Timer(2 * sender.bit_ps, unit="ps")
    assert taken == [0x5A]
    assert len(errors) == 1


@cocotb.test()
async def short_glitches_are_no_start_bits(dut):
    sender, taken, errors = await start(dut, baud_of(dut))
    for cycles in (1, 2):
        dut.rx_i.value = 0
        await Timer(cycles * PERIOD_PS, unit="ps")
        dut.rx_i.value = 1
        await Timer(20 * sender.bit_ps, unit="ps")
    assert not taken and not errors


@cocotb.test()
async def bytes_after_any_pause_arrive(dut):
    sender, taken, _ = await start(dut, baud_of(dut))
    sent = [random.getrandbits(8) for _ in range(40)]
    for byte in sent:
        await sender.send([byte])
        await Timer(random.randint(1, 3 * sender.bit_ps), unit="ps")
    await Timer(2 * sender.bit_ps, unit="ps")
    assert taken == sent


@cocotb.test()
async def a_reset_within_a_frame_drops_it(dut):
    sender, taken, errors = await start(dut, baud_of(dut))
    for _ in range(20):
        broken = cocotb.start_soon(sender.send([random.getrandbits(8)]))
        await Timer(random.randint(1, 10 * sender.bit_ps), unit="ps")
        dut.rst_ni.value = 0
        await ClockCycles(dut.clk_i, 2)
        taken.clear()
        await ClockCycles(dut.clk_i, 2)
        assert not taken and not errors, "told in reset"
        broken.cancel()
        dut.rx_i.value = 1
        dut.rst_ni.value = 1
        await Timer(sender.bit_ps, unit="ps")
        byte = random.getrandbits(8)
        await sender.send([byte])
        await Timer(2 * sender.bit_ps, unit="ps")
        assert taken == [byte] and not errors


@cocotb.test()
@cocotb.parametrize(off_percent=[-2.0, 2.0])
async def a_byte_right_behind_a_reset_within_a_frame_arrives(dut, off_percent):
    """Nothing is left of the frame, not even when its bits were looked at."""
    sender, taken, errors = await start(dut, baud_of(dut), off_percent)
    for _ in range(20):
        broken = cocotb.start_soon(sender.send([0x00]))
        await Timer(random.randint(2 * sender.bit_ps, 9 * sender.bit_ps), unit="ps")
        dut.rst_ni.value = 0
        broken.cancel()
        dut.rx_i.value = 1
        await ClockCycles(dut.clk_i, 4)
        taken.clear()
        dut.rst_ni.value = 1
        byte = random.getrandbits(8)
        await sender.send([byte])
        await Timer(2 * sender.bit_ps, unit="ps")
        assert taken == [byte] and not errors


@cocotb.test()
async def a_reset_ends_an_error_that_is_told(dut):
    sender, _, errors = await start(dut, baud_of(dut))
    dut.rx_i.value = 0
    await RisingEdge(dut.error_o)
    dut.rst_ni.value = 0
    await ClockCycles(dut.clk_i, 2)
    errors.clear()
    await ClockCycles(dut.clk_i, 2)
    assert not errors
    dut.rst_ni.value = 1
    dut.rx_i.value = 1
    await Timer(sender.bit_ps, unit="ps")


class NoisyPin:
    """The pin of a Sender; every few cycles the real one is wrong for one clock cycle."""

    def __init__(self, dut):
        self.dut, self.value = dut, 1
        self.spikes = 0

    async def run(self):
        """Drive the pin between the clock edges that look at it."""
        pause = 0
        while True:
            await FallingEdge(self.dut.clk_i)
            spike = pause == 0
            pause = random.randint(3, 8) if spike else pause - 1
            self.spikes += spike
            self.dut.rx_i.value = self.value ^ spike


@cocotb.test()
async def a_byte_survives_a_wrong_sample_in_any_three(dut):
    sender, taken, errors = await start(dut, baud_of(dut))
    noisy = NoisyPin(dut)
    sender.pin = noisy
    cocotb.start_soon(noisy.run())
    sent = [0x00, 0xFF, 0x55, 0xAA, *(random.getrandbits(8) for _ in range(40))]
    await sender.send(sent)
    await Timer(2 * sender.bit_ps, unit="ps")
    assert taken == sent and not errors
    assert noisy.spikes > len(sent)


@pytest.mark.parametrize("baud", [3_000_000, 12_000_000])
def test_uart_rx(simulator, baud):
    parameters = {"ClockHz": CLOCK_HZ, "Baud": baud}
    sources = ["rtl/mem/mem_constant.sv", "rtl/uart/uart_rx.sv"]
    run_cocotb("uart_rx", __file__, simulator, parameters=parameters, sources=sources)
