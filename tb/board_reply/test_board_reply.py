# SPDX-License-Identifier: Apache-2.0
"""board_reply frames pixels and counters exactly as the protocol says, whatever the stalls."""

from __future__ import annotations

import random
import zlib

import cocotb
from avatar_host import protocol as p
from avatar_host.loader_model import LoaderModel
from cocotb.triggers import ClockCycles, FallingEdge
from dcgan.hw.shape_package import preset_number

from tb.board_coder.pictures import pictures
from tb.board_reply.reply_bench import (
    AVATARS,
    CODED,
    COUNTERS,
    ERROR,
    INFO,
    NETWORK,
    NONE,
    PIXELS,
    SUMMARY,
    Bench,
    TiringLine,
    avatar,
    beats,
    cycles_until_taken,
)
from tb.lib.build import run_cocotb
from tb.lib.network import under_test
from tb.lib.stream import (
    always,
    bursty,
    pulse_reset,
    random_half,
    random_third,
    start,
)

TAIL = p.COUNTERS.size + p.CRC.size + 12
"""The end of a coded reply, from before its last code on."""
TIRED_US = 1000
SETTLES = 7
"""Cycles behind the last pixel in which counters may still change."""
SOURCES = [
    "rtl/dcgan/dcgan_shape_pkg.sv",
    "rtl/mem/mem_constant.sv",
    "rtl/stream/stream_skid.sv",
    "rtl/board/board_pkg.sv",
    "rtl/board/board_crc32.sv",
    "rtl/board/board_coder.sv",
    "rtl/board/board_reply.sv",
]


@cocotb.test()
@cocotb.parametrize(source=[always, random_half], sink=[always, bursty, random_third])
async def avatars_are_framed_byte_for_byte(dut, source, sink):
    bench = Bench(dut, source, sink)
    await start(dut)
    images = [avatar(), avatar()]
    tag, kind = await bench.order(AVATARS, len(images))
    for image in images:
        bench.pixels.enqueue(beats(image))
    for index, image in enumerate(images):
        got = await bench.frame(p.MAX_REPLY)
        wanted = p.WORD.pack(index) + image.tobytes()
        wanted += p.COUNTERS.pack(bench.counters["cycles"], bench.counters["mac_cycles"])
        assert (got.tag, got.type) == (tag, kind)
        assert got.payload == wanted
    await bench.idle()


@cocotb.test()
@cocotb.parametrize(
    (
        ("source", "sink", "names"),
        [
            (always, always, ["a sample that is no level", "black", "noise"]),
            (bursty, random_third, ["sixteen levels", "flat"]),
        ],
    )
)
async def coded_avatars_are_framed_byte_for_byte(dut, source, sink, names):
    """Of both scales, behind each other; a plain one behind them is what it always was."""
    bench = Bench(dut, source, sink)
    await start(dut)
    images = [pictures(random.getrandbits(32))[name] for name in names]
    tag, kind = await bench.order(CODED, len(images))
    for image in images:
        bench.pixels.enqueue(beats(image))
    counters = p.COUNTERS.pack(bench.counters["cycles"], bench.counters["mac_cycles"])
    for index, image in enumerate(images):
        payload = p.WORD.pack(index) + image.tobytes() + counters
        wanted = p.encode_coded_reply(p.Frame(tag, kind, payload))
        data = bytes(await bench.line.receive(len(wanted)))
        assert data == wanted, f"{names[index]}: {data[:12].hex()} ... {data[-12:].hex()}"
    await bench.idle()
    tag, kind = await bench.order(AVATARS)
    bench.pixels.enqueue(beats(images[0]))
    got = await bench.frame(p.MAX_REPLY)
    assert got == p.Frame(tag, kind, p.WORD.pack(0) + images[0].tobytes() + counters)
    await bench.idle()


@cocotb.test()
async def a_coded_avatar_waits_for_the_line_to_its_last_byte(dut):
    line = TiringLine()
    bench = Bench(dut, always, line)
    await start(dut)
    counters = p.COUNTERS.pack(bench.counters["cycles"], bench.counters["mac_cycles"])
    for _ in range(3):
        image = pictures(random.getrandbits(32))["flat"]
        tag, kind = await bench.order(CODED)
        bench.pixels.enqueue(beats(image))
        payload = p.WORD.pack(0) + image.tobytes() + counters
        wanted = p.encode_coded_reply(p.Frame(tag, kind, payload))
        data = await bench.line.receive(len(wanted) - TAIL, TIRED_US)
        line.tired = True
        data += await bench.line.receive(TAIL, TIRED_US)
        line.tired = False
        assert bytes(data) == wanted, f"{wanted[-TAIL:].hex()}, got {bytes(data[-TAIL:]).hex()}"
        await bench.idle()


@cocotb.test()
async def counters_are_read_once_they_have_settled(dut):
    """They change until a few cycles behind the last pixel, and not while they are sent."""
    bench = Bench(dut)
    await start(dut)
    image, settled = avatar(), dict(bench.counters)
    for changes in (SETTLES - 1, 0):
        await bench.order(AVATARS)
        bench.pixels.enqueue(beats(image))
        for _ in range(PIXELS):
            await FallingEdge(dut.clk_i)
            while not (dut.pixel_valid_i.value and dut.pixel_ready_o.value):
                await FallingEdge(dut.clk_i)
        for _ in range(changes):
            dut.cycles_i.value, dut.mac_cycles_i.value = (random.getrandbits(32) for _ in "ab")
            await FallingEdge(dut.clk_i)
        dut.cycles_i.value, dut.mac_cycles_i.value = settled["cycles"], settled["mac_cycles"]
        got = await bench.frame(p.MAX_REPLY)
        assert got.payload[-p.COUNTERS.size :] == p.COUNTERS.pack(
            settled["cycles"], settled["mac_cycles"]
        )
        await bench.idle()


@cocotb.test()
async def a_summary_holds_count_time_and_crc(dut):
    bench = Bench(dut, bursty)
    await start(dut)
    images = [avatar() for _ in range(2)]
    tag, kind = await bench.order(SUMMARY, len(images))
    taken = cocotb.start_soon(cycles_until_taken(dut, PIXELS * len(images)))
    for image in images:
        bench.pixels.enqueue(beats(image))
    got = await bench.frame(p.SUMMARY_WORDS.size)
    count, elapsed, crc, cycles, mac_cycles = p.SUMMARY_WORDS.unpack(got.payload)
    assert (got.tag, got.type, count) == (tag, kind, 2)
    assert crc == zlib.crc32(b"".join(image.tobytes() for image in images))
    assert (cycles, mac_cycles) == (bench.counters["cycles"], bench.counters["mac_cycles"])
    assert elapsed == taken.result() >= 3 * PIXELS * 2
    await bench.idle()


@cocotb.test()
async def info_and_error_carry_their_words(dut):
    bench = Bench(dut)
    await start(dut)
    tag, kind = await bench.order(INFO)
    got = await bench.frame(p.INFO_WORDS.size)
    words = p.INFO_WORDS.unpack(got.payload)
    assert (got.tag, got.type) == (tag, kind)
    assert words[0] == p.VERSION | p.LATENT << 8 | p.SIDE << 16 | 3 << 24
    assert list(words[1:3]) == [int(dut.ClockHz.value), int(dut.Baud.value)]
    assert list(words[3:9]) == [bench.counters[name] for name in COUNTERS]
    one, two, three, four = under_test().integers.config.channels[1:]
    assert list(words[9:]) == [two << 16 | one, four << 16 | three]
    tag, kind = await bench.order(ERROR, error=3)
    got = await bench.frame(p.WORD.size)
    assert (got.tag, got.type, got.payload) == (tag, kind, p.WORD.pack(3))
    await bench.idle()


@cocotb.test()
@cocotb.parametrize(sink=[always, bursty])
async def network_tells_what_is_loaded(dut, sink):
    bench = Bench(dut, always, sink)
    await start(dut)
    network = under_test()
    loader = LoaderModel(preset=preset_number(network.integers.config, network.folding))
    loader.state, loader.crc = bench.load["load_state"], bench.load["load_crc"]
    loader.image, loader.identity = bytearray(random.randrange(9999)), bench.load["network"]
    dut.load_bytes_i.value = len(loader.image)
    tag, kind = await bench.order(NETWORK)
    got = await bench.frame(p.NETWORK_WORDS.size)
    assert (got.tag, got.type) == (tag, kind)
    assert p.NETWORK_WORDS.unpack(got.payload) == loader.words()
    await bench.idle()


@cocotb.test()
async def a_silent_avatar_takes_its_pixels_and_sends_nothing(dut):
    bench = Bench(dut)
    await start(dut)
    await bench.order(NONE)
    await bench.pixels.send(beats(avatar()))
    await bench.idle()


@cocotb.test()
async def a_reset_ends_a_reply_wherever_it_is(dut):
    bench = Bench(dut)
    await start(dut)
    plans = ((AVATARS, 30), (AVATARS, 1000), (SUMMARY, 2000), (CODED, 200), (CODED, 9000))
    for kind, cycles in plans:
        await bench.order(kind, 2)
        bench.pixels.enqueue(beats(avatar()))
        await ClockCycles(dut.clk_i, cycles + random.randrange(cycles))
        await pulse_reset(dut)
        assert not int(dut.busy_o.value)
        bench.pixels.clear()
        await bench.line.receive(bench.line.waiting)
        image = avatar()
        tag, reply = await bench.order(AVATARS)
        bench.pixels.enqueue(beats(image))
        got = await bench.frame(p.MAX_REPLY)
        assert (got.tag, got.type) == (tag, reply)
        assert got.payload[: 4 + p.PIXEL_BYTES] == p.WORD.pack(0) + image.tobytes()
        await bench.idle()


def test_board_reply(simulator):
    run_cocotb("board_reply", __file__, simulator, sources=SOURCES, min_tests=16)
