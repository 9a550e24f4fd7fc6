# SPDX-License-Identifier: Apache-2.0
"""Another network for a running board: chunks of its image, acknowledged one by one.

Chunks are sent ahead of their acknowledgements, since a serial adapter may hold an answer back for
16 ms. Every answer says how many bytes are in their place, so lost, doubled and late frames end in
going back to that byte; the CRC-32 over the whole image decides.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass

from . import protocol as p
from .client import AvatarClient, BoardError, words_of
from .images import Image

AHEAD = 32
"""Chunks that may be on their way: 23 ms of a line of 3 Mbaud."""


@dataclass(frozen=True)
class NetworkStatus:
    """What a board says of its network: bytes that are in place, which load, which network."""

    state: int
    bytes: int
    crc: int
    preset: int
    identity: int

    @property
    def whole(self) -> bool:
        """The board can draw."""
        return self.state == p.WHOLE


def network(client: AvatarClient) -> NetworkStatus:
    """Ask what the board holds. BoardError, in words, if it is of a release before loading."""
    return NetworkStatus(*words_of(p.NETWORK_WORDS, next(client.ask(p.NETWORK, b"", 1)).payload))


def load(
    client: AvatarClient, image: Image, advance: Callable[[int], None] = lambda done: None
) -> NetworkStatus:
    """Put a network into the board; `advance` hears how many of its bytes are in place.

    BoardError if the board is of another preset (nothing is lost then), if another host loads
    at the same time, or if the line stays silent; the board then draws nothing until a whole
    network has come.
    """
    before = network(client)
    if before.preset != image.preset:
        raise BoardError(
            f"the board has hardware of preset {before.preset:08x}, the network is exported for "
            f"{image.preset:08x}: choose a network and folding of its shape, or build that board"
        )
    crc = zlib.crc32(image.data)
    for _ in range(client.retries + 1):
        frame = next(client.ask(p.BEGIN, p.begin_payload(image.preset, crc), 1))
        begun = NetworkStatus(*words_of(p.NETWORK_WORDS, frame.payload))
        if _Transfer(client, image.data, crc, begun).run(advance):
            return _loaded(client, image)
    raise BoardError(
        f"the network did not arrive whole in {client.retries + 1} attempts: check the line, then "
        "load again"
    )


def _loaded(client: AvatarClient, image: Image) -> NetworkStatus:
    """The identity appears when the board has read its parameters, some microseconds later."""
    for _ in range(client.retries + 1):
        status = network(client)
        if status.whole and status.identity == image.identity:
            return status
    raise BoardError(
        f"the board says that it holds network {status.identity:08x}, not {image.identity:08x}"
    )


class _Transfer:
    """One image on its way."""

    def __init__(self, client: AvatarClient, data: bytes, crc: int, begun: NetworkStatus):
        self.client, self.data, self.crc, self.begun = client, data, crc, begun
        self.place = begun.bytes  # of the next byte to send: a load that was cut off goes on
        self.number = 0  # chunks sent
        self.back = -1  # number of the last chunk that was sent before going back
        self.sent: dict[int, tuple[int, int]] = {}  # tag -> number and place of its chunk

    def run(self, advance: Callable[[int], None]) -> bool:
        """True when all bytes are in place, False if the board wants to begin again."""
        decoder, silences = p.reply_decoder(), 0
        if self.begun.state != p.LOADING:
            advance(self.begun.bytes)
            return self._arrived(self.begun)
        while silences <= self.client.retries:
            self._fill()
            for frame in self.client.frames(decoder):
                status = self._status(frame)
                if status is None:
                    continue
                silences = 0
                advance(status.bytes)
                if status.state != p.LOADING:
                    return self._arrived(status)
                self._acknowledge(frame.tag, status)
                self._fill()
            silences += 1
            status = network(self.client)
            if status.state != p.LOADING:
                return self._arrived(status)
            self._go_back(status.bytes)
        raise BoardError(f"no answer after {self.client.retries + 1} attempts: is the board on?")

    def _arrived(self, status: NetworkStatus) -> bool:
        return status.whole and (status.crc, status.bytes) == (self.crc, len(self.data))

    def _fill(self) -> None:
        while self.place < len(self.data) and len(self.sent) < AHEAD:
            self._send()

    def _send(self) -> None:
        data = self.data[self.place : self.place + p.MAX_CHUNK]
        tag = self.client.next_tag()
        self.sent[tag] = (self.number, self.place)
        self.client.write(p.Frame(tag, p.CHUNK, p.chunk_payload(self.crc, self.place, data)))
        self.place += len(data)
        self.number += 1

    def _status(self, frame: p.Frame) -> NetworkStatus | None:
        """The answer to one of our chunks, None for any other frame."""
        if frame.tag not in self.sent:
            return None
        if frame.type == p.REPLY | p.ERROR:
            raise BoardError(p.error_text(words_of(p.WORD, frame.payload)[0]))
        if frame.type != p.REPLY | p.CHUNK:
            return None
        status = NetworkStatus(*words_of(p.NETWORK_WORDS, frame.payload))
        return status if status.crc == self.crc else None

    def _acknowledge(self, tag: int, status: NetworkStatus) -> None:
        """An answer is in order, so chunks before it were heard or lost."""
        number, place = self.sent[tag]
        self.sent = {t: entry for t, entry in self.sent.items() if entry[0] > number}
        if status.bytes < place and number > self.back:
            self._go_back(status.bytes)

    def _go_back(self, place: int) -> None:
        self.place, self.back = place, self.number - 1
        self.sent.clear()
