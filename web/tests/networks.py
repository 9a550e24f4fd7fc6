# SPDX-License-Identifier: Apache-2.0
"""A second network that fits the hardware of the first."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from dcgan.core.shapes import LAYER_NUMBERS
from dcgan.quant.int_generator import IntegerGenerator

SEED, TRIES = 5, 50
MOVED = 0.1


def sibling(ig: IntegerGenerator) -> IntegerGenerator:
    """Other integers of the same shape, shifts and widths: hidden channels permuted, one weight in
    ten moved by a step, v1 and v2 exchanged."""
    for seed in range(SEED, SEED + TRIES):
        found = _other(ig, np.random.default_rng(seed))
        if all(found.acc_width(layer) == ig.acc_width(layer) for layer in LAYER_NUMBERS):
            return found
    raise AssertionError("no sibling keeps the widths of the sums")


def _other(ig: IntegerGenerator, rng: np.random.Generator) -> IntegerGenerator:
    weights, biases = list(ig.weights), list(ig.biases)
    for i, order in enumerate([rng.permutation(c) for c in ig.config.channels[1:4]]):
        weights[i] = weights[i][:, order]
        biases[i] = biases[i][order]
        weights[i + 1] = weights[i + 1][order]
    for i, bits in enumerate(ig.weight_bits):
        limit = 2 ** (bits - 1) - 2
        step = rng.integers(-1, 2, weights[i].shape) * (rng.random(weights[i].shape) < MOVED)
        step[np.abs(weights[i]) > limit] = 0
        weights[i] = np.ascontiguousarray((weights[i] + step).astype(np.int8))
    return replace(ig, weights=tuple(weights), biases=tuple(biases), v1=ig.v2, v2=ig.v1)
