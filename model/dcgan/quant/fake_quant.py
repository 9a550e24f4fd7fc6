# SPDX-License-Identifier: Apache-2.0
"""The integer Generator as a torch module with gradients: fake quantisation, straight through.

The forward pass computes what golden.py computes, number for number (a test compares them), in
steps of the integer grids. Rounding passes the gradient unchanged, saturation stops it. Fine-tuning
distils the float Generator into it: the loss is the squared difference of the two images, and a
penalty on what saturation cuts off. A few activations in ten thousand do saturate after a long
training, and they alone cost 10 dB: with them gone, the integers differ from the float network of
the same weights (`dequantised`) by rounding only.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor, nn

from dcgan.core.checkpoint import Checkpoint
from dcgan.core.latents import Z_SCALE, draw_batches
from dcgan.core.losses import density_loss, saturation_loss
from dcgan.core.networks import by_phases, by_product, transpose_conv
from dcgan.core.shapes import LAYER_NUMBERS
from dcgan.quant.fixed_point import tanh_step
from dcgan.quant.int_generator import IntegerGenerator
from dcgan.quant.ptq_layer import Layer

PENALTY = 3.0
"""Weight of saturated and of crowded activations, each beside the squared error of the images."""


class _RoundHalfUp(torch.autograd.Function):
    @staticmethod
    def forward(_ctx, x: Tensor) -> Tensor:
        return torch.floor(x + 0.5)

    @staticmethod
    def backward(_ctx, gradient: Tensor) -> Tensor:
        return gradient


round_through = _RoundHalfUp.apply


class FakeQuantGenerator(nn.Module):
    """Trainable twin of an IntegerGenerator.

    weights: in steps of the weight grid; biases: in steps of the layer's output, so that both
    live on a scale near one and share a learning rate. float32 is exact while every accumulator
    stays below 2^23 (compact: 24 bits signed); use .double() beyond.
    """

    def __init__(self, ig: IntegerGenerator, layers: list[Layer] | None = None) -> None:
        """`layers`: start from the weights before rounding, which round to those of `ig`."""
        super().__init__()
        self.ig = ig
        exact = [torch.from_numpy(w.astype(np.float32)) for w in ig.weights]
        if layers is not None:
            exact = [numbers.exact.clone() for numbers in layers]
        self.weights = nn.ParameterList(exact)
        self.biases = nn.ParameterList(
            torch.from_numpy((bias / 2.0**shift).astype(np.float32))
            for bias, shift in zip(ig.biases, ig.shifts, strict=True)
        )

    def forward(self, z9: Tensor) -> Tensor:
        """z + v in integer steps, [N, 100] -> tanh value [N, 1, 32, 32] in (-1, 1)."""
        return self.value(self.index(z9))

    def value(self, index: Tensor) -> Tensor:
        """Signed table index -> tanh value, not rounded to a pixel."""
        return torch.tanh(index * tanh_step(self.ig.tanh_index_bits))

    def index(self, z9: Tensor) -> Tensor:
        """z + v in integer steps, [N, 100] -> signed table index [N, 1, 32, 32]."""
        return self.saturated_index(self.unsaturated(z9)[-1])

    def excess(self, hidden: list[Tensor]) -> Tensor:
        """Mean square of what ReLU layers 1 to 3 cut off, in units of their range."""
        return saturation_loss([x / self.ig.activation_max for x in hidden])

    def unsaturated(self, z9: Tensor) -> list[Tensor]:
        """What layers 1 to 4 give before it is cut to its range, in steps."""
        x, maps = z9, []
        for layer in LAYER_NUMBERS:
            weight, bias = self._integers(layer)
            # Whole numbers: the faster forms of the first and the last layer give the same sums.
            if layer == 1:
                acc = by_product(x, weight, bias)
            elif layer == 4:
                acc = by_phases(x, weight, bias)
            else:
                acc = transpose_conv(layer, x, weight, bias)
            maps.append(round_through(acc * 2.0 ** -self.ig.shifts[layer - 1]))
            x = maps[-1].clamp(0, self.ig.activation_max)
        return maps

    def saturated_index(self, x: Tensor) -> Tensor:
        half = 1 << (self.ig.tanh_index_bits - 1)
        return x.clamp(-half, half - 1)

    def _integers(self, layer: int) -> tuple[Tensor, Tensor]:
        limit = 2 ** (self.ig.weight_bits[layer - 1] - 1) - 1
        weight = round_through(self.weights[layer - 1]).clamp(-limit, limit)
        bias = round_through(self.biases[layer - 1] * 2.0 ** self.ig.shifts[layer - 1])
        return weight, bias

    @torch.no_grad()
    def integers(self) -> IntegerGenerator:
        """The IntegerGenerator this module computes."""
        numbers = [self._integers(layer) for layer in LAYER_NUMBERS]
        return replace(
            self.ig,
            weights=tuple(weight.numpy().astype(np.int8) for weight, _ in numbers),
            biases=tuple(bias.numpy().astype(np.int32) for _, bias in numbers),
        )


def dequantised(ig: IntegerGenerator, source: Checkpoint) -> Checkpoint:
    """The float Generator with the weights of `ig`: golden without rounding and saturation.

    Activations count integer steps; layer 1 takes z as it is. Metadata are those of `source`.
    """
    state = {}
    for layer in LAYER_NUMBERS:
        weight, bias, _ = ig.layer(layer)
        step_in = Z_SCALE if layer == 1 else 1.0
        step_out = tanh_step(ig.tanh_index_bits) if layer == 4 else 1.0
        scale = 2.0 ** -ig.shifts[layer - 1] * step_out
        state[f"layer{layer}.weight"] = torch.from_numpy(weight).float() * (scale / step_in)
        state[f"layer{layer}.bias"] = torch.from_numpy(bias).float() * scale
    return replace(source, state=state)


def distil(
    checkpoint: Checkpoint,
    student: FakeQuantGenerator,
    steps: int,
    seed: int = 2,
    rate: float = 0.02,
    batch: int = 16,
    density: float = 1.0,
) -> Iterator[float]:
    """Fine-tune `student` in place towards the float Generator; yields the loss of every step.

    FloatingPointError at the first loss that is not finite.
    rate: Adam's step at the start, in weight steps, decaying to zero along a cosine;
    batch: avatars a step, each three planes, drawn anew every time;
    density: wanted share of activations that are not zero; what the hardware need not multiply.
    """
    teacher = checkpoint.generator()
    device = next(student.parameters()).device
    teacher.to(device)
    optimiser = torch.optim.Adam(student.parameters(), lr=rate, betas=(0.9, 0.99))
    v = torch.from_numpy(student.ig.plane_offsets().astype(np.float32)).to(device)
    for step, drawn in enumerate(draw_batches(steps, batch, seed)):
        z = torch.from_numpy(student.ig.first_step(drawn).astype(np.float32)).to(device)
        for group in optimiser.param_groups:
            group["lr"] = rate * 0.5 * (1 + math.cos(math.pi * step / steps))
        z9 = (z[None] + v[:, None]).flatten(0, 1)
        with torch.no_grad():
            wanted = teacher(z9 * Z_SCALE)
        *hidden, last = student.unsaturated(z9)
        loss = ((student.value(student.saturated_index(last)) - wanted) ** 2).mean()
        excess, crowd = student.excess(hidden), density_loss(hidden, density)
        optimiser.zero_grad(set_to_none=True)
        (loss + PENALTY * excess + PENALTY * crowd).backward()
        optimiser.step()
        if not math.isfinite(loss.item()):
            raise FloatingPointError(f"step {step + 1}: fine-tuning diverged: lower --rate")
        yield loss.item()
