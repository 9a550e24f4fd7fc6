# SPDX-License-Identifier: Apache-2.0
"""Post-training quantisation: a float Checkpoint -> an IntegerGenerator.

ptq_layer.py makes the integers of a layer for a given shift. The four shifts, the only choice
that couples channels, come from coordinate descent on the error of the final pixels, first with
plain rounding because it is quick, then with error feedback.
"""

from __future__ import annotations

import itertools

import numpy as np
import torch

from dcgan.core.checkpoint import Checkpoint
from dcgan.core.latents import Z_SCALE
from dcgan.core.networks import transpose_conv
from dcgan.core.shapes import LAYER_NUMBERS
from dcgan.quant.fixed_point import build_tanh_table, pixels_from_tanh, tanh_step
from dcgan.quant.int_generator import IntegerGenerator
from dcgan.quant.ptq_layer import (
    Calibration,
    Layer,
    QuantOptions,
    calibrate,
    offsets,
    quantise_layer,
    round_half_up,
    with_feedback,
)

MOVES = [
    move
    for size in (1, 2)
    for move in itertools.product((-1, 0, 1), repeat=4)
    if sum(map(abs, move)) == size and sum(move) in (-1, 0, 1)
]
"""Moves of the four shifts: one shift by one, or one up and another down. Where weights limit
a step, a larger shift means a larger step and larger weights in the next layer: they move together.
"""


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
                peak, shift = self.cal.peaks[layer - 1], shifts[layer - 1]
                numbers = quantise_layer(layer, self.checkpoint, self.options, step, peak, shift)
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
            step = np.array([tanh_step(options.tanh_index_bits)])
        shifts.append(max(1, int(np.floor(np.log2(np.median(limit * step / reach))))))
    return tuple(shifts)


def search(checkpoint: Checkpoint, options: QuantOptions) -> list[Layer]:
    """The layers with the best shifts found."""
    run = Search(checkpoint, options)
    shifts = run.descend(first_shifts(checkpoint, options, run.cal), feedback=False)
    if options.feedback:
        shifts = run.descend(shifts, feedback=True)
    return run.layers(shifts, options.feedback)


def quantise(
    checkpoint: Checkpoint, options: QuantOptions | None = None
) -> tuple[IntegerGenerator, list[Layer]]:
    """The integers of `checkpoint`, and the layers before rounding, where fine-tuning starts.

    Deterministic.
    """
    options = options or QuantOptions()
    layers = search(checkpoint, options)
    return assemble(checkpoint, options, layers), layers


def assemble(
    checkpoint: Checkpoint, options: QuantOptions, layers: list[Layer]
) -> IntegerGenerator:
    """Layers in integer units -> IntegerGenerator."""
    v = offsets(checkpoint).astype(np.int8)
    for layer, numbers in enumerate(layers, 1):
        if not numbers.bias.abs().max() < 2**31:
            raise ValueError(f"a bias of layer {layer} does not fit into 32 bits: train again")
    return IntegerGenerator(
        config=checkpoint.config,
        weights=tuple(numbers.weight.numpy().astype(np.int8) for numbers in layers),
        biases=tuple(numbers.bias.numpy().astype(np.int32) for numbers in layers),
        shifts=tuple(numbers.shift for numbers in layers),
        weight_bits=tuple(options.weight_bits),
        v1=v[1],
        v2=v[2],
        tanh_table=build_tanh_table(options.tanh_index_bits, options.levels),
        tanh_index_bits=options.tanh_index_bits,
        activation_max=options.activation_max,
        metadata={
            "calibration": options.calibration,
            "calibration_seed": options.seed,
            "latents": checkpoint.latents,
            "levels": options.levels,
        },
    )


@torch.no_grad()
def float_pixels(checkpoint: Checkpoint, z: np.ndarray) -> np.ndarray:
    """z int8 [N, 100] -> uint8 [N, 3, 32, 32] of the float network, rounded to 8 bits."""
    generator = checkpoint.generator()
    images = generator.rgb(torch.from_numpy(z * np.float32(Z_SCALE)), checkpoint.v1, checkpoint.v2)
    return pixels_from_tanh(images.numpy())
