# SPDX-License-Identifier: Apache-2.0
"""board_control judges every request as the board model does, and orders what it asks for."""

from __future__ import annotations

import random
from copy import deepcopy
from itertools import pairwise

import cocotb
from avatar_host import protocol as p
from avatar_host.board_model import refusal
from avatar_host.loader_model import LoaderModel
from cocotb.triggers import FallingEdge
from cocotb.utils import get_sim_time

from tb.board_control.control_bench import IMAGE_BYTES, Bench
from tb.lib.build import run_cocotb
from tb.lib.stream import PERIOD_NS, pulse_reset

REPLY_INFO, REPLY_AVATARS, REPLY_SUMMARY, REPLY_ERROR, REPLY_NONE, REPLY_NETWORK = range(6)
REPLY_CODED = 6
REPLY = {0: REPLY_AVATARS, p.FLAG_SUMMARY: REPLY_SUMMARY, p.FLAG_CODED: REPLY_CODED}
SOURCE = {p.LATENT_REQUEST: 0, p.SEED: 1, p.INTERPOLATE: 2}
SOURCES = ["rtl/dcgan/dcgan_shape_pkg.sv", "rtl/board/board_pkg.sv", "rtl/board/board_control.sv"]
LATENCY = 21
STATES = (p.WHOLE, p.LOADING, p.BROKEN, p.DECAYED)


def expected_order(kind: int, payload: bytes, loader: LoaderModel) -> dict[str, int]:
    """The fields that a request must set in the order that follows from it; others are free."""
    request = p.Frame(0, kind, payload)
    error = refusal(request) or loader.refusal(request)
    idle = {"draw": 0, "begins": 0, "stores": 0}
    if error:
        return idle | {"kind": REPLY_ERROR, "type": p.ERROR, "error": error}
    if kind == p.INFO:
        return idle | {"kind": REPLY_INFO, "type": p.INFO}
    if kind in (p.BEGIN, p.CHUNK, p.NETWORK):
        after = deepcopy(loader)
        after.serve(request)
        longer = len(after.image) > len(loader.image)
        begins = kind == p.BEGIN and not loader.under_way(p.BEGIN_WORDS.unpack(payload)[1])
        pulses = {"begins": int(begins), "stores": int(longer)}
        return {"draw": 0, "kind": REPLY_NETWORK, "type": kind, **pulses}
    drawn = {"draw": 1, "kind": REPLY[payload[0]], "source": SOURCE[kind], "count": 1}
    order = idle | drawn | {"type": kind}
    if kind == p.SEED:
        order["count"] = int.from_bytes(payload[1:3], "little")
        order["seed"] = int.from_bytes(payload[3:11], "little")
    elif kind == p.INTERPOLATE:
        order |= {"count": payload[1] + 2, "steps": payload[1] + 1}
    return order


def random_payload(kind: int, loader: LoaderModel) -> bytes:
    """Mostly what the board can serve, else something close to it."""
    lengths = {p.INFO: 0, p.LATENT_REQUEST: 101, p.SEED: 11, p.INTERPOLATE: 202, p.NETWORK: 0}
    if kind == p.BEGIN:
        preset = loader.preset ^ (random.random() < 0.3) << random.randrange(32)
        crc = random.choice((loader.crc, random.getrandbits(32)))
        return p.begin_payload(preset, crc)[: random.choice((7, 8, 8, 8))]
    if kind == p.CHUNK:
        crc = loader.crc ^ (random.random() < 0.3) << random.randrange(32)
        place = len(loader.image) ^ (random.random() < 0.3) << random.randrange(32)
        data = random.randbytes(random.choice((0, 1, 4, p.MAX_CHUNK)))
        return p.chunk_payload(crc, place, data)
    length = lengths.get(kind, 0) if random.random() < 0.8 else random.choice((0, 11, 101, 202))
    payload = bytearray(random.randbytes(length))
    if length and random.random() < 0.8:
        payload[0] &= 3
    if length > 2 and random.random() < 0.2:
        payload[1:3] = random.choice((b"\0\0", b"\xff\0"))
    return bytes(payload)


@cocotb.test()
async def requests_are_judged_and_ordered_as_the_model_says(dut):
    bench = await Bench(dut).start()
    kinds = (p.INFO, p.LATENT_REQUEST, p.SEED, p.INTERPOLATE, p.NETWORK, 0, 8, 0x7F, 0xFF)
    seen, pulses = set(), set()
    for _ in range(600):
        if random.random() < 0.7:
            bench.load(random.choice(STATES))
        kind = random.choice((*kinds, p.BEGIN, p.BEGIN, p.CHUNK, p.CHUNK, p.CHUNK))
        payload = random_payload(kind, bench.loader)
        wanted = expected_order(kind, payload, bench.loader)
        fields = await bench.ask(kind, payload)
        assert fields == fields | wanted, f"type {kind}, payload {payload[:12].hex()}: {wanted}"
        seen.add((fields["kind"], fields["error"] if fields["kind"] == REPLY_ERROR else 0))
        if fields["kind"] == REPLY_NETWORK:
            pulses.add((kind, fields["begins"], fields["stores"]))
    assert len(seen) == 5 + len(p.ERROR_TEXT), f"cases missing: {seen}"
    begun, stored = {(p.BEGIN, 0, 0), (p.BEGIN, 1, 0)}, {(p.CHUNK, 0, 0), (p.CHUNK, 0, 1)}
    assert pulses == begun | stored | {(p.NETWORK, 0, 0)}


@cocotb.test()
async def a_whole_image_is_stored_chunk_by_chunk(dut):
    bench = await Bench(dut).start()
    crc = random.getrandbits(32)
    assert (await bench.ask(p.BEGIN, p.begin_payload(bench.loader.preset, crc)))["begins"] == 1
    while bench.loader.state == p.LOADING:
        place = len(bench.loader.image)
        data = random.randbytes(min(p.MAX_CHUNK, IMAGE_BYTES - place))
        for stored in (1, 0):  # a host that lost the reply asks again
            fields = await bench.ask(p.CHUNK, p.chunk_payload(crc, place, data))
            assert (fields["kind"], fields["stores"]) == (REPLY_NETWORK, stored)
        assert bench.loader.image.endswith(data)


@cocotb.test()
async def a_load_begins_where_none_of_its_bytes_is(dut):
    """The network of the power-up is whole without a load: its CRC-32 means nothing."""
    bench = await Bench(dut).start()
    for state in STATES:
        for size in (0, 1, IMAGE_BYTES):
            bench.load(state, size)
            payload = p.begin_payload(bench.loader.preset, bench.loader.crc)
            known = size > 0 and state in (p.WHOLE, p.LOADING)
            assert (await bench.ask(p.BEGIN, payload))["begins"] == int(not known)


@cocotb.test()
async def a_request_is_answered_after_its_judgement_and_no_later(dut):
    bench = await Bench(dut).start()
    dut.req_type_i.value, dut.req_valid_i.value = p.NETWORK, 1
    for cycle in range(1, LATENCY + 1):
        await FallingEdge(dut.clk_i)
        assert int(dut.reply_o.value) == int(cycle == LATENCY), f"cycle {cycle}"
    assert int(dut.kind_o.value) == REPLY_NETWORK and bench.loader.state == p.WHOLE


@cocotb.test()
@cocotb.parametrize(state=[p.LOADING, p.BROKEN])
async def a_press_is_forgotten_where_no_network_is_whole(dut, state):
    bench = await Bench(dut).start()
    bench.load(state)
    await FallingEdge(dut.clk_i)
    for pause in range(3):
        await FallingEdge(dut.clk_i)
        dut.press_i.value = 1
        await FallingEdge(dut.clk_i)
        dut.press_i.value = 0
        for _ in range(pause):
            await FallingEdge(dut.clk_i)
        got = await bench.ask(p.INFO, b"")
        assert (got["kind"], got["draw"]) == (REPLY_INFO, 0)
        for _ in range(2 * LATENCY):
            await FallingEdge(dut.clk_i)
            assert not int(dut.reply_o.value) and not int(dut.draw_o.value)
    bench.load(p.WHOLE)
    for _ in range(2 * LATENCY):
        await FallingEdge(dut.clk_i)
        assert not int(dut.reply_o.value), "a press from before was kept"


@cocotb.test()
async def a_press_draws_one_avatar_silently_from_the_cycle_counter(dut):
    bench = await Bench(dut).start()
    orders = []
    for _ in range(3):
        dut.press_i.value = 1
        await FallingEdge(dut.clk_i)
        dut.press_i.value = 0
        got = await bench.order(5)
        assert (got["draw"], got["source"], got["count"], got["kind"]) == (1, 1, 1, REPLY_NONE)
        orders.append((get_sim_time("ns"), got["seed"]))
        assert not int(dut.req_ready_o.value)
        for _ in range(random.randint(1, 50)):
            await FallingEdge(dut.clk_i)
    for (earlier, before), (later, seed) in pairwise(orders):
        assert seed - before == (later - earlier) // PERIOD_NS, "not a count of cycles"


@cocotb.test()
async def a_press_during_a_request_waits_for_its_end(dut):
    bench = await Bench(dut).start()
    dut.press_i.value = 1
    got = await bench.ask(p.INFO, b"")
    dut.press_i.value = 0
    assert got["kind"] == REPLY_INFO
    assert (await bench.order(3))["kind"] == REPLY_NONE


@cocotb.test()
async def a_reset_forgets_a_press_and_a_request(dut):
    bench = await Bench(dut).start()
    for begun in (dut.press_i, dut.req_valid_i):
        for cycles in range(1, LATENCY + 6, 2):
            dut.req_type_i.value, dut.req_length_i.value = p.NETWORK, 0
            begun.value = 1
            for _ in range(cycles):
                await FallingEdge(dut.clk_i)
            begun.value = 0
            await pulse_reset(dut)
            for _ in range(LATENCY):
                await FallingEdge(dut.clk_i)
                assert not int(dut.reply_o.value) and not int(dut.draw_o.value), f"{cycles} cycles"
            assert (await bench.ask(p.INFO, b""))["kind"] == REPLY_INFO


def test_board_control(simulator):
    run_cocotb("board_control", __file__, simulator, sources=SOURCES, min_tests=9)
