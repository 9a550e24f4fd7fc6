# SPDX-License-Identifier: Apache-2.0
"""Integer networks with random weights and live activations, for tests of the hardware.

Random weights alone would give maps that are all zero or all saturated. Here each layer's biases
and shift are set from the accumulators the layer really produces: about half of the activations
are non-zero and few saturate, so that every path of the RTL is exercised.
"""

from __future__ import annotations

import numpy as np

from dcgan.core.latents import draw_v, draw_z
from dcgan.core.shapes import LAYER_NUMBERS, NetworkConfig
from dcgan.quant.fixed_point import build_tanh_table, requantise_relu
from dcgan.quant.golden import GoldenGenerator
from dcgan.quant.int_generator import IntegerGenerator

CALIBRATION = 32  # avatars that set biases and shifts


def random_integer(
    config: NetworkConfig,
    seed: int = 0,
    weight_bits: tuple[int, int, int, int] = (8, 8, 8, 8),
    activation_max: int = 255,
    tanh_index_bits: int = 11,
) -> IntegerGenerator:
    """A random IntegerGenerator; the same arguments give the same integers."""
    rng = np.random.Generator(np.random.PCG64(seed))
    v1, v2 = draw_v(seed, 10.0)
    weights = []
    for layer in LAYER_NUMBERS:
        limit = 2 ** (weight_bits[layer - 1] - 1) - 1
        shape = (config.channels[layer - 1], config.channels[layer], 4, 4)
        spread = np.rint(rng.standard_normal(shape) * limit / 3)  # 3 sigma reaches the limit
        weights.append(np.clip(spread, -limit, limit).astype(np.int8))
    biases = [np.zeros(c, np.int32) for c in config.channels[1:]]
    shifts = [1, 1, 1, 1]

    def network() -> IntegerGenerator:
        return IntegerGenerator(
            config=config,
            weights=tuple(weights),
            biases=tuple(biases),
            shifts=tuple(shifts),
            weight_bits=weight_bits,
            v1=v1,
            v2=v2,
            tanh_table=build_tanh_table(tanh_index_bits),
            tanh_index_bits=tanh_index_bits,
            activation_max=activation_max,
            metadata={"source": "random", "seed": seed},
        )

    z9 = np.concatenate([draw_z(CALIBRATION, seed) + v for v in network().plane_offsets()])
    act = None
    for layer in LAYER_NUMBERS:
        golden = GoldenGenerator(network())
        acc = golden.project(z9) if layer == 1 else golden.conv(layer, act)
        # Centre each channel on a random fraction of its spread: densities vary around one half.
        spread = acc.std(axis=(0, 2, 3))
        centre = rng.uniform(-0.25, 0.25, len(spread)) * spread - np.median(acc, axis=(0, 2, 3))
        biases[layer - 1] = np.rint(centre).astype(np.int32)
        acc = acc + biases[layer - 1].astype(np.int64)[:, None, None]
        reach = activation_max if layer < 4 else 1 << (tanh_index_bits - 1)
        quantile = np.quantile(np.abs(acc), 0.97 if layer < 4 else 0.9)
        shifts[layer - 1] = max(1, int(np.rint(np.log2(quantile / reach))))
        if layer < 4:
            act = requantise_relu(acc, shifts[layer - 1], activation_max)
    return network()
