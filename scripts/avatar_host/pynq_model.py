# SPDX-License-Identifier: Apache-2.0
"""A PYNQ overlay in Python: the parts of the one in programmable logic, around any Generator."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from . import protocol as p
from .board_model import Draw
from .pynq_board import IDENTITY, REGISTERS

Cycles = Callable[[np.ndarray], int]  # int8 [100] -> cycles an avatar


class ModelOverlay:
    """What PynqBoard needs: `avatar_dcgan` with its registers, `dma` with its two channels."""

    def __init__(self, draw: Draw, cycles: Cycles = lambda z: 0):
        self.draw, self.cycles = draw, cycles
        self.words = dict.fromkeys(REGISTERS, 0)
        self.words["identity"] = IDENTITY
        self.words["version"] = p.SIDE << 16 | p.LATENT << 8 | p.VERSION
        self.dma = self
        self.avatar_dcgan = self
        self.sendchannel = Channel(self.work)
        self.recvchannel = Channel(self.work)

    def read(self, offset: int) -> int:
        """A status register."""
        return next((self.words[n] for n, at in REGISTERS.items() if at == offset), 0)

    def work(self) -> None:
        """Draw as soon as both transfers are there."""
        send, receive = self.sendchannel, self.recvchannel
        if send.buffer is None or receive.buffer is None:
            return
        z = bytes_of(send.buffer)[: send.nbytes].view(np.int8)
        whole = z[: len(z) // p.LATENT * p.LATENT].reshape(-1, p.LATENT)
        self.words["malformed"] += int(len(z) > whole.size)
        send.buffer = None
        if len(whole):
            self.words["avatars"] += len(whole)
            self.words["cycles"] = self.cycles(whole[-1])
            pixels = self.draw(whole).transpose(0, 2, 3, 1).reshape(-1)
            bytes_of(receive.buffer)[: len(pixels)] = pixels
        if len(z) == whole.size:
            receive.buffer = None


class Channel:
    """A channel of the DMA: one transfer at a time."""

    error = False

    def __init__(self, started: Callable[[], None]):
        self.started, self.buffer, self.nbytes = started, None, 0

    @property
    def idle(self) -> bool:
        return self.buffer is None

    def transfer(self, buffer: Any, start: int = 0, nbytes: int = 0) -> None:
        if not self.idle:
            raise RuntimeError("DMA channel not idle")
        self.buffer, self.nbytes = buffer, nbytes or buffer.nbytes
        self.started()

    def wait(self) -> None:
        assert self.idle, "the model draws at once"


def bytes_of(buffer: np.ndarray) -> np.ndarray:
    """The memory of a buffer, uint8 [bytes]."""
    return buffer.reshape(-1).view(np.uint8)


def golden_overlay(network: str) -> ModelOverlay:
    """The golden integers of a preset or a file, with the cycles that the cycle model predicts."""
    from dcgan.core.shapes import PRESETS
    from dcgan.hw.cycle_model import stage_cycles
    from dcgan.hw.folding import default_folding
    from dcgan.quant.golden import GoldenGenerator

    from .links import known_network

    integers = known_network(network)
    golden, config = GoldenGenerator(integers), integers.config
    if config.name not in PRESETS:
        return ModelOverlay(golden.rgb)  # no folding is shipped for it

    def cycles(z: np.ndarray) -> int:
        maps = golden.run_planes(z[None])
        folding = default_folding(config)
        return round(stage_cycles(config, folding, maps, integers.latent_bits).steady_state)

    return ModelOverlay(golden.rgb, cycles)
