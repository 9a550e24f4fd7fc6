# SPDX-License-Identifier: Apache-2.0
"""Requests through the serial pins of board_core, answers against the board model."""

from __future__ import annotations

import os
import zlib

import cocotb
import numpy as np
from avatar_host import protocol as p
from cocotb.triggers import ClockCycles, RisingEdge, Timer
from core_bench import BAUD, CLOCK_HZ, Bench, parameters
from dcgan.hw.latent_rng import draw_latents

from tb.lib.board_link import REPLY_US
from tb.lib.build import run_cocotb

BIT_PS = 10**12 // BAUD
# Millions of cycles: Verilator runs them all, Icarus the others.
LONG = {"skip": os.environ.get("BOARD_TESTS") == "short"}


def seed_latents(seed: int, count: int) -> np.ndarray:
    """The latents of a seed."""
    return draw_latents(seed, count)


@cocotb.test()
async def the_board_introduces_itself(dut):
    bench = await Bench(dut, 0).start()
    await bench.ask(p.INFO, b"")


@cocotb.test()
async def times_are_those_of_the_clock(dut):
    """A press lasts 8 to 16 ms; a frame that stops is given up after 31 to 62 ms."""
    await Bench(dut, 0).start()
    assert 1 / 128 <= int(dut.u_debounce.Cycles.value) / CLOCK_HZ < 1 / 64
    assert 1 / 32 <= int(dut.u_request.Timeout.value) / CLOCK_HZ < 1 / 16


@cocotb.test(**LONG)
async def avatars_of_a_latent_are_bit_exact(dut):
    bench = await Bench(dut, 1).start()
    z = seed_latents(5, 1)[0]
    await bench.ask(p.LATENT_REQUEST, p.latent_payload(z.tobytes()))
    extreme = np.array([-128, 127] * 50, np.int8)
    await bench.ask(p.LATENT_REQUEST, p.latent_payload(extreme.tobytes()), tag=255)


@cocotb.test(**LONG)
async def avatars_of_a_seed_are_bit_exact(dut):
    bench = await Bench(dut, 2).start()
    await bench.ask(p.SEED, p.seed_payload(2**63 + 12345, 2), count=2)


@cocotb.test(**LONG)
async def a_strip_between_two_latents_is_bit_exact(dut):
    bench = await Bench(dut, 3).start()
    first, second = seed_latents(9, 2)
    await bench.ask(p.INTERPOLATE, p.interpolate_payload(first.tobytes(), second.tobytes(), 1), 3)


@cocotb.test(**LONG)
async def coded_avatars_are_bit_exact(dut):
    """From every source; none where the flags contradict each other; then a plain one."""
    bench = await Bench(dut, 11).start()
    first, second = seed_latents(9, 2)
    ends = first.tobytes(), second.tobytes()
    for kind, payload, count in (
        (p.SEED, p.seed_payload(12, 2, coded=True), 2),
        (p.LATENT_REQUEST, p.latent_payload(ends[0], coded=True), 1),
        (p.INTERPOLATE, p.interpolate_payload(*ends, 0, coded=True), 2),
    ):
        await bench.ask(kind, payload, count)
    refused = await bench.ask(p.SEED, p.seed_payload(1, 1, summary=True, coded=True))
    assert p.WORD.unpack(refused[0].payload)[0] == p.ERROR_ARGUMENT
    await bench.ask(p.SEED, p.seed_payload(12, 1))


@cocotb.test()
async def a_summary_holds_the_crc_of_all_pixels(dut):
    bench = await Bench(dut, 4).start()
    frames = await bench.ask(p.SEED, p.seed_payload(77, 3, summary=True))
    count, elapsed, crc, cycles, _ = p.SUMMARY_WORDS.unpack(frames[0].payload)
    golden = bench.model.draw(seed_latents(77, 3)).transpose(0, 2, 3, 1).tobytes()
    assert (count, crc) == (3, zlib.crc32(golden))
    dut._log.info("%d cycles for 3 avatars, %d for the last", elapsed, cycles)


@cocotb.test()
async def requests_that_cannot_be_served_are_refused_with_a_reason(dut):
    bench = await Bench(dut, 5).start()
    for kind, payload, code in (
        (0x55, b"", p.ERROR_TYPE),
        (p.SEED, b"\0", p.ERROR_LENGTH),
        (p.INFO, b"\0", p.ERROR_LENGTH),
        (p.SEED, p.seed_payload(1, 0), p.ERROR_ARGUMENT),
        (p.SEED, b"\3" + p.seed_payload(1, 1)[1:], p.ERROR_ARGUMENT),
        (p.SEED, b"\4" + p.seed_payload(1, 1)[1:], p.ERROR_ARGUMENT),
        (p.SEED, b"\x82" + p.seed_payload(1, 1)[1:], p.ERROR_ARGUMENT),
        (p.INTERPOLATE, p.interpolate_payload(bytes(100), bytes(100), 255), p.ERROR_ARGUMENT),
    ):
        frames = await bench.ask(kind, payload)
        assert p.WORD.unpack(frames[0].payload)[0] == code
    await bench.ask(p.INFO, b"")


@cocotb.test(**LONG)
async def a_good_request_is_served_after_ten_thousand_bytes_of_garbage(dut):
    bench = await Bench(dut, 6).start()
    good = p.encode_request(p.Frame(1, p.SEED, p.seed_payload(3, 1)))
    pieces = (
        lambda r: r.randbytes(r.randrange(1, 40)),
        lambda r: p.REQUEST_SYNC * r.randrange(1, 4),
        lambda r: good[: r.randrange(1, len(good))],
        lambda r: p.REQUEST_SYNC + bytes([0, p.SEED, r.choice((0, 11, 202)), 0]),
        lambda r: good[:-1] + bytes([good[-1] ^ 1 << r.randrange(8)]),
    )
    sent = 0
    while sent < 10_000:
        garbage = bench.random.choice(pieces)(bench.random)
        await bench.sender.send(garbage)
        sent += len(garbage)
    await bench.ask(p.SEED, p.seed_payload(3, 1, coded=True), tag=98)
    await bench.ask(p.INFO, b"", tag=99)
    info = await bench.ask(p.INFO, b"", tag=100)
    *_, rejected, line_errors, _, _ = p.INFO_WORDS.unpack(info[0].payload)
    assert rejected > 100 and line_errors == 0, "frames are rejected, no byte is lost for it"


@cocotb.test()
async def framing_errors_are_counted_and_survived(dut):
    bench = await Bench(dut, 7).start()
    for byte in p.REQUEST_SYNC + b"\0":
        await bench.sender.send([byte], stop_level=0)
        await Timer(20 * BIT_PS, unit="ps")
    frames = await bench.ask(p.INFO, b"")
    assert p.INFO_WORDS.unpack(frames[0].payload)[8] & 0xFFFF == 3


@cocotb.test(**LONG)
async def two_requests_sent_at_once_are_both_served(dut):
    bench = await Bench(dut, 8).start()
    for tag, coded in ((10, False), (20, True)):
        payload = p.seed_payload(4, 1, coded=coded)
        requests = [p.Frame(tag, p.SEED, payload), p.Frame(tag + 1, p.INFO, b"")]
        await bench.sender.send(b"".join(map(p.encode_request, requests)))
        frames = await bench.replies(2)
        assert [(f.tag, f.type & 0x7F) for f in frames] == [(tag, p.SEED), (tag + 1, p.INFO)]


@cocotb.test(**LONG)
async def a_press_of_the_button_draws_one_avatar_in_silence(dut):
    bench = await Bench(dut, 9).start()
    dut.button_i.value = 1
    for _ in range(60):
        await ClockCycles(dut.clk_i, 50_000)
        info = await bench.ask(p.INFO, b"") if int(dut.led_o.value) & 0x1F else None
        if info:
            break
        bench.model.avatars = 1
    else:
        raise AssertionError("no avatar was drawn")
    assert bench.listener.drain() == b""


@cocotb.test(**LONG)
async def reset_in_the_middle_of_a_reply_leaves_a_working_board(dut):
    bench = await Bench(dut, 10).start()
    for coded in (False, True):
        request = p.Frame(1, p.SEED, p.seed_payload(8, 2, coded=coded))
        await bench.sender.send(p.encode_request(request))
        await bench.listener.read(500, REPLY_US)
        dut.rst_ni.value = 0
        await RisingEdge(dut.clk_i)
        await ClockCycles(dut.clk_i, 20)
        dut.rst_ni.value = 1
        await Timer(30 * BIT_PS, unit="ps")
        bench.listener.drain()
        bench.decoder = p.reply_decoder()
        bench.model.avatars = 0
        await bench.ask(p.SEED, p.seed_payload(8, 1, coded=coded))
        await bench.ask(p.INFO, b"")


def test_board_core(simulator):
    short = simulator == "icarus"
    run_cocotb(
        "board_core",
        __file__,
        simulator,
        parameters=parameters(),
        environment={"BOARD_TESTS": "short" if short else "all"},
        optimise=True,
        min_tests=5 if short else 13,
    )
