# SPDX-License-Identifier: Apache-2.0
"""Where each weight lies in the ROMs: address and lane, as tables in hw/README.md."""

from __future__ import annotations

import numpy as np

from dcgan.core.latents import ONE
from dcgan.core.shapes import LAYER_NUMBERS
from dcgan.hw.widths import SHIFT_BITS, TANH_INDEX_BITS, parameter_depth, rounding
from dcgan.quant.int_generator import IntegerGenerator


def word_bits(values: np.ndarray, lane_width: int) -> np.ndarray:
    """Words as bits, lane l at [l*W +: W]: [words, lanes] -> uint8 [words, lanes * lane_width]."""
    bits = (values.astype(np.int64)[:, :, None] >> np.arange(lane_width)) & 1
    return bits.astype(np.uint8).reshape(len(values), -1)


def layer1_words(weight: np.ndarray, couts: int, elements: int) -> np.ndarray:
    """W1 [100, C1, 4, 4] -> [16 * C1/couts * steps, couts * elements].

    Address (pixel, group, step). A word has the weights of `elements` entries of the latent for
    `couts` channels, entry fastest; the last of the steps is filled up with zeros.
    """
    latent, channels = weight.shape[:2]
    steps = -(-latent // elements)
    padded = np.zeros((steps * elements, channels, 16), dtype=weight.dtype)
    padded[:latent] = weight.reshape(latent, channels, 16)
    split = padded.reshape(steps, elements, channels // couts, couts, 16)
    return split.transpose(4, 2, 0, 3, 1).reshape(-1, couts * elements)


def layer1_offsets(ig: IntegerGenerator, couts: int) -> np.ndarray:
    """What layer 1 adds to its sum of selected weights: [16 * C1/couts, 3 * couts] int64.

    Address (pixel, group), lane (plane, channel). The layer is linear, so planes R, G, B add their
    bias and W v, v = 0, v1, v2; a binary latent x = 64 b - 32, b in 0, 1, leaves W (-32) besides.
    The half that makes the shift behind it round is here as well.
    """
    moved = ig.plane_offsets() - (ONE if ig.binary else 0)  # [3, 100]
    sums = np.tensordot(moved, ig.weights[0].astype(np.int64), axes=(1, 0))  # [3, C1, 4, 4]
    sums += start_values(ig, 1)[:, None, None]
    by_pixel = sums.reshape(len(moved), -1, 16).transpose(0, 2, 1)  # plane, pixel, channel
    rows = by_pixel.reshape(len(moved), -1, couts)
    return rows.transpose(1, 0, 2).reshape(-1, len(moved) * couts)


def start_values(ig: IntegerGenerator, layer: int) -> np.ndarray:
    """What the accumulators of each channel begin at: int64 [Cout].

    The requantiser only shifts and clamps: the half that makes this rounding is in the bias, and in
    layer 4 the middle of the tanh table as well.
    """
    return ig.biases[layer - 1].astype(np.int64) + rounding(ig, layer)


def parameter_words(ig: IntegerGenerator) -> np.ndarray:
    """What is neither weight nor table, as rtl/dcgan/dcgan_parameters.sv reads it: [depth]."""
    shifts = sum(ig.shifts[n - 1] << (SHIFT_BITS * (n - 1)) for n in LAYER_NUMBERS)
    first = int(ig.binary) << (SHIFT_BITS * len(LAYER_NUMBERS)) | shifts
    starts = [start_values(ig, n) for n in LAYER_NUMBERS[1:]]
    words = np.concatenate([[first], *starts, [ig.identity]])
    return np.pad(words, (0, parameter_depth(ig.config) - len(words)))


def tanh_words(ig: IntegerGenerator) -> np.ndarray:
    """The tanh table by the index of the hardware; a smaller one is continued by its ends."""
    half, own = 1 << (TANH_INDEX_BITS - 1), 1 << (ig.tanh_index_bits - 1)
    return ig.tanh_table[np.clip(np.arange(-half, half), -own, own - 1) + own]


def layer_words(weight: np.ndarray, fold) -> np.ndarray:
    """W [Cin, Cout, 4, 4] of layers 2..4 -> [words, lanes].

    Address (pyf, pxf, cf, dy, dx, c), lane (w, pr, pc, co). Output phase (py, px) of the 2x2
    block and input pixel (dy, dx) of its window meet at tap ky = 2 - 2 dy + py, kx likewise.
    With two windows the lane, not the address, says on which side of the window the pixel is. What
    reads two activations a cycle has two such ROMs.
    """
    cout = weight.shape[1]
    words = []
    for py_fold in range(2 // fold.phase_rows):
        for px_fold in range(2 // fold.phase_cols):
            for first in range(0, cout, fold.couts):
                for dy in (0, 1):
                    for dx in (0, 1) if fold.windows == 1 else (None,):
                        lanes = [
                            weight[
                                :, first : first + fold.couts, 2 - 2 * dy + py, 2 - 2 * side + px
                            ]
                            for side in ((dx,) if fold.windows == 1 else (1, 0))
                            for py in _phases(py_fold, fold.phase_rows)
                            for px in _phases(px_fold, fold.phase_cols)
                        ]
                        words.append(np.concatenate(lanes, axis=1))  # [Cin, lanes]
    return np.concatenate(words, axis=0)


def _phases(fold: int, parallel: int) -> range:
    return range(fold * parallel, (fold + 1) * parallel)
