# SPDX-License-Identifier: Apache-2.0
"""Block RAM contents of an ECP5 bitstream, read from its own bytes.

Format: Lattice TN1260 (ECP5 sysCONFIG) and the notes of Project Trellis. After the configuration,
which may be compressed, every block RAM that is in use has two commands of its own, which never
are: LSC_EBR_ADDRESS tells the block, LSC_EBR_WRITE has 256 frames of 72 bits, each eight words of
nine bits, most significant bit first. A CRC-16 over both commands follows; a chip refuses a
bitstream in which one is wrong, and so does `blocks`.
"""

from __future__ import annotations

import re
from collections import Counter

import numpy as np

from .boards import FlowError

WORDS, WORD_BITS = 2048, 9
FRAMES, FRAME_BYTES = 256, 9  # of eight words each
ADDRESS_SHIFT = 11  # in LSC_EBR_ADDRESS: the address within the block is below its number
COMMANDS = re.compile(
    rb"(\xf6\0\0\0(.{4})\xb2\xd0%b(.{%d}))(.{2})"
    % (FRAMES.to_bytes(2, "big"), FRAMES * FRAME_BYTES),
    re.DOTALL,
)
POLYNOMIAL = 0x8005
WEIGHTS = 1 << np.arange(WORD_BITS)[::-1]

Block = tuple[int, ...]
"""2,048 words of nine bits."""


def _table() -> tuple[int, ...]:
    found = []
    for byte in range(256):
        crc = byte << 8
        for _ in range(8):
            crc = (crc << 1 ^ (POLYNOMIAL if crc & 0x8000 else 0)) & 0xFFFF
        found.append(crc)
    return tuple(found)


TABLE = _table()


def crc16(content: bytes) -> int:
    """CRC-16 of the configuration logic: 0x8005, from zero, most significant bit first."""
    crc = 0
    for byte in content:
        crc = (crc << 8 ^ TABLE[crc >> 8 ^ byte]) & 0xFFFF
    return crc


def blocks(bitstream: bytes) -> Counter[Block]:
    """Contents of all block RAMs that a bitstream fills, with how often each occurs.

    FlowError if a CRC is wrong, or if a block is filled twice.
    """
    found: Counter[Block] = Counter()
    numbers: set[int] = set()
    for match in COMMANDS.finditer(bitstream):
        commands, address, frames, crc = match.groups()
        number = int.from_bytes(address, "big") >> ADDRESS_SHIFT
        if crc16(commands) != int.from_bytes(crc, "big"):
            raise FlowError(f"the bitstream is damaged: wrong CRC after its block RAM {number}")
        if number in numbers:
            raise FlowError(f"the bitstream fills its block RAM {number} twice")
        numbers.add(number)
        bits = np.unpackbits(np.frombuffer(frames, np.uint8))
        found[tuple((bits.reshape(WORDS, WORD_BITS) @ WEIGHTS).tolist())] += 1
    return found
