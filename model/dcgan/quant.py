# SPDX-License-Identifier: Apache-2.0
"""Post-training quantisation: a float Checkpoint -> an IntegerGenerator.

Every number is written in steps of its own grid. With d_l[c] the value of one step of activation
channel c after layer l (d_0 = 1/32, the grid of z; d_4 = the step of the tanh index), the integer
weights of layer l are W[k, c] * d_{l-1}[k] / d_l[c] * 2^shift_l, and the hardware's one shift a
layer brings the accumulator back to steps. A step that differs from channel to channel costs
nothing: ReLU(x / d) = ReLU(x) / d, so it is absorbed by the weights on both sides, and the only
scale the hardware ever sees is a power of two.

Steps are chosen by mean squared error: each channel takes the step that loses least between
rounding and saturation, of the activation and of its weights. Weights are rounded with error
feedback (rounding.py). The four shifts, the only choice that couples channels, come from
coordinate descent on the error of the final pixels, first with plain rounding because it is quick.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field, replace

import numpy as np
import torch
import torch.nn.functional as F

from .checkpoint import Checkpoint
from .fixed import build_tanh_table, pixels_from_tanh
from .integer import LAYER_NUMBERS, IntegerGenerator
from .latent import Z_SCALE, draw_z
from .rounding import feed_back

STEP_FACTORS = np.array([1.0, 0.93, 0.87, 0.81, 0.75, 0.68, 0.6, 0.5])
"""Steps tried for a channel, as parts of the smallest step at which nothing saturates."""

MOVES = [
    move
    for size in (1, 2)
    for move in itertools.product((-1, 0, 1), repeat=4)
    if sum(map(abs, move)) == size and sum(move) in (-1, 0, 1)
]
"""Moves of the four shifts: one shift by one, or one up and another down. Where weights limit
a step, a larger shift means a larger step and larger weights in the next layer: they move together.
"""

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


class Search:
    """Coordinate descent over the four shifts; layers before a changed shift are not redone."""

    def __init__(self, checkpoint: Checkpoint, options: QuantOptions) -> None:
        self.checkpoint, self.options = checkpoint, options
        self.cal = calibrate(checkpoint, options)
        self._done: dict[tuple[bool, tuple[int, ...]], tuple[Layer, torch.Tensor]] = {}

    @torch.no_grad()
    def layers(self, shifts: tuple[int, ...], feedback: bool) -> list[Layer]:
        """Layers 1 .. len(shifts) for given shifts."""
        x, step, layers = self.cal.z9, np.full(self.cal.z9.shape[1], Z_SCALE), []
        for layer in range(1, len(shifts) + 1):
            key = feedback, shifts[:layer]
            if key not in self._done:
                y, shift = self.cal.maps[layer - 1], shifts[layer - 1]
                numbers = quantise_layer(layer, self.checkpoint, self.options, x, step, y, shift)
                if feedback:
                    numbers = with_feedback(layer, numbers, x, self.options)
                out = acc = transpose_conv(layer, x, numbers.weight, numbers.bias)
                if layer < 4:
                    out = round_half_up(acc * 2.0**-shift).clamp(0, self.options.activation_max)
                self._done[key] = numbers, out
            numbers, x = self._done[key]
            step = numbers.step
            layers.append(numbers)
        return layers

    def error(self, shifts: tuple[int, ...], feedback: bool) -> float:
        """Mean squared error of the calibration pixels."""
        self.layers(shifts, feedback)
        half = 1 << (self.options.tanh_index_bits - 1)
        acc = self._done[feedback, shifts][1]
        index = round_half_up(acc * 2.0 ** -shifts[3]).clamp(-half, half - 1)
        pixels = build_tanh_table(self.options.tanh_index_bits)[index.long().numpy() + half]
        return float(np.mean((pixels.astype(np.float64) - self.cal.pixels) ** 2))

    def descend(self, shifts: tuple[int, ...], feedback: bool) -> tuple[int, ...]:
        """Make the moves of MOVES as long as the pixels get better."""
        error, tried, improved = self.error(shifts, feedback), {shifts}, True
        while improved:
            improved = False
            for move in MOVES:
                trial = tuple(s + m for s, m in zip(shifts, move, strict=True))
                if trial in tried or min(trial) < 1:
                    continue
                tried.add(trial)
                loss = self.error(trial, feedback)
                if loss < error:
                    shifts, error, improved = trial, loss, True
        return shifts


def first_shifts(
    checkpoint: Checkpoint, options: QuantOptions, cal: Calibration
) -> tuple[int, int, int, int]:
    """Where the search starts: shifts at which the median channel just fits both its ranges."""
    step, shifts = np.full(cal.z9.shape[1], Z_SCALE), []
    for layer in LAYER_NUMBERS:
        weight = checkpoint.state[f"layer{layer}.weight"].double().numpy()
        reach = np.abs(weight * step[:, None, None, None]).max(axis=(0, 2, 3))
        limit = 2 ** (options.weight_bits[layer - 1] - 1) - 1
        peak = torch.relu(cal.maps[layer - 1]).amax(dim=(0, 2, 3)).double().numpy()
        step = np.maximum(peak, 1e-3 * peak.max()) / options.activation_max
        if layer == 4:
            step = np.array([2.0 ** (3 - options.tanh_index_bits)])
        shifts.append(max(1, int(np.floor(np.log2(np.median(limit * step / reach))))))
    return tuple(shifts)


def search(checkpoint: Checkpoint, options: QuantOptions) -> list[Layer]:
    """The layers with the best shifts found."""
    run = Search(checkpoint, options)
    shifts = run.descend(first_shifts(checkpoint, options, run.cal), feedback=False)
    if options.feedback:
        shifts = run.descend(shifts, feedback=True)
    return run.layers(shifts, options.feedback)


def quantise(checkpoint: Checkpoint, options: QuantOptions | None = None) -> IntegerGenerator:
    """The integers of `checkpoint`; deterministic."""
    options = options or QuantOptions()
    return assemble(checkpoint, options, search(checkpoint, options))


def assemble(
    checkpoint: Checkpoint, options: QuantOptions, layers: list[Layer]
) -> IntegerGenerator:
    """Layers in integer units -> IntegerGenerator."""
    v = offsets(checkpoint).astype(np.int8)
    return IntegerGenerator(
        config=checkpoint.config,
        weights=tuple(numbers.weight.numpy().astype(np.int8) for numbers in layers),
        biases=tuple(numbers.bias.numpy().astype(np.int32) for numbers in layers),
        shifts=tuple(numbers.shift for numbers in layers),
        weight_bits=tuple(options.weight_bits),
        v1=v[1],
        v2=v[2],
        tanh_table=build_tanh_table(options.tanh_index_bits),
        tanh_index_bits=options.tanh_index_bits,
        activation_max=options.activation_max,
        metadata={"calibration": options.calibration, "calibration_seed": options.seed},
    )


def psnr(a: np.ndarray, b: np.ndarray) -> float:
    """Peak signal-to-noise ratio of two 8-bit image arrays, dB; infinite when they are equal."""
    error = np.mean((np.asarray(a, dtype=np.float64) - np.asarray(b, dtype=np.float64)) ** 2)
    return float("inf") if error == 0 else float(10 * np.log10(255.0**2 / error))


@torch.no_grad()
def float_pixels(checkpoint: Checkpoint, z: np.ndarray) -> np.ndarray:
    """z int8 [N, 100] -> uint8 [N, 3, 32, 32] of the float network, rounded to 8 bits."""
    generator = checkpoint.generator()
    images = generator.rgb(torch.from_numpy(z * np.float32(Z_SCALE)), checkpoint.v1, checkpoint.v2)
    return pixels_from_tanh(images.numpy())
