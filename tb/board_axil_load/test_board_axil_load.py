# SPDX-License-Identifier: Apache-2.0
"""board_axil_load begins a load when it may, and sends words as bytes, the lowest first."""

from __future__ import annotations

import random

import cocotb
from avatar_host import protocol as p
from cocotb.triggers import FallingEdge, RisingEdge
from dcgan.hw.shape_package import preset_number

from tb.lib.build import run_cocotb
from tb.lib.network import under_test
from tb.lib.stream import Stalls, always, bursty, pulse_reset, random_half, random_third, start

INDEX_BITS = 4
PRESET, BEGIN, DATA = 3, 5, 6  # words, other ones than the defaults
OTHERS = [word for word in range(2**INDEX_BITS) if word not in (PRESET, BEGIN, DATA)]
SOURCES = [
    "rtl/dcgan/dcgan_shape_pkg.sv",
    "rtl/board/board_pkg.sv",
    "rtl/board/board_axil_load.sv",
]


class Bench:
    """Writes of a host, and what reaches the loader. Every method starts behind a rising edge."""

    def __init__(self, dut, stalls: Stalls = always):
        self.dut = dut
        self.bytes = bytearray()
        self.begun: list[int] = []
        self.stalls = stalls()
        network = under_test()
        self.preset = preset_number(network.integers.config, network.folding)

    async def start(self) -> Bench:
        for name in ("write_valid_i", "write_index_i", "write_data_i", "busy_i", "byte_ready_i"):
            getattr(self.dut, name).value = 0
        self.dut.state_i.value = p.WHOLE
        await start(self.dut)
        await RisingEdge(self.dut.clk_i)
        return self

    async def cycle(self, valid: int, index: int, data: int) -> tuple[int, int]:
        """One cycle with these signals; returns ready and good in it."""
        dut = self.dut
        dut.write_valid_i.value, dut.write_index_i.value, dut.write_data_i.value = (
            valid,
            index,
            data,
        )
        dut.byte_ready_i.value = int(next(self.stalls))
        await FallingEdge(dut.clk_i)
        ready, good = int(dut.write_ready_o.value), int(dut.write_good_o.value)
        if int(dut.begin_o.value):
            self.begun.append(int(dut.crc_o.value))
        if int(dut.byte_valid_o.value) and int(dut.byte_ready_i.value):
            self.bytes.append(int(dut.byte_o.value))
        await RisingEdge(dut.clk_i)
        return ready, good

    async def write(self, index: int, data: int, pause: int | None = None) -> bool:
        """One word, held until it is taken; True if it was good. Between words there is noise."""
        for _ in range(random.choice((0, 0, 1, 5)) if pause is None else pause):
            await self.cycle(0, random.choice((PRESET, BEGIN, DATA)), random.getrandbits(32))
        for _ in range(400):
            ready, good = await self.cycle(1, index, data)
            if ready:
                self.dut.write_valid_i.value = 0
                return bool(good)
        raise AssertionError(f"word {index} was not taken")

    async def begins(self, crc: int) -> bool:
        """Ask for a load; a good answer and a pulse with this CRC-32 come together, or neither."""
        self.begun.clear()
        good = await self.write(BEGIN, crc)
        assert self.begun == ([crc] if good else []), f"{self.begun} began"
        return good


@cocotb.test()
async def a_load_begins_with_the_right_preset_and_a_generator_at_rest(dut):
    bench = await Bench(dut).start()
    for state in (p.WHOLE, p.LOADING, p.BROKEN):
        dut.state_i.value = state
        assert not await bench.begins(random.getrandbits(32)), "no preset was written"
        for bit in random.sample(range(32), 8):
            assert not await bench.write(PRESET, bench.preset ^ 1 << bit), "another preset is good"
            assert not await bench.begins(random.getrandbits(32)), "that was another preset"
        assert await bench.write(PRESET, bench.preset)
        dut.busy_i.value = 1
        assert not await bench.begins(random.getrandbits(32)), "the Generator draws"
        dut.busy_i.value = 0
        for _ in range(2):
            assert await bench.begins(random.getrandbits(32))
        assert not await bench.write(PRESET, ~bench.preset & 0xFFFFFFFF)
        assert not await bench.begins(random.getrandbits(32)), "the last preset is another one"
        assert await bench.write(PRESET, bench.preset)
        await pulse_reset(dut)
        await RisingEdge(dut.clk_i)
    assert not bench.bytes


@cocotb.test()
@cocotb.parametrize(stalls=[always, bursty, random_half, random_third])
async def words_leave_as_bytes_while_a_network_is_loaded(dut, stalls):
    bench = await Bench(dut, stalls).start()
    sent = b""
    for _ in range(100):
        data, loading = random.randbytes(4), random.random() < 0.8
        dut.state_i.value = p.LOADING if loading else random.choice((p.WHOLE, p.BROKEN))
        assert await bench.write(DATA, int.from_bytes(data, "little")) == loading
        sent += data if loading else b""
        assert bench.bytes == sent
    assert not bench.begun


@cocotb.test()
async def a_word_ends_with_its_load_and_the_next_one_starts_low(dut):
    bench = await Bench(dut).start()
    for taken in range(4):
        for ends in (True, False):
            dut.state_i.value = p.LOADING
            bench.bytes.clear()
            data = random.randbytes(4)
            for _ in range(taken):
                assert (await bench.cycle(1, DATA, int.from_bytes(data, "little")))[0] == 0
            if ends:
                dut.state_i.value = p.BROKEN
                assert not await bench.write(DATA, int.from_bytes(data, "little"))
            else:
                dut.byte_ready_i.value = 0  # the word stays: it starts low again behind the reset
                await pulse_reset(dut)
                await RisingEdge(dut.clk_i)
            dut.state_i.value = p.LOADING
            assert await bench.write(DATA, int.from_bytes(data, "little"), pause=0)
            assert bench.bytes == data[:taken] + data


@cocotb.test()
async def any_other_word_is_refused(dut):
    bench = await Bench(dut).start()
    assert await bench.write(PRESET, bench.preset)
    for state in (p.WHOLE, p.LOADING, p.BROKEN):
        dut.state_i.value = state
        for word in OTHERS:
            assert not await bench.write(word, random.choice((bench.preset, 0, 1)))
    assert not bench.bytes and not bench.begun
    assert await bench.begins(random.getrandbits(32)), "another word changed the preset"


def test_board_axil_load(simulator):
    run_cocotb(
        "board_axil_load",
        __file__,
        simulator,
        parameters={
            "IndexWidth": INDEX_BITS,
            "PresetWord": PRESET,
            "BeginWord": BEGIN,
            "DataWord": DATA,
        },
        sources=SOURCES,
        min_tests=7,
    )
