# SPDX-License-Identifier: Apache-2.0
"""board_control judges every request as the board model does, and orders what it asks for."""

from __future__ import annotations

import random

import cocotb
from avatar_host import protocol as p
from avatar_host.board_model import refusal
from cocotb.triggers import FallingEdge, RisingEdge

from tb.lib.build import run_cocotb
from tb.lib.stream import start

REPLY_INFO, REPLY_AVATARS, REPLY_SUMMARY, REPLY_ERROR, REPLY_NONE = range(5)
SOURCE = {p.LATENT_REQUEST: 0, p.SEED: 1, p.INTERPOLATE: 2}
SOURCES = ["rtl/dcgan/dcgan_shape_pkg.sv", "rtl/board/board_pkg.sv", "rtl/board/board_control.sv"]


class Bench:
    def __init__(self, dut):
        self.dut = dut
        self.payload = b""

    async def start(self) -> Bench:
        dut = self.dut
        for name in ("req_valid_i", "press_i", "busy_i", "req_type_i", "req_length_i"):
            getattr(dut, name).value = 0
        await start(dut)
        cocotb.start_soon(self.memory())
        await FallingEdge(dut.clk_i)
        return self

    async def memory(self) -> None:
        waiting = [0, 0]
        while True:
            await RisingEdge(self.dut.clk_i)
            index = int(self.dut.payload_index_o.value)
            self.dut.payload_data_i.value = waiting.pop(0)
            waiting.append(self.payload[index] if index < len(self.payload) else 0xEE)

    async def order(self, busy_cycles: int) -> dict[str, int]:
        """Wait for the order, be busy for a while; returns its fields."""
        dut = self.dut
        for _ in range(60):
            await FallingEdge(dut.clk_i)
            if int(dut.reply_o.value):
                break
        else:
            raise AssertionError("no order came")
        names = ("draw", "source", "count", "seed", "steps", "kind", "type", "error")
        fields = {name: int(getattr(dut, f"{name}_o").value) for name in names}
        await FallingEdge(dut.clk_i)
        assert not int(dut.reply_o.value) and not int(dut.draw_o.value)
        dut.busy_i.value = 1
        for _ in range(busy_cycles):
            await FallingEdge(dut.clk_i)
            assert not int(dut.req_ready_o.value), "ended before the work was done"
        dut.busy_i.value = 0
        return fields

    async def ask(self, kind: int, payload: bytes) -> dict[str, int]:
        dut = self.dut
        self.payload = payload
        dut.req_type_i.value, dut.req_length_i.value = kind, len(payload)
        dut.req_valid_i.value = 1
        fields = await self.order(random.randint(1, 20))
        for _ in range(4):
            if int(dut.req_ready_o.value):
                break
            await FallingEdge(dut.clk_i)
        else:
            raise AssertionError("the request was not taken")
        await FallingEdge(dut.clk_i)
        dut.req_valid_i.value = 0
        return fields


def expected_order(kind: int, payload: bytes) -> dict[str, int]:
    """The fields that a request must set in the order that follows from it; others are free."""
    error = refusal(p.Frame(0, kind, payload))
    if error:
        return {"draw": 0, "kind": REPLY_ERROR, "type": p.ERROR, "error": error}
    if kind == p.INFO:
        return {"draw": 0, "kind": REPLY_INFO, "type": p.INFO}
    reply = REPLY_SUMMARY if payload[0] else REPLY_AVATARS
    order = {"draw": 1, "kind": reply, "type": kind, "source": SOURCE[kind], "count": 1}
    if kind == p.SEED:
        order["count"] = int.from_bytes(payload[1:3], "little")
        order["seed"] = int.from_bytes(payload[3:11], "little")
    elif kind == p.INTERPOLATE:
        order |= {"count": payload[1] + 2, "steps": payload[1] + 1}
    return order


@cocotb.test()
async def requests_are_judged_and_ordered_as_the_model_says(dut):
    bench = await Bench(dut).start()
    lengths = {p.INFO: 0, p.LATENT_REQUEST: 101, p.SEED: 11, p.INTERPOLATE: 202}
    seen = set()
    for _ in range(250):
        kind = random.choice((*lengths, 0, 5, 0x7F, 0xFF))
        length = lengths.get(kind, 0) if random.random() < 0.8 else random.choice((0, 11, 101, 202))
        payload = bytearray(random.randbytes(length))
        if length and random.random() < 0.8:
            payload[0] &= 1
        if length > 2 and random.random() < 0.2:
            payload[1:3] = random.choice((b"\0\0", b"\xff\0"))
        fields = await bench.ask(kind, bytes(payload))
        wanted = expected_order(kind, bytes(payload))
        assert fields == fields | wanted, f"type {kind}, payload {payload[:12].hex()}"
        seen.add((fields["kind"], fields["error"] if fields["kind"] == REPLY_ERROR else 0))
    assert len(seen) == 6, f"cases missing: {seen}"


@cocotb.test()
async def a_press_draws_one_avatar_silently_from_the_cycle_counter(dut):
    bench = await Bench(dut).start()
    seeds = []
    for _ in range(3):
        dut.press_i.value = 1
        await FallingEdge(dut.clk_i)
        dut.press_i.value = 0
        got = await bench.order(5)
        assert (got["draw"], got["source"], got["count"], got["kind"]) == (1, 1, 1, REPLY_NONE)
        seeds.append(got["seed"])
        assert not int(dut.req_ready_o.value)
    assert len(set(seeds)) == 3


@cocotb.test()
async def a_press_during_a_request_waits_for_its_end(dut):
    bench = await Bench(dut).start()
    dut.press_i.value = 1
    got = await bench.ask(p.INFO, b"")
    dut.press_i.value = 0
    assert got["kind"] == REPLY_INFO
    assert (await bench.order(3))["kind"] == REPLY_NONE


def test_board_control(simulator):
    run_cocotb("board_control", __file__, simulator, sources=SOURCES, min_tests=3)
