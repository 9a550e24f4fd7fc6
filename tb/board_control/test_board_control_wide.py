# SPDX-License-Identifier: Apache-2.0
"""board_control looks at every bit of what it is given: lengths, places, the count of cycles."""

from __future__ import annotations

import cocotb
from avatar_host import protocol as p
from cocotb.triggers import FallingEdge

from tb.board_control.control_bench import Bench
from tb.board_control.test_board_control import REPLY_ERROR, REPLY_NONE, SOURCES
from tb.lib.build import run_cocotb

LENGTH_ERROR = 2


@cocotb.test()
async def a_length_that_differs_in_one_bit_is_refused(dut):
    bench = await Bench(dut).start()
    for kind, length in ((p.INFO, 0), (p.LATENT_REQUEST, 101), (p.SEED, 11), (p.INTERPOLATE, 202)):
        for bit in range(16):
            got = await bench.ask(kind, bytes(length ^ 1 << bit))
            assert (got["kind"], got["error"], got["draw"]) == (REPLY_ERROR, LENGTH_ERROR, 0), bit


@cocotb.test()
async def a_flag_that_is_not_known_is_refused(dut):
    bench = await Bench(dut).start()
    for kind, length in ((p.LATENT_REQUEST, 101), (p.SEED, 11), (p.INTERPOLATE, 202)):
        for known in (0, p.FLAG_SUMMARY, p.FLAG_CODED):
            for bit in (None, *range(2, 8)):
                flags = known if bit is None else known | 1 << bit
                got = await bench.ask(kind, bytes([flags]) + b"\1" * (length - 1))
                assert got["draw"] == int(bit is None), f"flags {flags:08b}"
                assert bit is None or got["error"] == p.ERROR_ARGUMENT


@cocotb.test()
async def a_place_that_differs_in_one_bit_stores_nothing(dut):
    bench = await Bench(dut).start()
    bench.load(p.LOADING, 0)
    for bit in range(32):
        place = 1 << bit
        dut.load_bytes_i.value = place
        for named in (place, 0):
            bench.payload = p.chunk_payload(bench.loader.crc, named, b"data")
            dut.req_type_i.value, dut.req_length_i.value = p.CHUNK, len(bench.payload)
            dut.req_valid_i.value = 1
            stored = 0
            while not int(dut.reply_o.value):
                await FallingEdge(dut.clk_i)
                stored += int(dut.store_o.value)
            assert stored == int(named == place), f"bit {bit}"
            while not int(dut.req_ready_o.value):
                await FallingEdge(dut.clk_i)
            await FallingEdge(dut.clk_i)
            dut.req_valid_i.value = 0


@cocotb.test()
async def a_press_draws_from_every_bit_of_the_count_of_cycles(dut):
    """Three centuries of cycles are put there, next to each carry."""
    bench = await Bench(dut).start()
    for bit in range(4, 65):
        dut.press_i.value = 1
        await FallingEdge(dut.clk_i)
        dut.press_i.value = 0
        before = (1 << bit) - 3
        dut.cycle_q.value = before
        got = await bench.order(1)
        assert got["kind"] == REPLY_NONE
        since = got["seed"] - before & 2**64 - 1
        assert 3 <= since < 20, f"bit {bit}: the seed is {got['seed']:x}"


def test_board_control_wide(simulator):
    run_cocotb("board_control", __file__, simulator, sources=SOURCES, min_tests=4)
