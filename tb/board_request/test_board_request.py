# SPDX-License-Identifier: Apache-2.0
"""board_request finds the same frames as its Python twin in any stream of bytes."""

from __future__ import annotations

import random

import cocotb
from avatar_host import protocol as p
from cocotb.triggers import ClockCycles, FallingEdge, RisingEdge, with_timeout

from tb.lib.build import run_cocotb
from tb.lib.stream import pulse_reset, start

TIMEOUT = 400
LAST_GAP = TIMEOUT + 5  # cycles without a byte after which the next one still counts
BYTE_CYCLES = 30
SETTLE_TIMEOUTS = 20  # one for each false start that the garbage below can hold, and more


class Host:
    """Feeds bytes, serves requests and reads their payloads."""

    def __init__(self, dut):
        self.dut = dut
        self.frames: list[p.Frame] = []
        self.rejected = 0
        self.overruns = 0

    async def start(self) -> Host:
        dut = self.dut
        dut.in_valid_i.value = 0
        dut.req_ready_i.value = 0
        dut.payload_index_i.value = 0
        await start(dut)
        self.serving = cocotb.start_soon(self.serve())
        cocotb.start_soon(self.count("rejected"))
        cocotb.start_soon(self.count("overruns"))
        return self

    async def count(self, what: str) -> None:
        """Pulses never touch each other: their edges are enough."""
        pulse = {"rejected": self.dut.rejected_o, "overruns": self.dut.overrun_o}[what]
        while True:
            await RisingEdge(pulse)
            setattr(self, what, getattr(self, what) + 1)

    async def serve(self) -> None:
        dut = self.dut
        while True:
            if not int(dut.req_valid_o.value):
                await RisingEdge(dut.req_valid_o)
            await FallingEdge(dut.clk_i)
            payload = bytearray()
            for index in range(int(dut.req_length_o.value)):
                dut.payload_index_i.value = index
                await ClockCycles(dut.clk_i, 3)
                await FallingEdge(dut.clk_i)
                payload.append(int(dut.payload_data_o.value))
            self.frames.append(
                p.Frame(int(dut.req_tag_o.value), int(dut.req_type_o.value), bytes(payload))
            )
            dut.req_ready_i.value = 1
            await FallingEdge(dut.clk_i)
            dut.req_ready_i.value = 0
            await FallingEdge(dut.clk_i)

    async def feed(self, data: bytes, gap: int = BYTE_CYCLES) -> None:
        await FallingEdge(self.dut.clk_i)
        for byte in data:
            self.dut.in_valid_i.value = 1
            self.dut.in_data_i.value = byte
            await FallingEdge(self.dut.clk_i)
            self.dut.in_valid_i.value = 0
            await ClockCycles(self.dut.clk_i, gap)
            await FallingEdge(self.dut.clk_i)

    async def settle(self) -> None:
        """Longer than any timeout and rescan."""
        await ClockCycles(self.dut.clk_i, SETTLE_TIMEOUTS * TIMEOUT)


def frame(rng: random.Random) -> p.Frame:
    length = rng.choice((0, 1, 11, 101, 202))
    return p.Frame(rng.randrange(256), rng.randrange(256), rng.randbytes(length))


def garbage(rng: random.Random) -> bytes:
    good = p.encode_request(frame(rng))
    return rng.choice(
        (
            rng.randbytes(rng.randrange(1, 30)),
            p.REQUEST_SYNC * rng.randrange(1, 4),
            p.REQUEST_SYNC[:1],
            good[: rng.randrange(1, len(good))],
            good[:-1] + bytes([good[-1] ^ 1]),
            p.REQUEST_SYNC + bytes([1, 2, 203, 0]),
        )
    )


@cocotb.test()
async def frames_arrive_whole_and_in_order(dut):
    host = await Host(dut).start()
    rng = random.Random(random.getrandbits(32))
    sent = [frame(rng) for _ in range(8)]
    for one in sent:
        await host.feed(p.encode_request(one))
        await host.settle()
    assert host.frames == sent
    assert host.rejected == 0


@cocotb.test()
async def a_frame_that_is_too_long_is_refused_at_its_length(dut):
    """Its checksum is right, and the next frame lies behind its head."""
    host = await Host(dut).start()
    longest = p.Frame(1, 9, random.randbytes(p.MAX_REQUEST))
    await host.feed(p.encode_request(longest))
    await host.settle()
    assert host.frames == [longest] and host.rejected == 0
    for excess in (1, 2, 256 - p.MAX_REQUEST % 256):
        head = p.encode_request(p.Frame(2, 9, bytes(p.MAX_REQUEST + excess)))
        await host.feed(head[: len(p.REQUEST_SYNC) + p.HEAD.size])
        await ClockCycles(dut.clk_i, 2 * BYTE_CYCLES)
        assert host.rejected == 1, f"{excess} too many"
        host.rejected = 0
    assert len(host.frames) == 1


@cocotb.test()
async def garbage_hides_no_frame_and_makes_none(dut):
    host = await Host(dut).start()
    rng = random.Random(random.getrandbits(32))
    twin = p.request_decoder()
    expected: list[p.Frame] = []
    for _ in range(20):
        data = garbage(rng) + (p.encode_request(frame(rng)) if rng.random() < 0.6 else b"")
        await host.feed(data)
        await host.settle()
        expected += twin.feed(data) + twin.give_up()
    assert len(expected) > 5
    assert host.frames == expected
    assert host.rejected > 5
    assert host.overruns == 0


@cocotb.test()
async def every_flipped_bit_of_a_frame_is_found(dut):
    host = await Host(dut).start()
    good = p.encode_request(p.Frame(3, p.SEED, p.seed_payload(1, 1)))
    for bit in range(0, 8 * len(good), 5):
        wrong = bytearray(good)
        wrong[bit // 8] ^= 1 << bit % 8
        await host.feed(bytes(wrong), gap=6)
        await ClockCycles(dut.clk_i, 3 * TIMEOUT)
    await host.settle()
    assert host.frames == []
    await host.feed(good)
    await host.settle()
    assert len(host.frames) == 1


@cocotb.test()
async def bytes_beyond_the_ring_are_reported_and_recovered_from(dut):
    host = await Host(dut).start()
    host.serving.cancel()
    one = p.encode_request(p.Frame(1, 9, bytes(200)))
    await host.feed(one * 3, gap=5)
    assert host.overruns == 3 * len(one) - 512
    cocotb.start_soon(host.serve())
    await host.settle()
    await host.feed(p.encode_request(p.Frame(2, 1, b"")))
    await host.settle()
    assert [f.tag for f in host.frames] == [1, 1, 2]


@cocotb.test()
async def a_frame_that_stops_is_given_up_after_the_timeout_and_no_sooner(dut):
    host = await Host(dut).start()
    one = p.Frame(9, p.SEED, p.seed_payload(1, 3))
    good = p.encode_request(one)
    rejected = 0
    for cut in (1, 2, 3, 6, 9, len(good) - 1):
        counts = cut >= len(p.REQUEST_SYNC)  # what a rejected frame must have had
        for late, told in ((0, False), (1, False), (10, counts)):
            host.frames.clear()
            await host.feed(good[: cut - 1], gap=6)
            await host.feed(good[cut - 1 : cut], gap=LAST_GAP + late)
            assert host.rejected == rejected + told, f"{cut} bytes, {late} cycles late"
            await host.feed(good[cut:], gap=6)
            await ClockCycles(dut.clk_i, 5 * BYTE_CYCLES)
            rejected += bool(late) and counts
            assert host.rejected == rejected
            assert host.frames == ([] if late else [one]), f"{cut} bytes, {late} cycles late"


@cocotb.test()
async def a_frame_passes_a_consumer_that_is_always_ready(dut):
    host = await Host(dut).start()
    host.serving.cancel()
    dut.req_ready_i.value = 1
    sent = [p.Frame(tag, p.SEED, p.seed_payload(1, tag)) for tag in range(3)]
    cocotb.start_soon(host.feed(b"".join(map(p.encode_request, sent)), gap=6))
    tags = []
    for _ in range(10 * len(sent) * len(p.encode_request(sent[0]))):
        await FallingEdge(dut.clk_i)
        if int(dut.req_valid_o.value):
            tags.append(int(dut.req_tag_o.value))
    assert tags == [0, 1, 2] and host.rejected == 0


@cocotb.test()
async def a_reset_ends_a_frame_and_a_search_wherever_they_are(dut):
    host = await Host(dut).start()
    good = p.encode_request(p.Frame(5, p.SEED, p.seed_payload(1, 7)))
    wrong = good[:-1] + bytes([good[-1] ^ 1])
    for begun in (good[:1], good[:2], good[:5], good[:6], good[:9], good, wrong, bytes(512)):
        for cycles in (1, random.randint(2, 12), 60):
            host.serving.cancel()
            dut.req_ready_i.value = 0
            await host.feed(begun, gap=random.choice((0, 6)))
            await ClockCycles(dut.clk_i, cycles)
            await pulse_reset(dut)
            host.serving = cocotb.start_soon(host.serve())
            host.frames.clear()
            host.rejected = 0
            await host.feed(good)
            await ClockCycles(dut.clk_i, 100 + 5 * len(good))
            assert host.frames == [p.Frame(5, p.SEED, p.seed_payload(1, 7))]
            assert host.rejected == 0
    await host.feed(wrong[:-1], gap=6)
    await host.feed(wrong[-1:], gap=0)
    await with_timeout(RisingEdge(dut.rejected_o), 1, "us")
    await FallingEdge(dut.clk_i)
    dut.rst_ni.value = 0
    await FallingEdge(dut.clk_i)
    assert not int(dut.rejected_o.value)


def test_board_request(simulator):
    sources = ["rtl/mem/mem_ram.sv", "rtl/board/board_crc32.sv", "rtl/board/board_request.sv"]
    parameters = {"Timeout": TIMEOUT}
    run_cocotb(
        "board_request", __file__, simulator, parameters=parameters, sources=sources, min_tests=8
    )
