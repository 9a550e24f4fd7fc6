# SPDX-License-Identifier: Apache-2.0
"""A second network that fits the hardware of the first."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from dcgan.quant.int_generator import IntegerGenerator


def sibling(ig: IntegerGenerator, seed: int = 5) -> IntegerGenerator:
    """Other integers of the same shape, shifts and widths: hidden channels permuted, one weight in
    ten moved by a step, v1 and v2 exchanged."""
    rng = np.random.default_rng(seed)
    orders = [rng.permutation(c) for c in ig.config.channels[1:4]]
    weights, biases = list(ig.weights), list(ig.biases)
    for i, order in enumerate(orders):
        weights[i] = weights[i][:, order]
        biases[i] = biases[i][order]
        weights[i + 1] = weights[i + 1][order]
    for i, bits in enumerate(ig.weight_bits):
        limit = 2 ** (bits - 1) - 2
        step = rng.integers(-1, 2, weights[i].shape) * (rng.random(weights[i].shape) < 0.1)
        step[np.abs(weights[i]) > limit] = 0
        weights[i] = np.ascontiguousarray((weights[i] + step).astype(np.int8))
    found = replace(ig, weights=tuple(weights), biases=tuple(biases), v1=ig.v2, v2=ig.v1)
    assert [found.acc_width(n) for n in (1, 2, 3, 4)] == [ig.acc_width(n) for n in (1, 2, 3, 4)]
    return found
