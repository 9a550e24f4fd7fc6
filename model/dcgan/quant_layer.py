# SPDX-License-Identifier: Apache-2.0
"""Quantisation of one layer, for a given shift: its steps and its integers.

Every number is written in steps of its own grid. With d_l[c] the value of one step of activation
channel c after layer l (d_0 = 1/32, the grid of z; d_4 = the step of the tanh index), the integer
weights of layer l are W[k, c] * d_{l-1}[k] / d_l[c] * 2^shift_l, and the hardware's one shift a
layer brings the accumulator back to steps. A step that differs from channel to channel costs
nothing: ReLU(x / d) = ReLU(x) / d, so it is absorbed by the weights on both sides, and the only
scale the hardware ever sees is a power of two.

Steps are chosen by mean squared error: each channel takes the step that loses least between
rounding and saturation, of the activation and of its weights. Weights are rounded with error
feedback (rounding.py).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import torch
import torch.nn.functional as F

from .checkpoint import Checkpoint
from .fixed import pixels_from_tanh
from .integer import LAYER_NUMBERS
from .latent import Z_SCALE, draw_z
from .rounding import feed_back

STEP_FACTORS = np.array([1.0, 0.93, 0.87, 0.81, 0.75, 0.68, 0.6, 0.5])
"""Steps tried for a channel, as parts of the smallest step at which nothing saturates."""

STEP_PLANES = 96
"""Planes of the calibration set that choose a channel's step; fewer would saturate the others."""


@dataclass(frozen=True)
class QuantOptions:
    """Formats and calibration."""

    weight_bits: tuple[int, int, int, int] = (8, 8, 8, 8)
    activation_max: int = 255
    tanh_index_bits: int = 11
    calibration: int = 96  # latents; each gives three planes
    feedback: bool = True  # round weights with error feedback, or each to its nearest integer
    seed: int = 1  # of the calibration latents

    def __post_init__(self) -> None:
        if len(self.weight_bits) != 4 or not all(4 <= bits <= 8 for bits in self.weight_bits):
            raise ValueError(f"weight bits must be four numbers 4..8, got {self.weight_bits}")


@dataclass
class Layer:
    """One layer in integer units: acc = conv(x, weight) + bias, next x = acc / 2^shift."""

    weight: torch.Tensor  # [Cin, Cout, 4, 4], whole numbers
    bias: torch.Tensor  # [Cout], whole numbers
    exact: torch.Tensor  # [Cin, Cout, 4, 4], what was rounded to the weights
    shift: int
    step: np.ndarray  # [Cout], value of one step of what comes out


@dataclass
class Calibration:
    """Float maps of the calibration latents, which do not depend on any choice made later."""

    z9: torch.Tensor  # [3N, 100, 1, 1] integers
    maps: list[torch.Tensor] = field(default_factory=list)  # before ReLU or Tanh, layers 1..4

    @property
    def pixels(self) -> np.ndarray:
        """The 8-bit image of the float network."""
        return pixels_from_tanh(np.tanh(self.maps[-1].numpy()))


def offsets(checkpoint: Checkpoint) -> np.ndarray:
    """[3, 100] int64, what each plane adds to z; ValueError if v1, v2 are off the 1/32 grid."""
    v = np.stack([np.zeros(len(checkpoint.v1)), checkpoint.v1.numpy(), checkpoint.v2.numpy()])
    steps = v.astype(np.float64) / Z_SCALE
    if not np.array_equal(steps, np.rint(steps)):
        raise ValueError("v1 and v2 are not on the 1/32 grid: train with offsets from draw_v")
    return steps.astype(np.int64)


def transpose_conv(layer: int, x: torch.Tensor, weight: torch.Tensor, bias=None) -> torch.Tensor:
    """The transposed convolution of layer 1 (k4 s1 p0) or 2..4 (k4 s2 p1)."""
    stride, padding = (1, 0) if layer == 1 else (2, 1)
    return F.conv_transpose2d(x, weight, bias, stride=stride, padding=padding)


def round_half_up(x: torch.Tensor) -> torch.Tensor:
    """floor(x + 1/2), the only rounding of this project."""
    return torch.floor(x + 0.5)


@torch.no_grad()
def calibrate(checkpoint: Checkpoint, options: QuantOptions) -> Calibration:
    """Run the float network on `options.calibration` latents, three planes each."""
    z = draw_z(options.calibration, options.seed).astype(np.int64)
    z9 = np.concatenate([z + v for v in offsets(checkpoint)])
    result = Calibration(torch.from_numpy(z9.astype(np.float32))[:, :, None, None])
    x = result.z9 * Z_SCALE
    for layer in LAYER_NUMBERS:
        weight = checkpoint.state[f"layer{layer}.weight"].float()
        y = transpose_conv(layer, x, weight, checkpoint.state[f"layer{layer}.bias"].float())
        result.maps.append(y)
        x = torch.relu(y)
    return result


@torch.no_grad()
def quantise_layer(
    layer: int,
    checkpoint: Checkpoint,
    options: QuantOptions,
    x: torch.Tensor,
    x_step: np.ndarray,
    y: torch.Tensor,
    shift: int,
) -> Layer:
    """Integers of one layer for a given shift.

    x, x_step: integer inputs [N, Cin, H, H] and their steps [Cin]; y: the float map wanted.
    """
    limit = 2 ** (options.weight_bits[layer - 1] - 1) - 1
    weight = checkpoint.state[f"layer{layer}.weight"].double().numpy()
    bias = checkpoint.state[f"layer{layer}.bias"].double().numpy()
    weight = weight * x_step[:, None, None, None] * 2.0**shift  # still to be divided by the step

    def integers(step: np.ndarray) -> Layer:
        exact = np.clip(weight / step[:, None, None], -limit, limit)
        offset = np.floor(bias * 2.0**shift / step + 0.5)
        arrays = (np.floor(exact + 0.5), offset, exact)
        return Layer(*(torch.from_numpy(a).float() for a in arrays), shift, step)

    if layer == 4:
        return integers(np.array([2.0 ** (3 - options.tanh_index_bits)]))
    wanted = torch.relu(y)
    peak = wanted.amax(dim=(0, 2, 3)).double().numpy()
    peak = np.maximum(peak, 1e-3 * peak.max())  # a dead channel needs some step, any step
    full = np.maximum(peak / options.activation_max, np.abs(weight).max(axis=(0, 2, 3)) / limit)
    stride, losses = max(1, len(x) // STEP_PLANES), []
    for factor in STEP_FACTORS:
        candidate = integers(full * factor)
        acc = transpose_conv(layer, x[::stride], candidate.weight, candidate.bias)
        out = round_half_up(acc * 2.0**-shift).clamp(0, options.activation_max)
        step = torch.from_numpy(candidate.step).float()[:, None, None]
        losses.append(((out * step - wanted[::stride]) ** 2).mean(dim=(0, 2, 3)).numpy())
    return integers(full * STEP_FACTORS[np.argmin(losses, axis=0)])


def with_feedback(layer: int, numbers: Layer, x: torch.Tensor, options: QuantOptions) -> Layer:
    """The same layer, rounded with error feedback; layer 1 has nothing to gain."""
    if layer == 1:
        return numbers
    limit = 2 ** (options.weight_bits[layer - 1] - 1) - 1
    exact = feed_back(numbers.exact, x, limit)
    return replace(numbers, exact=exact, weight=round_half_up(exact))
