# SPDX-License-Identifier: Apache-2.0
"""A serial line in simulated time: bytes to a receiver pin, bytes from a transmitter pin.

One wake-up a bit when sending, ten a byte when listening: whole avatars pass in seconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import cocotb
from cocotb.queue import Queue
from cocotb.triggers import FallingEdge, Timer, with_timeout

FRAME_BITS = 10


def frame_levels(byte: int, stop_bits: int = 1, stop_level: int = 1) -> list[int]:
    """The line while a byte is sent, bit by bit: start bit, eight bits low first, stop bits."""
    return [0, *(byte >> bit & 1 for bit in range(8)), *[stop_level] * stop_bits]


def byte_of(levels: Sequence[int]) -> int:
    """The byte of eight data levels, low bit first."""
    return sum(level << bit for bit, level in enumerate(levels))


class Sender:
    """Drives a pin that idles high. `bit_ps` is the length of one bit in picoseconds."""

    def __init__(self, pin, bit_ps: int):
        self.pin, self.bit_ps = pin, bit_ps
        pin.value = 1

    async def send(self, data: Iterable[int], stop_bits: int = 1, stop_level: int = 1) -> None:
        """Send bytes back to back; a stop level of 0 is a framing error."""
        for byte in data:
            await self._levels(frame_levels(byte, stop_bits, stop_level))
            self.pin.value = 1

    async def _levels(self, levels: list[int]) -> None:
        # Equal neighbours need one wake-up between them.
        run = 0
        for index, level in enumerate(levels):
            run += 1
            if index + 1 == len(levels) or levels[index + 1] != level:
                self.pin.value = level
                await Timer(run * self.bit_ps, unit="ps")
                run = 0


class Listener:
    """Decodes a pin; counts frames whose stop bit is low."""

    def __init__(self, pin, bit_ps: int):
        self.pin, self.bit_ps = pin, bit_ps
        self.received: Queue[int] = Queue()
        self.framing_errors = 0
        self.task = cocotb.start_soon(self._listen())

    async def _listen(self) -> None:
        while True:
            if int(self.pin.value) == 1:
                await FallingEdge(self.pin)
            await Timer(self.bit_ps * 3 // 2, unit="ps")
            levels = []
            for _ in range(8):
                levels.append(int(self.pin.value))
                await Timer(self.bit_ps, unit="ps")
            if int(self.pin.value):
                self.received.put_nowait(byte_of(levels))
            else:
                self.framing_errors += 1

    async def read(self, count: int, timeout_us: int) -> bytes:
        """`count` bytes; SimTimeoutError if one takes longer than the limit."""
        data = bytearray()
        while len(data) < count:
            data.append(await with_timeout(self.received.get(), timeout_us, "us"))
        return bytes(data)

    def drain(self) -> bytes:
        """Everything that has come, without waiting."""
        data = bytearray()
        while not self.received.empty():
            data.append(self.received.get_nowait())
        return bytes(data)
