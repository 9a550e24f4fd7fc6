# SPDX-License-Identifier: Apache-2.0
"""The three scalar functions of the integer Generator; each has a twin in rtl/arith.

All of them are integer functions: the division by 2^shift is an arithmetic shift, so
floor(acc / 2^shift + 1/2) is (acc + 2^(shift-1)) >> shift, ties towards +infinity.
"""

from __future__ import annotations

import numpy as np

MOST_LEVELS = 256
TANH_RANGE = 4.0  # the table covers [-4, 4); tanh(4) is 0.09 of a pixel step away from 1


def round_shift(acc: np.ndarray, shift: int) -> np.ndarray:
    """floor(acc / 2^shift + 1/2) for integer `acc` of any shape, int64; shift >= 1."""
    if shift < 1:
        raise ValueError(f"shift must be at least 1, got {shift}")
    return (np.asarray(acc, dtype=np.int64) + (1 << (shift - 1))) >> shift


def requantise_relu(acc: np.ndarray, shift: int, act_max: int) -> np.ndarray:
    """Accumulator -> activation: clip(floor(acc / 2^shift + 1/2), 0, act_max), int64.

    The lower clip is the ReLU: no separate step exists in hardware.
    """
    return np.clip(round_shift(acc, shift), 0, act_max)


def tanh_index(acc: np.ndarray, shift: int, bits: int) -> np.ndarray:
    """Accumulator of layer 4 -> table index 0 .. 2^bits - 1, saturating at both ends."""
    half = 1 << (bits - 1)
    return np.clip(round_shift(acc, shift), -half, half - 1) + half


def tanh_step(bits: int) -> float:
    """What one step of the table index stands for, before Tanh."""
    return 2 * TANH_RANGE / (1 << bits)


def build_tanh_table(bits: int, levels: int = MOST_LEVELS) -> np.ndarray:
    """uint8 [2^bits]: pixel = floor(127.5 * (tanh(x) + 1) + 1/2) clipped to 0..255.

    Entry i stands for x = (i - 2^(bits-1)) * 8 / 2^bits, so the table covers [-4, 4).
    Of fewer `levels` (2..256) each entry is the nearest one: of 16 of them, a multiple of 17.
    """
    x = (np.arange(1 << bits) - (1 << (bits - 1))) * tanh_step(bits)
    return pixels_from_tanh(np.tanh(x), levels)


def pixels_from_tanh(value: np.ndarray, levels: int = MOST_LEVELS) -> np.ndarray:
    """tanh output in [-1, 1] -> uint8 pixel (any shape), the nearest level, rounded half up.

    Level j of 0 .. levels - 1 is the pixel floor(255 j / (levels - 1) + 1/2).
    """
    last = levels - 1
    level = np.floor(last / 2 * (np.asarray(value, dtype=np.float64) + 1.0) + 0.5)
    return np.floor(255 * np.clip(level, 0, last) / last + 0.5).astype(np.uint8)
