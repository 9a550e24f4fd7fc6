# SPDX-License-Identifier: Apache-2.0
"""The integer Generator as the adversary of the discriminators: quantisation inside the game.

A network that is trained first and rounded afterwards is judged by pictures it never saw: a long
training makes sharp decisions, and rounding moves them. Here every fake that a discriminator sees
has been drawn by the integers of the hardware (`FakeQuantGenerator`), so what is trained is what is
shipped. Steps and shifts stay those that post-training quantisation of the start has chosen.
"""

from __future__ import annotations

from collections.abc import Iterable

from torch import Tensor, nn

from .checkpoint import Checkpoint
from .fakequant import FakeQuantGenerator, dequantised
from .fixed import tanh_step
from .integer import IntegerGenerator
from .latent import Z_SCALE
from .networks import Generator
from .quant import assemble, search
from .quant_layer import QuantOptions


class IntegerTraining(nn.Module):
    """`NormalisedGenerator` for integers: the same methods, nothing to normalise."""

    def __init__(self, start: Checkpoint, weight_bits: tuple[int, int, int, int]) -> None:
        """The integers that post-training quantisation makes of `start`."""
        super().__init__()
        options = QuantOptions(weight_bits=weight_bits)
        layers = search(start, options)
        self.config = start.config
        self.start = start
        self.twin = FakeQuantGenerator(assemble(start, options, layers), layers)

    def forward_with_activations(self, z: Tensor) -> tuple[Tensor, list[Tensor]]:
        """The image, and the four maps *before* ReLU or Tanh: [N, C1, 4, 4], ... [N, 1, 32, 32].

        Maps of layers 1 to 3 are in units of the largest activation: what exceeds 1 saturates.
        """
        ig = self.twin.ig
        *maps, last = self.twin.unsaturated(z / Z_SCALE)
        hidden = [x / ig.activation_max for x in maps]
        hidden.append(last * tanh_step(ig.tanh_index_bits))
        return self.twin.value(self.twin.saturated_index(last)), hidden

    def measure(self, batches: Iterable[Tensor]) -> None:
        """No statistics: nothing to do."""

    def folded(self) -> Generator:
        """The float Generator of the rounded weights."""
        plain = Generator(self.config)
        plain.load_state_dict(dequantised(self.integers(), self.start).state)
        return plain

    def integers(self) -> IntegerGenerator:
        """What the hardware is to compute."""
        return self.twin.integers()
