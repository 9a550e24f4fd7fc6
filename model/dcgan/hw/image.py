# SPDX-License-Identifier: Apache-2.0
"""A network as bytes that a running chip can load: its memories, one behind the other.

`rtl/board/board_loader.sv` writes them in this order, slice by slice of 36 bits, each in five
bytes, the lowest first. The way back is `decode_image` (dcgan/hw/image_decode.py).
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from dcgan.quant.int_generator import IntegerGenerator

if TYPE_CHECKING:
    from dcgan.hw.rom import Rom

SLICE_BITS, SLICE_BYTES = 36, 5
MEMORIES = (
    "parameters.hex",
    "offset.hex",
    "layer1.hex",
    "layer2.hex",
    "layer3.hex",
    "layer4.hex",
    "tanh.hex",
)
"""ROM files in the order of an image; the index is that of load_valid_i in rtl/dcgan."""


def identity(ig: IntegerGenerator) -> int:
    """What a chip tells of the network that it holds: 32 bits of a digest of all its integers."""
    digest = hashlib.sha256()
    digest.update(json.dumps([list(ig.config.channels), list(ig.shifts), ig.latents]).encode())
    for array in (*ig.weights, *ig.biases, ig.v1, ig.v2, ig.tanh_table):
        digest.update(np.ascontiguousarray(array).astype(array.dtype.newbyteorder("<")).tobytes())
    return int.from_bytes(digest.digest()[:4], "big")


def preset_code(constants: Sequence[tuple]) -> int:
    """What a chip tells of its hardware: CRC-32 of every constant of the shape package."""
    return zlib.crc32(json.dumps(constants, default=int).encode())


def slices(width: int) -> int:
    """Slices of a word of `width` bits."""
    return -(-width // SLICE_BITS)


def image_bytes(roms: Mapping[str, Rom]) -> bytes:
    """ROMs by file name (`dcgan.hw.rom.build_roms`) -> what a chip of this folding loads."""
    return b"".join(_memory_bytes(roms[name]) for name in MEMORIES)


def _memory_bytes(rom: Rom) -> bytes:
    values = rom.values.astype(np.int64)
    bits = ((values[:, :, None] >> np.arange(rom.lane_width)) & 1).astype(np.uint8)
    bits = bits.reshape(len(values), -1)
    padded = np.zeros((len(values), slices(rom.width) * SLICE_BITS), np.uint8)
    padded[:, : rom.width] = bits
    whole = np.zeros((len(values), slices(rom.width), SLICE_BYTES * 8), np.uint8)
    whole[:, :, :SLICE_BITS] = padded.reshape(len(values), -1, SLICE_BITS)
    return np.packbits(whole, axis=2, bitorder="little").tobytes()


def image_size(roms: Mapping[str, Rom]) -> int:
    """Bytes of an image."""
    return sum(len(roms[name].values) * slices(roms[name].width) for name in MEMORIES) * SLICE_BYTES
