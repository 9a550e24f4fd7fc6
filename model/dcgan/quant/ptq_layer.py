# SPDX-License-Identifier: Apache-2.0
"""Quantisation of one layer, for a given shift: its steps and its integers.

Every number is written in steps of its own grid. With d_l[c] the value of one step of activation
channel c after layer l (d_0 = 1/32, the grid of z; d_4 = the step of the tanh index), the integer
weights of layer l are W[k, c] * d_{l-1}[k] / d_l[c] * 2^shift_l, and the hardware's one shift a
layer brings the accumulator back to steps. A step that differs from channel to channel costs
nothing: ReLU(x / d) = ReLU(x) / d, so it is absorbed by the weights on both sides, and the only
scale the hardware ever sees is a power of two.

A channel's step is the smallest at which neither its activations nor its weights saturate. Smaller
steps have less squared error on the maps, but the few activations they cut off are those that the
picture depends on. Weights are rounded with error feedback (gptq.py).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import torch

from dcgan.core.checkpoint import Checkpoint
from dcgan.core.latents import Z_MAX, Z_SCALE, binarise, draw_z
from dcgan.core.networks import transpose_conv
from dcgan.core.shapes import LAYER_NUMBERS
from dcgan.quant.fixed_point import MOST_LEVELS, pixels_from_tanh, tanh_step
from dcgan.quant.gptq import feed_back

PEAK_LATENTS = 512
"""Latents whose largest activations set the steps: large ones are rare."""

PEAK_BATCH = 64
SMALLEST_PEAK, LARGEST_PEAK = 1e-4, 1e4
"""Of the largest activation of a layer; trained networks have some 1 to 10."""


@dataclass(frozen=True)
class QuantOptions:
    """Formats and calibration."""

    weight_bits: tuple[int, int, int, int] = (8, 8, 8, 8)
    activation_max: int = 255
    tanh_index_bits: int = 11
    levels: int = MOST_LEVELS  # that a sample of a pixel can have; the search knows all of them
    calibration: int = 96  # latents; each gives three planes
    feedback: bool = True  # round weights with error feedback, or each to its nearest integer
    seed: int = 1  # of the calibration latents

    def __post_init__(self) -> None:
        if len(self.weight_bits) != 4 or not all(4 <= bits <= 8 for bits in self.weight_bits):
            raise ValueError(f"weight bits must be four numbers 4..8, got {self.weight_bits}")
        if not 2 <= self.levels <= MOST_LEVELS:
            raise ValueError(f"a sample has 2 to {MOST_LEVELS} levels, got {self.levels}")


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
    maps: list[torch.Tensor]  # before ReLU or Tanh, layers 1..4
    peaks: list[np.ndarray]  # [Cout] of each map, over PEAK_LATENTS more latents as well

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
    if np.abs(steps).max() > Z_MAX:
        raise ValueError(f"v1 and v2 must be within +-{Z_MAX}/32: train with offsets from draw_v")
    return steps.astype(np.int64)


def round_half_up(x: torch.Tensor) -> torch.Tensor:
    """floor(x + 1/2), the only rounding of this project."""
    return torch.floor(x + 0.5)


@torch.no_grad()
def calibrate(checkpoint: Checkpoint, options: QuantOptions) -> Calibration:
    """Run the float network on `options.calibration` latents, three planes each."""
    v = offsets(checkpoint)

    def planes(z: np.ndarray) -> torch.Tensor:
        z = binarise(z) if checkpoint.latents == "binary" else z
        z9 = (z.astype(np.int64) + v[:, None]).reshape(-1, z.shape[1])
        return torch.from_numpy(z9.astype(np.float32))[:, :, None, None]

    z9 = planes(draw_z(options.calibration, options.seed))
    maps = float_maps(checkpoint, z9)
    peaks = channel_peaks(maps)
    more = draw_z(PEAK_LATENTS, options.seed + 1)
    for start in range(0, PEAK_LATENTS, PEAK_BATCH):
        batch = float_maps(checkpoint, planes(more[start : start + PEAK_BATCH]))
        peaks = list(map(np.maximum, peaks, channel_peaks(batch)))
    check_peaks(peaks)
    return Calibration(z9, maps, peaks)


def check_peaks(peaks: list[np.ndarray]) -> None:
    """ValueError for a network whose activations no choice of shifts brings into 8 bits."""
    for layer, peak in enumerate(peaks[:3], 1):
        if not SMALLEST_PEAK <= peak.max() <= LARGEST_PEAK:  # nor is NaN
            raise ValueError(
                f"the activations of layer {layer} reach {peak.max():g}: training diverged or "
                f"never began, and integers need {SMALLEST_PEAK:g} to {LARGEST_PEAK:g}"
            )


def channel_peaks(maps: list[torch.Tensor]) -> list[np.ndarray]:
    """The largest activation after ReLU of every channel of every map: [Cout] each."""
    return [y.amax(dim=(0, 2, 3)).clamp(min=0).double().numpy() for y in maps]


def float_maps(checkpoint: Checkpoint, z9: torch.Tensor) -> list[torch.Tensor]:
    """The four maps before ReLU or Tanh, from integer inputs [N, 100, 1, 1]."""
    x, maps = z9 * Z_SCALE, []
    for layer in LAYER_NUMBERS:
        weight = checkpoint.state[f"layer{layer}.weight"].float()
        maps.append(
            transpose_conv(layer, x, weight, checkpoint.state[f"layer{layer}.bias"].float())
        )
        x = torch.relu(maps[-1])
    return maps


@torch.no_grad()
def quantise_layer(
    layer: int,
    checkpoint: Checkpoint,
    options: QuantOptions,
    x_step: np.ndarray,
    peak: np.ndarray,
    shift: int,
) -> Layer:
    """Integers of one layer for a given shift.

    x_step: steps of the inputs [Cin]; peak: the largest float activation of each channel [Cout].
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
        return integers(np.array([tanh_step(options.tanh_index_bits)]))
    peak = np.maximum(peak, 1e-3 * peak.max())  # a dead channel needs some step, any step
    step = np.maximum(peak / options.activation_max, np.abs(weight).max(axis=(0, 2, 3)) / limit)
    return integers(step)


def with_feedback(layer: int, numbers: Layer, x: torch.Tensor, options: QuantOptions) -> Layer:
    """The same layer, rounded with error feedback; layer 1 has nothing to gain."""
    if layer == 1:
        return numbers
    limit = 2 ** (options.weight_bits[layer - 1] - 1) - 1
    exact = feed_back(numbers.exact, x, limit)
    return replace(numbers, exact=exact, weight=round_half_up(exact))
