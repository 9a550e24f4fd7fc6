# SPDX-License-Identifier: Apache-2.0
"""Frames of the packet protocol, bytes only: no input or output, no numpy.

request   A5 5A tag type length(2) payload crc32(4)
reply     5A A5 tag type length(2) payload crc32(4)      type of the request + 0x80

Numbers are little-endian; the CRC (zlib's) covers tag to payload.
A coded avatar (codes.py) has length FFFF and ends where its CRC is right; it is decoded here.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from . import codes

VERSION = 3
OLDEST_VERSION = 2
"""Without coded avatars; all else is the same."""
LATENT = 100
SIDE = codes.SIDE
PIXEL_BYTES = codes.SAMPLES
REQUEST_SYNC = b"\xa5\x5a"
REPLY_SYNC = b"\x5a\xa5"
HEAD = struct.Struct("<BBH")
CRC = struct.Struct("<I")
MAX_REQUEST = 202
MAX_REPLY = 4 + PIXEL_BYTES + 8

INFO, LATENT_REQUEST, SEED, INTERPOLATE, BEGIN, CHUNK, NETWORK, ERROR = *range(1, 8), 0x7F
REPLY = 0x80
FLAG_SUMMARY, FLAG_CODED = 1, 2
CODED_LENGTH = 0xFFFF
CRC_GOOD = 0x2144DF1C
"""CRC-32 over anything and its own CRC-32."""
ERROR_TYPE, ERROR_LENGTH, ERROR_ARGUMENT, ERROR_PRESET, ERROR_NETWORK, ERROR_CHUNK = range(1, 7)
ERROR_TEXT = {
    ERROR_TYPE: "the board does not know this request",
    ERROR_LENGTH: "the request has a wrong length",
    ERROR_ARGUMENT: "the request has an argument out of range",
    ERROR_PRESET: "the network is of another preset than the hardware of the board",
    ERROR_NETWORK: "the board holds no whole network (ask it for `network`): load one",
    ERROR_CHUNK: "the board is being loaded with another network",
}
INFO_WORDS = struct.Struct("<11I")
SUMMARY_WORDS = struct.Struct("<5I")
COUNTERS = struct.Struct("<2I")
WORD = struct.Struct("<I")
BEGIN_WORDS = struct.Struct("<2I")
"""Preset of the hardware, CRC-32 of the image."""
CHUNK_HEAD = struct.Struct("<2I")
"""CRC-32 of the image, place of the first byte in it."""
MAX_CHUNK = MAX_REQUEST - CHUNK_HEAD.size
NETWORK_WORDS = struct.Struct("<5I")
"""State, bytes in their place, CRC-32 of the image, preset, identity of the network."""
WHOLE, LOADING, BROKEN, DECAYED = range(4)
STATES = (
    "whole",
    "being loaded",
    "broken: a load ended with another checksum, or with a reset",
    "decayed: a bit of it changed in the memories of the chip; load it again",
)


@dataclass(frozen=True)
class Frame:
    """One frame without its wrapping: tag 0..255, type 0..255, payload."""

    tag: int
    type: int
    payload: bytes


def error_text(code: int) -> str:
    """What a refusal means."""
    return ERROR_TEXT.get(code, f"the board reports error {code}")


def encode(frame: Frame, sync: bytes, coded: bool = False) -> bytes:
    """The bytes on the line for one frame; if its payload is `coded` the length stays open."""
    length = CODED_LENGTH if coded else len(frame.payload)
    body = HEAD.pack(frame.tag, frame.type, length) + frame.payload
    return sync + body + CRC.pack(zlib.crc32(body))


def encode_request(frame: Frame) -> bytes:
    return encode(frame, REQUEST_SYNC)


def encode_reply(frame: Frame) -> bytes:
    return encode(frame, REPLY_SYNC)


def encode_coded_reply(frame: Frame) -> bytes:
    """The same for the reply with a plain avatar that is to be sent coded."""
    return encode(Frame(frame.tag, frame.type, shorten(frame.payload)), REPLY_SYNC, coded=True)


def shorten(payload: bytes) -> bytes:
    """Payload of an avatar reply -> payload of a coded one."""
    pixels = np.frombuffer(payload, np.uint8, PIXEL_BYTES, WORD.size)
    return payload[: WORD.size] + codes.encode(pixels) + payload[WORD.size + PIXEL_BYTES :]


def restore(payload: bytes) -> bytes:
    """Payload of a coded avatar reply -> that of a plain one; codes.CodeError if it is none."""
    counters = len(payload) - COUNTERS.size
    pixels = codes.decode(payload[WORD.size : counters])
    return payload[: WORD.size] + pixels.tobytes() + payload[counters:]


Restore = Callable[[bytes], bytes]
Coded = tuple[int, int, Restore]


class Decoder:
    """Frames out of a stream of bytes that may hold anything between them.

    After a false start the search goes on one byte later, so nothing can hide a good frame.
    `rejected` counts starts whose length or CRC was wrong.
    `coded` has the fewest and the most bytes of a coded payload, and what makes a plain one of it
    (or raises ValueError); without it no frame is coded. A spoilt one holds up those behind it
    until the most bytes have come, or the line is quiet, and takes none of them along.
    """

    def __init__(self, sync: bytes, longest: int, coded: Coded | None = None):
        self.sync, self.longest, self.coded = sync, longest, coded
        self.waiting = bytearray()
        self.checked = self.crc = 0  # bytes of a coded frame that were looked at, CRC-32 over them
        self.rejected = 0

    def feed(self, data: bytes) -> list[Frame]:
        """Take bytes, return the frames that they complete."""
        self.waiting += data
        frames = []
        while (frame := self._next()) is not None:
            frames.append(frame)
        return frames

    def give_up(self) -> list[Frame]:
        """The line has gone quiet: an unfinished start is false, look behind it."""
        frames: list[Frame] = []
        while len(self.waiting) >= len(self.sync):
            self._reject()
            frames += self.feed(b"")
        return frames

    def _next(self) -> Frame | None:
        body = len(self.sync)
        while True:
            start = self.waiting.find(self.sync)
            if start < 0:
                keep = 1 if self.waiting.endswith(self.sync[:1]) else 0
                del self.waiting[: len(self.waiting) - keep]
                return None
            del self.waiting[:start]
            if len(self.waiting) < body + HEAD.size:
                return None
            tag, kind, length = HEAD.unpack_from(self.waiting, body)
            end = body + HEAD.size + length
            if self.coded and length == CODED_LENGTH:
                if (payload := self._coded_payload(*self.coded)) is not None:
                    return Frame(tag, kind, payload)
                if self.checked < HEAD.size + self.coded[1] + CRC.size:
                    return None
            elif length <= self.longest:
                if len(self.waiting) < end + CRC.size:
                    return None
                if CRC.unpack_from(self.waiting, end)[0] == zlib.crc32(self.waiting[body:end]):
                    payload = bytes(self.waiting[body + HEAD.size : end])
                    del self.waiting[: end + CRC.size]
                    return Frame(tag, kind, payload)
            self._reject()

    def _reject(self) -> None:
        self.rejected += 1
        self.checked = 0
        del self.waiting[0]

    def _coded_payload(self, fewest: int, most: int, restore: Restore) -> bytes | None:
        """The plain payload of the coded frame that begins here, once all of it has come."""
        waiting, begin, around = self.waiting, len(self.sync), HEAD.size + CRC.size
        if len(waiting) < begin + around + fewest:
            return None
        if not self.checked:
            self.checked = around + fewest - 1
            self.crc = zlib.crc32(waiting[begin : begin + self.checked])
        first, last = begin + self.checked, min(len(waiting), begin + around + most)
        crc = self.crc
        for end in range(first, last):
            crc = zlib.crc32(waiting[end : end + 1], crc)
            if crc == CRC_GOOD:
                try:
                    payload = restore(bytes(waiting[begin + HEAD.size : end + 1 - CRC.size]))
                except ValueError:  # right by chance
                    continue
                del waiting[: end + 1]
                self.checked = 0
                return payload
        self.checked, self.crc = last - begin, crc
        return None


def request_decoder() -> Decoder:
    """The board's side; twin of rtl/board/board_request.sv."""
    return Decoder(REQUEST_SYNC, MAX_REQUEST)


def reply_decoder() -> Decoder:
    """The host's side: coded avatars come out of it as plain ones."""
    around = WORD.size + COUNTERS.size
    fewest, most = around + codes.SHORTEST, around + codes.LONGEST
    return Decoder(REPLY_SYNC, MAX_REPLY, (fewest, most, restore))


def latent_payload(z: bytes, summary: bool = False, coded: bool = False) -> bytes:
    """Payload that asks for the avatar of one latent (100 bytes, int8)."""
    return bytes([flags(summary, coded)]) + z


def seed_payload(seed: int, count: int, summary: bool = False, coded: bool = False) -> bytes:
    """Payload that asks for `count` avatars (1..65535) of a seed (0..2^64-1)."""
    return struct.pack("<BHQ", flags(summary, coded), count, seed)


def interpolate_payload(
    first: bytes, second: bytes, inner: int, summary: bool = False, coded: bool = False
) -> bytes:
    """Payload that asks for the strip from one latent to another with `inner` points (0..254)."""
    return bytes([flags(summary, coded), inner]) + first + second


def flags(summary: bool, coded: bool) -> int:
    """First byte of a request for avatars: a summary instead of them, or their code; not both."""
    return FLAG_SUMMARY * summary | FLAG_CODED * coded


def begin_payload(preset: int, crc: int) -> bytes:
    """Payload that begins a load: preset of the hardware, CRC-32 of the image that comes."""
    return BEGIN_WORDS.pack(preset, crc)


def chunk_payload(crc: int, place: int, data: bytes) -> bytes:
    """Payload with the bytes of an image from `place` on (1 to MAX_CHUNK of them)."""
    return CHUNK_HEAD.pack(crc, place) + data
