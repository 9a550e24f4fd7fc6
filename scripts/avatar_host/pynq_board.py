# SPDX-License-Identifier: Apache-2.0
"""The Generator on a PYNQ-Z2: latents in by DMA, pixels out by DMA, status by registers.

`overlay` is anything with the three parts of a PYNQ overlay that holds the packaged core:

    overlay.avatar_dcgan.read(offset) -> int        status registers (rtl/board/board_pynq_z2.sv)
    overlay.dma.sendchannel / .recvchannel          transfer(buffer), wait()
    allocate(shape, dtype) -> buffer                pynq.allocate

so that the same class runs on a board and against a stand-in.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from . import protocol as p
from .client import BoardError

IDENTITY = 0x4443474E  # "DCGN"
REGISTERS = {
    "identity": 0x00,
    "version": 0x04,
    "busy": 0x08,
    "avatars": 0x0C,
    "malformed": 0x10,
    "cycles": 0x14,
    "mac_cycles": 0x18,
}


@dataclass(frozen=True)
class Status:
    """The registers that count."""

    busy: int
    avatars: int
    malformed: int
    cycles: int
    mac_cycles: int


class PynqBoard:
    """Draw avatars on the programmable logic of a Zynq.

    Raises BoardError if the overlay does not hold this core in this version.
    """

    def __init__(self, overlay: Any, allocate: Callable[..., np.ndarray]):
        self.core, self.dma = overlay.avatar_dcgan, overlay.dma
        self.latent = allocate(shape=(p.LATENT,), dtype=np.int8)
        # A DMA moves whole words: each 24-bit pixel of the stream arrives in three bytes, R G B
        # in the component order of AXI4-Stream Video (G, B, R from the low byte).
        self.frame = allocate(shape=(p.SIDE, p.SIDE, 3), dtype=np.uint8)
        self.check()

    def register(self, name: str) -> int:
        return self.core.read(REGISTERS[name])

    def check(self) -> None:
        """Is this our core, in a version that this program knows?"""
        if self.register("identity") != IDENTITY:
            raise BoardError("the overlay holds no avatar core: load the bitstream of this project")
        version = self.register("version")
        wanted = p.SIDE << 16 | p.LATENT << 8 | p.VERSION
        if version != wanted:
            raise BoardError(
                f"the core has version {version:#x}, this program knows {wanted:#x}: "
                "use bitstream and program of one release"
            )

    def status(self) -> Status:
        return Status(**{name: self.register(name) for name in Status.__dataclass_fields__})

    def draw(self, z: np.ndarray) -> np.ndarray:
        """int8 [100] -> uint8 [32, 32, 3]."""
        if z.shape != (p.LATENT,) or z.dtype != np.int8:
            raise ValueError(f"a latent is int8 [{p.LATENT}], got {z.dtype} {list(z.shape)}")
        self.latent[:] = z
        self.dma.recvchannel.transfer(self.frame)
        self.dma.sendchannel.transfer(self.latent)
        self.dma.sendchannel.wait()
        self.dma.recvchannel.wait()
        green, blue, red = np.moveaxis(np.asarray(self.frame), 2, 0)
        return np.stack([red, green, blue], axis=2)
