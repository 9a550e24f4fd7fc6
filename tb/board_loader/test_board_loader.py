# SPDX-License-Identifier: Apache-2.0
"""board_loader writes every slice of an image to its place, and knows whether a network is whole.

What it tells of itself is what LoaderModel says. An image of `tiny` has 50,080 bytes of four cycles
each: two images are sent to their end, all other cases are about the first bytes of one.
"""

from __future__ import annotations

import random

import cocotb
from avatar_host import protocol as p
from dcgan.hw.block_ram import SLICE_BYTES

from tb.board_loader.loader_bench import (
    BYTE_CYCLES,
    RUN_CYCLES,
    Bench,
    expected_writes,
    image,
)
from tb.lib.build import run_cocotb
from tb.lib.scoreboard import assert_same_beats
from tb.lib.stream import always, bursty, random_half, random_third

SOURCES = [
    "rtl/dcgan/dcgan_shape_pkg.sv",
    "rtl/mem/mem_pkg.sv",
    "rtl/board/board_crc32.sv",
    "rtl/board/board_loader.sv",
]
RESET_RUN_CYCLES = 4  # from a reset to run_o


@cocotb.test()
async def the_network_of_power_up_is_whole_and_bytes_are_swallowed(dut):
    """The first test of a simulation: no load was begun before it."""
    bench = await Bench(dut).start()
    for cycle in range(2 * RESET_RUN_CYCLES):
        assert dut.run_o.value == int(cycle >= RESET_RUN_CYCLES), f"cycle {cycle}"
        await bench.cycle()
    await bench.check(runs=True)
    await bench.send(random.randbytes(50))
    assert bench.stalled == 0, "whoever sends bytes that nobody wants is kept waiting"
    await bench.check(runs=True)
    assert not bench.writes


@cocotb.test()
@cocotb.parametrize(stalls=[always, bursty, random_half, random_third])
async def a_begin_in_the_middle_starts_from_the_first_byte(dut, stalls):
    bench = await Bench(dut).start()
    data, crc = image()
    for cut in (0, 1, SLICE_BYTES - 1, SLICE_BYTES, random.randint(6, 40), 3000):
        await bench.begin(crc ^ cut)
        await bench.send(data[:cut], stalls)
        if random.random() < 1 / 2:
            await bench.check(runs=False)
    await bench.begin(crc)
    await bench.send(data[:2000], stalls)
    await bench.check(runs=False)
    assert_same_beats(bench.writes, expected_writes()[: 2000 // SLICE_BYTES])


@cocotb.test()
async def a_reset_in_the_middle_leaves_a_broken_network(dut):
    bench = await Bench(dut).start()
    data, crc = image()
    for cut in (0, 1, 5, random.randint(6, 40)):
        await bench.begin(crc)
        await bench.send(data[:cut])
        await bench.rest()
        await bench.reset()
        await bench.check(runs=False)
        await bench.reset()
        bench.writes.clear()
        bench.stalled = 0
        await bench.send(data[:20])
        await bench.check(runs=False)
        assert not bench.writes and not bench.stalled, "a byte was not swallowed"


@cocotb.test()
async def nothing_begins_in_reset(dut):
    bench = await Bench(dut).start()
    data, crc = image()
    await bench.begin(crc)
    await bench.send(data[:12])
    await bench.rest()
    dut.rst_ni.value = 0
    dut.begin_i.value, dut.crc_i.value = 1, ~crc & 0xFFFFFFFF
    await bench.rest()
    dut.begin_i.value = 0
    await bench.reset()
    await bench.check(runs=False)


@cocotb.test()
async def a_wrong_byte_breaks_the_network(dut):
    bench = await Bench(dut).start()
    data, crc = image()
    wrong = bytearray(data)
    wrong[random.randrange(len(wrong))] ^= 1 << random.randrange(8)
    await bench.begin(crc)
    await bench.send(bytes(wrong))
    assert bench.model.state == p.BROKEN
    await bench.check(runs=False)
    await bench.reset()
    await bench.check(runs=False)


@cocotb.test()
async def a_whole_network_arrives_word_by_word(dut):
    bench = await Bench(dut).start()
    data, crc = image()
    await bench.begin(crc)
    await bench.send(data[:1000], bursty)
    begun = bench.cycles
    await bench.send(data[1000:])
    assert bench.cycles - begun <= BYTE_CYCLES * len(data[1000:])
    for cycle in range(1, 2 * RUN_CYCLES):
        assert dut.run_o.value == int(cycle >= RUN_CYCLES), f"{cycle} cycles after the last byte"
        await bench.cycle()
    assert_same_beats(bench.writes, expected_writes())
    assert bench.model.state == p.WHOLE
    await bench.check(runs=True)
    await bench.reset()
    await bench.check(runs=True)
    await bench.send(data[:20])
    await bench.check(runs=True)
    await bench.spoil()
    assert bench.model.state == p.DECAYED
    for _ in range(2):
        await bench.check(runs=False)
        await bench.reset()  # it does not mend what has changed
    bench.writes.clear()
    await bench.send(data[:20])
    await bench.check(runs=False)
    assert not bench.writes
    await bench.begin(crc)
    await bench.send(data[:20])
    await bench.check(runs=False)


@cocotb.test()
@cocotb.parametrize(state=[p.LOADING, p.BROKEN])
async def only_what_is_whole_can_be_spoilt(dut, state):
    bench = await Bench(dut).start()
    data, crc = image()
    await bench.begin(crc)
    await bench.send(data[:7])
    if state == p.BROKEN:
        await bench.rest()
        await bench.reset()
    await bench.spoil()
    assert bench.model.state == state
    await bench.check(runs=False)


@cocotb.test()
async def the_image_is_known_by_every_bit_of_its_checksum(dut):
    bench = await Bench(dut).start()
    for bit in range(32):
        await bench.begin(1 << bit)
        await bench.check(runs=False)


def test_board_loader(simulator):
    run_cocotb("board_loader", __file__, simulator, sources=SOURCES, min_tests=12)
