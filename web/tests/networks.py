# SPDX-License-Identifier: Apache-2.0
"""Other networks that fit the hardware of the first."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from dcgan.quant.int_generator import IntegerGenerator
from dcgan.quant.random_network import random_integer

SEED = 5
MOVED = 0.1


def sibling(ig: IntegerGenerator) -> IntegerGenerator:
    """Other integers of the same shape: hidden channels permuted, one weight in ten moved by a
    step, v1 and v2 exchanged."""
    rng = np.random.default_rng(SEED)
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


def stranger(ig: IntegerGenerator) -> IntegerGenerator:
    """A random network of the same shape: latents of the other kind, other shifts, narrower weights
    and a smaller tanh table."""
    bits = tuple(max(4, number - 1) for number in ig.weight_bits)
    kind = {"latents": "normal" if ig.binary else "binary"}
    found = random_integer(ig.config, SEED, bits, tanh_index_bits=ig.tanh_index_bits - 1)
    assert found.shifts != ig.shifts
    return replace(found, metadata=kind)
