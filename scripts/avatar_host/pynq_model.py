# SPDX-License-Identifier: Apache-2.0
"""A PYNQ overlay in Python: the parts of the one in programmable logic, around any Generator."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from . import protocol as p
from .board_model import Draw
from .loader_model import LoaderModel
from .pynq_board import IDENTITY, REGISTERS, VERSION

if TYPE_CHECKING:
    from dcgan.quant.int_generator import IntegerGenerator

Cycles = Callable[[np.ndarray], int]  # int8 [100] -> cycles an avatar


class ModelOverlay:
    """What PynqBoard needs: `avatar_dcgan` with its registers, `dma` with its two channels."""

    def __init__(self, draw: Draw, cycles: Cycles = lambda z: 0, loader: LoaderModel | None = None):
        self.draw, self.cycles = draw, cycles
        self.loader, self.preset_written = loader or LoaderModel(), False
        self.words = dict.fromkeys(REGISTERS, 0)
        self.words["identity"] = IDENTITY
        self.words["version"] = p.SIDE << 16 | p.LATENT << 8 | VERSION
        self.dma = self
        self.avatar_dcgan = self
        self.sendchannel = Channel(self.work)
        self.recvchannel = Channel(self.work)

    def read(self, offset: int) -> int:
        """A register."""
        names = ("load_state", "load_bytes", "load_crc", "preset", "network")
        self.words |= dict(zip(names, self.loader.words(), strict=True))
        return next((self.words[n] for n, at in REGISTERS.items() if at == offset), 0)

    def write(self, offset: int, value: int) -> bool:
        """A register of a load; False where the core answers with an error."""
        if offset == REGISTERS["preset"]:
            self.preset_written = value == self.loader.preset
            return self.preset_written
        if offset == REGISTERS["load_crc"] and self.preset_written:
            self.loader.begin(value)
            return True
        if offset == REGISTERS["load_data"] and self.loader.state == p.LOADING:
            self.loader.store(value.to_bytes(4, "little"))
            return True
        return False

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


class GoldenOverlay(ModelOverlay):
    """The golden integers of a network, with the cycles that the cycle model predicts."""

    def __init__(self, integers: IntegerGenerator):
        from .images import usual_folding
        from .links import golden_loader

        self.folding = usual_folding(integers)  # without one, cycles are not known
        super().__init__(self.use(integers), self.predicted, golden_loader(integers, self.use))

    def use(self, integers: IntegerGenerator) -> Draw:
        """Draw with these integers from now on."""
        from dcgan.quant.golden import GoldenGenerator

        self.golden = GoldenGenerator(integers)
        self.draw = self.golden.rgb
        return self.draw

    def predicted(self, z: np.ndarray) -> int:
        """Cycles of one latent at steady state."""
        from dcgan.hw.cycle_model import stage_cycles

        if self.folding is None:
            return 0
        ig, maps = self.golden.ig, self.golden.run_planes(z[None])
        return round(stage_cycles(ig.config, self.folding, maps, ig.latent_bits).steady_state)


def golden_overlay(network: str) -> ModelOverlay:
    """The model of an overlay with a network: a preset or a file."""
    from .links import known_network

    return GoldenOverlay(known_network(network))
