# SPDX-License-Identifier: Apache-2.0
"""What is fixed in the hardware of a preset: widths with room for every network of its shape.

Weight bits come from the folding, the width of accumulators from the shape: they hold the sums of
any weights of that many bits. What a network has beyond that (biases, shifts, tables, the kind of
its latents) is contents of memories: the netlist is the same for all networks that `check_fits`
lets pass.
"""

from __future__ import annotations

import numpy as np

from dcgan.core.latents import LATENT, ONE, Z_MAX
from dcgan.core.shapes import LAYER_NUMBERS, NetworkConfig
from dcgan.hw.folding import Folding
from dcgan.quant.int_generator import MIN_ACC_WIDTH, IntegerGenerator

LATENT_WIDTH = 8
BINARY_UNIT = (2 * ONE).bit_length() - 1
"""Layer 1 sums x = 0 or 2^BINARY_UNIT for a binary latent; the constant -32 is in its offsets."""
ACT_WIDTH, ACT_MAX = 8, 255
TAPS = 4
"""Taps of a kernel that a pixel of layers 2 to 4 meets."""
SHIFT_BITS, MOST_SHIFT = 4, 15
TANH_INDEX_BITS = 11
PARAMETER_WIDTH = 32
EVEN_BIT = 17
"""Of the first parameter, above shifts and kind of the latents (dcgan.hw.rom)."""
LEAST_PARAMETER_DEPTH = 512
"""Words of the smallest block RAM that is 32 bits wide."""


def most_weight(folding: Folding, layer: int) -> int:
    """The largest |weight| of a layer."""
    return 2 ** (folding.layer(layer).weight_bits - 1) - 1


def acc_width(config: NetworkConfig, folding: Folding, layer: int) -> int:
    """Signed bits that hold every sum of the layer's inputs and weights, whatever these are."""
    reach = LATENT * 2 * Z_MAX if layer == 1 else config.channels[layer - 1] * TAPS * ACT_MAX
    return max(MIN_ACC_WIDTH, (reach * most_weight(folding, layer)).bit_length() + 1)


def parameter_depth(config: NetworkConfig) -> int:
    """Words of the parameter memory: one, the biases of layers 2 to 4, and the identity."""
    words = 2 + sum(config.channels[2:])
    return max(LEAST_PARAMETER_DEPTH, 1 << (words - 1).bit_length())


def rounding(ig: IntegerGenerator, layer: int) -> int:
    """What accumulators begin at besides the bias: half of a step, middle of the table."""
    return rounding_of(ig.shifts[layer - 1], layer)


def rounding_of(shift: int, layer: int) -> int:
    """The same for a layer that shifts by `shift`."""
    middle = 1 << (shift + TANH_INDEX_BITS - 1) if layer == LAYER_NUMBERS[-1] else 0
    return (1 << (shift - 1)) + middle


def check_fits(ig: IntegerGenerator, folding: Folding) -> None:
    """ValueError, with layer and channel, if hardware of this folding cannot hold `ig`."""
    folding.check(ig.config)
    if ig.activation_max != ACT_MAX:
        raise ValueError(
            f"its activations end at {ig.activation_max}, those of the hardware at {ACT_MAX}"
        )
    if ig.tanh_index_bits > TANH_INDEX_BITS:
        raise ValueError(
            f"layer 4: the tanh index has {ig.tanh_index_bits} bits, the hardware has "
            f"{TANH_INDEX_BITS}"
        )
    for layer in LAYER_NUMBERS:
        shift = ig.shifts[layer - 1]
        if shift > MOST_SHIFT:
            raise ValueError(
                f"layer {layer}: the shift is {shift}, the hardware shifts by {MOST_SHIFT} at most"
            )
        _check_weights(ig, folding, layer)
        _check_sums(ig, folding, layer)


def _check_weights(ig: IntegerGenerator, folding: Folding, layer: int) -> None:
    sizes = np.abs(ig.weights[layer - 1].astype(int)).max(axis=(0, 2, 3))
    channel = int(sizes.argmax())
    if sizes[channel] > most_weight(folding, layer):
        raise ValueError(
            f"layer {layer}, channel {channel}: a weight of size {sizes[channel]} needs more than "
            f"the {folding.layer(layer).weight_bits} bits of this hardware: quantise the layer to "
            "so many, or give a folding with a larger weight_bits"
        )


def _check_sums(ig: IntegerGenerator, folding: Folding, layer: int) -> None:
    sums = ig.acc_bounds(layer) + rounding(ig, layer)
    channel, width = int(sums.argmax()), acc_width(ig.config, folding, layer)
    if sums[channel] >= 1 << (width - 1):
        raise ValueError(
            f"layer {layer}, channel {channel}: sums reach {sums[channel]}, the {width} bits of "
            f"this hardware hold {(1 << (width - 1)) - 1}"
        )
