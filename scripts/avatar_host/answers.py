# SPDX-License-Identifier: Apache-2.0
"""What a board answers, out of the payloads of its replies."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from . import protocol as p


@dataclass(frozen=True)
class Info:
    """What the board says about itself and has counted since reset."""

    protocol: int
    latent: int
    side: int
    planes: int
    clock_hz: int
    baud: int
    avatars: int
    malformed: int
    cycles: int
    mac_cycles: int
    rejected_frames: int
    restarts: int
    framing_errors: int
    overruns: int
    channels: tuple[int, int, int, int]


@dataclass(frozen=True)
class Avatar:
    """One avatar: uint8 [32, 32, 3], and the cycles that its drawing took."""

    index: int
    pixels: np.ndarray
    cycles: int
    mac_cycles: int


@dataclass(frozen=True)
class Summary:
    """`count` avatars drawn at full speed, their pixels kept back: only the CRC-32 comes."""

    count: int
    elapsed_cycles: int
    pixel_crc: int
    cycles: int
    mac_cycles: int


def info_of(words: tuple[int, ...]) -> Info:
    """The eleven words of an info reply -> Info."""
    version, latent, side, planes = words[0].to_bytes(4, "little")
    return Info(
        *(version, latent, side, planes & 0x7F),
        *words[1:7],
        rejected_frames=words[7] & 0xFFFF,
        restarts=words[7] >> 16,
        framing_errors=words[8] & 0xFFFF,
        overruns=words[8] >> 16,
        channels=(words[9] & 0xFFFF, words[9] >> 16, words[10] & 0xFFFF, words[10] >> 16),
    )


def avatar_index(frame: p.Frame) -> int:
    """Index of the avatar in its request, -1 if this frame holds none."""
    return p.WORD.unpack_from(frame.payload)[0] if len(frame.payload) == p.MAX_REPLY else -1


def decode_avatar(payload: bytes) -> Avatar:
    """Payload of an avatar reply -> Avatar."""
    pixels = np.frombuffer(payload, np.uint8, p.PIXEL_BYTES, p.WORD.size)
    cycles, mac_cycles = p.COUNTERS.unpack_from(payload, p.WORD.size + p.PIXEL_BYTES)
    return Avatar(
        index=p.WORD.unpack_from(payload)[0],
        pixels=pixels.reshape(p.SIDE, p.SIDE, 3).copy(),
        cycles=cycles,
        mac_cycles=mac_cycles,
    )
