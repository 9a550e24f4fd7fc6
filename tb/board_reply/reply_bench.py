# SPDX-License-Identifier: Apache-2.0
"""board_reply between orders, pixels, counters and a line; frames are read back by the protocol."""

from __future__ import annotations

import random

import numpy as np
from avatar_host import protocol as p
from cocotb.triggers import FallingEdge, RisingEdge

from tb.lib.stream import PERIOD_NS, StreamSink, StreamSource, always

INFO, AVATARS, SUMMARY, ERROR, NONE, NETWORK, CODED = range(7)
COUNTERS = ("avatars", "malformed", "cycles", "mac_cycles", "frame_errors", "line_errors")
LOAD = {"load_state": 2, "load_bytes": 32, "load_crc": 32, "network": 32}  # port: bits
PIXELS = p.SIDE * p.SIDE
PATIENCE_US = 1_000  # for a byte, or for the pixels of a reply


class Bench:
    def __init__(self, dut, pixel_stalls=always, line_stalls=always):
        self.dut = dut
        dut.start_i.value = 0
        self.pixels = StreamSource(dut, "pixel", pixel_stalls)
        self.line = StreamSink(dut, "out", line_stalls)
        self.counters = {name: random.getrandbits(32) for name in COUNTERS}
        for name, value in self.counters.items():
            getattr(dut, f"{name}_i").value = value
        self.load = {name: random.getrandbits(bits) for name, bits in LOAD.items()}
        for name, value in self.load.items():
            getattr(dut, f"{name}_i").value = value

    async def order(self, kind: int, count: int = 1, error: int = 0) -> tuple[int, int]:
        tag, request = random.randrange(256), random.randrange(1, 128)
        dut = self.dut
        await FallingEdge(dut.clk_i)
        dut.kind_i.value, dut.count_i.value, dut.error_i.value = kind, count, error
        dut.tag_i.value, dut.type_i.value = tag, request
        dut.start_i.value = 1
        await FallingEdge(dut.clk_i)
        dut.start_i.value = 0
        return tag, request | p.REPLY

    async def frame(self, payload_bytes: int) -> p.Frame:
        size = 2 + p.HEAD.size + payload_bytes + p.CRC.size
        data = bytes(await self.line.receive(size, PATIENCE_US))
        frames = p.reply_decoder().feed(data)
        assert len(frames) == 1 and data == p.encode_reply(frames[0]), data[:12].hex()
        return frames[0]

    async def idle(self) -> None:
        for _ in range(20):
            await FallingEdge(self.dut.clk_i)
        assert not int(self.dut.busy_o.value) and not self.line.waiting


def avatar() -> np.ndarray:
    return np.frombuffer(random.randbytes(p.PIXEL_BYTES), np.uint8).reshape(PIXELS, 3)


def beats(image: np.ndarray) -> list[int]:
    return [int(r) << 16 | int(g) << 8 | int(b) for r, g, b in image.reshape(PIXELS, 3)]


class TiringLine:
    """Takes every byte, and one in three hundred cycles while it is `tired`."""

    tired = False

    def __call__(self):
        while True:
            yield not self.tired or random.random() < 1 / 300


async def cycles_until_taken(dut, pixels: int) -> int:
    """How long a reply takes its pixels, from the cycle behind its order on."""
    cycles = 0
    while pixels:
        await RisingEdge(dut.clk_i)
        cycles += 1
        pixels -= int(dut.pixel_valid_i.value and dut.pixel_ready_o.value)
        assert cycles * PERIOD_NS < PATIENCE_US * 1000, f"{pixels} pixels were not taken"
    return cycles
