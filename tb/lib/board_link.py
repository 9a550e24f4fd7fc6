# SPDX-License-Identifier: Apache-2.0
"""Requests through the serial pins of a board, replies compared with the board model.

link = BoardLink(clock_hz=25_000_000, baud=3_125_000)
link.connect(dut.uart_rx_i, dut.uart_tx_o)
await link.ask(protocol.INFO, b"")
"""

from __future__ import annotations

import numpy as np
from avatar_host import protocol as p
from avatar_host.board_model import BoardModel, ModelSettings
from dcgan.quant.golden import GoldenGenerator

from tb.lib.network import under_test
from tb.lib.serial_line import Listener, Sender

REPLY_US = 20_000


class BoardLink:
    """Two serial lines, and the model of the board at their other end."""

    def __init__(self, clock_hz: int, baud: int) -> None:
        integers = under_test().integers
        channels = tuple(integers.config.channels[1:])
        self.model = BoardModel(
            GoldenGenerator(integers).rgb,
            ModelSettings(channels, clock_hz, baud),
        )
        self.bit_ps = 10**12 // baud
        self.decoder = p.reply_decoder()

    def connect(self, to_board, from_board) -> None:
        """Drive and decode these pins from now on; the board must be out of its reset."""
        self.sender = Sender(to_board, self.bit_ps)
        self.listener = Listener(from_board, self.bit_ps)

    async def replies(self, count: int) -> list[p.Frame]:
        """The next `count` frames."""
        frames: list[p.Frame] = []
        while len(frames) < count:
            frames += self.decoder.feed(await self.listener.read(1, REPLY_US))
        return frames

    async def ask(self, kind: int, payload: bytes, count: int = 1, tag: int = 7) -> list[p.Frame]:
        """Send one request and compare its replies with the model; cycles are masked."""
        request = p.Frame(tag, kind, payload)
        await self.sender.send(p.encode_request(request))
        frames = await self.replies(count)
        expected = p.reply_decoder().feed(self.model.answer(request))
        assert len(expected) == count
        for got, wanted in zip(frames, expected, strict=True):
            assert (got.tag, got.type) == (wanted.tag, wanted.type)
            compare(got, wanted)
        return frames


def compare(got: p.Frame, wanted: p.Frame) -> None:
    """Payloads must agree; a wrong pixel is named."""
    assert len(got.payload) == len(wanted.payload)
    if len(got.payload) == p.MAX_REPLY:
        assert got.payload[:4] == wanted.payload[:4]
        mine = np.frombuffer(got.payload, np.uint8, p.PIXEL_BYTES, 4).reshape(32, 32, 3)
        other = np.frombuffer(wanted.payload, np.uint8, p.PIXEL_BYTES, 4).reshape(32, 32, 3)
        for y, x, c in np.argwhere(mine != other)[:1]:
            raise AssertionError(
                f"avatar {got.payload[0]}, y={y} x={x} plane={c}: "
                f"expected {other[y, x, c]}, got {mine[y, x, c]}"
            )
        cycles, mac_cycles = p.COUNTERS.unpack_from(got.payload, 4 + p.PIXEL_BYTES)
        assert 0 < cycles and 0 < mac_cycles
    elif got.type == p.REPLY | p.SEED:
        mine, other = (p.SUMMARY_WORDS.unpack(frame.payload) for frame in (got, wanted))
        assert (mine[0], mine[2]) == (other[0], other[2])
        assert mine[1] > 0 and mine[3] > 0
    elif got.type == p.REPLY | p.INFO:
        mine, other = (p.INFO_WORDS.unpack(frame.payload) for frame in (got, wanted))
        assert mine[:4] == other[:4] and mine[9:] == other[9:]
    else:
        assert got.payload == wanted.payload
