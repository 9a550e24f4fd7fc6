# SPDX-License-Identifier: Apache-2.0
"""The Generator on a PYNQ-Z2: latents in by DMA, pixels out by DMA, status by registers.

    board = PynqBoard.open("avatars.bit")      on the board
    board = PynqBoard.model("compact")         anywhere else
    board.generate(seed=1, count=24)           uint8 [24, 32, 32, 3]

It runs with numpy and pynq alone, on the Python of a PYNQ image. `overlay` is anything with the
parts of the one that scripts/vivado_pynq_z2_overlay.tcl builds, such as that of pynq_model.py:

    overlay.avatar_dcgan.read(offset) -> int        registers (rtl/board/board_pynq_z2.sv)
    overlay.avatar_dcgan.write(offset, value)       those of a load
    overlay.dma.sendchannel / .recvchannel          transfer(buffer, nbytes=n), idle, error, wait()
    allocate(shape, dtype) -> buffer                pynq.allocate
"""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from dcgan.hw.latent_rng import draw_latents, interpolate

from . import protocol as p
from .client import BoardError, check_range
from .images import Image

IDENTITY = 0x4443474E  # "DCGN"
VERSION = 2
"""Of the registers; the packet protocol counts its own."""
REGISTERS = {
    "identity": 0x00,
    "version": 0x04,
    "busy": 0x08,
    "avatars": 0x0C,
    "malformed": 0x10,
    "cycles": 0x14,
    "mac_cycles": 0x18,
    "network": 0x1C,
    "preset": 0x20,
    "load_state": 0x24,
    "load_bytes": 0x28,
    "load_crc": 0x2C,
    "load_data": 0x30,
    "restarts": 0x34,
}
BATCH = 256
"""Avatars a transfer: 768 KiB of pixels."""
PATIENCE = 5.0
IDENTITY_READS = 1000
CLOCK_MHZ = 100
"""What scripts/vivado_pynq_z2_overlay.tcl asks for."""


@dataclass(frozen=True)
class Status:
    """The registers that count."""

    busy: int
    avatars: int
    malformed: int
    cycles: int
    mac_cycles: int


@dataclass(frozen=True)
class Speed:
    """`count` avatars in `seconds`, DMA included, and the core's cycles for the last one."""

    count: int
    seconds: float
    cycles: int
    clock_mhz: float

    def __str__(self) -> str:
        core = f"{1e6 * self.clock_mhz / self.cycles:,.0f}" if self.cycles else "?"
        return (
            f"{self.count} avatars in {self.seconds:.3f} s: {self.count / self.seconds:,.0f} a "
            f"second; the core takes {self.cycles:,} cycles each: {core} a second at "
            f"{self.clock_mhz:g} MHz"
        )


class PynqBoard:
    """Draw avatars on the programmable logic of a Zynq.

    Raises BoardError if the overlay does not hold this core in this version, or if a transfer does
    not end within `patience` seconds.
    """

    def __init__(
        self,
        overlay: Any,
        allocate: Callable[..., np.ndarray],
        batch: int = BATCH,
        patience: float = PATIENCE,
        clock_mhz: float = CLOCK_MHZ,
    ):
        check_range("batch", batch, 1, 4096)
        self.core, self.dma = overlay.avatar_dcgan, overlay.dma
        self.batch, self.patience, self.clock_mhz = batch, patience, clock_mhz
        self.check()
        self.latents = allocate(shape=(batch, p.LATENT), dtype=np.int8)
        self.frames = allocate(shape=(batch, p.SIDE, p.SIDE, 3), dtype=np.uint8)

    @classmethod
    def open(cls, bitstream: str = "avatars.bit", **options: Any) -> PynqBoard:
        """Load the overlay; its .hwh file lies beside the bitstream. ImportError without pynq."""
        import pynq  # on the board only

        overlay = pynq.Overlay(bitstream)
        return cls(overlay, pynq.allocate, clock_mhz=pynq.Clocks.fclk0_mhz, **options)

    @classmethod
    def model(cls, network: str = "compact", **options: Any) -> PynqBoard:
        """The golden model of a network behind the same interface, for machines without a board."""
        from .pynq_model import golden_overlay

        return cls(golden_overlay(network), np.zeros, **options)

    def register(self, name: str) -> int:
        return self.core.read(REGISTERS[name])

    def check(self) -> None:
        """Is this our core, in a version that this program knows?"""
        if self.register("identity") != IDENTITY:
            raise BoardError("the overlay holds no avatar core: load the bitstream of this project")
        version = self.register("version")
        wanted = p.SIDE << 16 | p.LATENT << 8 | VERSION
        if version != wanted:
            raise BoardError(
                f"the core has version {version:#x}, this program knows {wanted:#x}: "
                "use bitstream and program of one release"
            )

    def status(self) -> Status:
        names = ("busy", "avatars", "malformed", "cycles", "mac_cycles")
        return Status(**{name: self.register(name) for name in names})

    def draw(self, z: np.ndarray) -> np.ndarray:
        """int8 [N, 100] -> uint8 [N, 32, 32, 3], or [100] -> [32, 32, 3]."""
        z = np.asarray(z)
        if z.shape[-1:] != (p.LATENT,) or z.ndim > 2 or z.dtype != np.int8:
            raise ValueError(f"latents are int8 [N, {p.LATENT}], got {z.dtype} {list(z.shape)}")
        many = z.reshape(-1, p.LATENT)
        drawn = np.empty((len(many), p.SIDE, p.SIDE, 3), np.uint8)
        for start in range(0, len(many), self.batch):
            drawn[start : start + self.batch] = self._transfer(many[start : start + self.batch])
        return drawn if z.ndim == 2 else drawn[0]

    def render(self, z: np.ndarray) -> np.ndarray:
        """int8 [N, 100] -> uint8 [N, 3, 32, 32]: a back end (dcgan.core.renderer)."""
        return np.ascontiguousarray(self.draw(z).transpose(0, 3, 1, 2))

    def generate(self, seed: int, count: int) -> np.ndarray:
        """`count` avatars of the latents that a board with a serial line draws of `seed`."""
        return self.draw(draw_latents(seed, count))

    def interpolate(self, first: np.ndarray, second: np.ndarray, inner: int) -> np.ndarray:
        """The strip from latent `first` to `second` (int8 [100]): `inner` + 2 avatars."""
        return self.draw(interpolate(first, second, inner))

    def load(self, image: Image) -> None:
        """Put another network of the same preset into the core (avatar_host.images).

        BoardError if it is of another preset or the core draws; nothing is lost then.
        """
        preset = self.register("preset")
        if preset != image.preset:
            raise BoardError(
                f"the core has preset {preset:08x}, the network is exported for {image.preset:08x}"
            )
        if self.register("busy"):
            raise BoardError("the core draws: wait for its transfers, then load")
        padded = image.data + bytes(-len(image.data) % 4)
        self.core.write(REGISTERS["preset"], image.preset)
        self.core.write(REGISTERS["load_crc"], zlib.crc32(image.data))
        for word in np.frombuffer(padded, "<u4").tolist():
            self.core.write(REGISTERS["load_data"], word)
        identity = self._identity()
        if self.register("load_state") != p.WHOLE or identity != image.identity:
            raise BoardError(
                f"the network did not arrive whole: {self.register('load_bytes')} of "
                f"{len(image.data)} bytes are in place; load it again"
            )

    def _identity(self) -> int:
        """0 until the core has read its parameters: some microseconds after a load."""
        told = (self.register("network") for _ in range(IDENTITY_READS))
        return next((identity for identity in told if identity), 0)

    def bench(self, count: int = 1000, seed: int = 1) -> Speed:
        """Draw `count` avatars and take the time."""
        check_range("count", count, 1, 2**20)
        z = np.resize(draw_latents(seed, min(count, self.batch)), (count, p.LATENT))
        began = time.perf_counter()
        self.draw(z)
        seconds = time.perf_counter() - began
        return Speed(count, seconds, self.register("cycles"), self.clock_mhz)

    def close(self) -> None:
        """Give the buffers back."""
        for buffer in (self.latents, self.frames):
            if hasattr(buffer, "freebuffer"):
                buffer.freebuffer()

    def _transfer(self, z: np.ndarray) -> np.ndarray:
        """One transfer each way; the core ends the second one with the last avatar (board_dma)."""
        count, state = len(z), self.register("load_state")
        if state != p.WHOLE:
            raise BoardError(f"the core cannot draw, its network is {p.STATES[state & 3]}")
        self.latents[:count] = z
        self.dma.recvchannel.transfer(self.frames, nbytes=count * p.PIXEL_BYTES)
        self.dma.sendchannel.transfer(self.latents, nbytes=count * p.LATENT)
        self._wait(self.dma.sendchannel, "latents")
        self._wait(self.dma.recvchannel, "pixels")
        return np.asarray(self.frames)[:count]

    def _wait(self, channel: Any, what: str) -> None:
        until = time.monotonic() + self.patience
        while not (channel.idle or channel.error):
            if time.monotonic() > until:
                raise BoardError(
                    f"the transfer of {what} did not end in {self.patience:g} s: "
                    "load the overlay again"
                )
        channel.wait()
