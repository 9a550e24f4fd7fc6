# SPDX-License-Identifier: Apache-2.0
"""Passes for the lanes, in the words of the weight ROMs, with the golden sums that they end in."""

from __future__ import annotations

import random
from dataclasses import dataclass

import numpy as np
from dcgan.core.latents import LATENT
from dcgan.hw.folding import LayerFolding
from dcgan.hw.rom_words import layer1_words, layer_words
from dcgan.quant.golden import GoldenGenerator
from dcgan.quant.int_generator import IntegerGenerator


@dataclass(frozen=True)
class Pass:
    """What the lanes get between two results, and the results: None where there is no pixel."""

    where: str
    acts: list[int]
    words: list[np.ndarray]
    biases: np.ndarray
    expected: list[list[int | None]]  # [phase][channel]
    column0: bool = False
    fold: int = 0


def projections(ig: IntegerGenerator, couts: int, shortest: int = 1, count: int = 60) -> list[Pass]:
    """Layer 1 with latents of few elements, so that passes are as short as the lanes allow."""
    words, folds = layer1_words(ig.weights[0], couts), ig.config.channels[1] // couts
    passes = []
    for number in range(count):
        length = random.choice([shortest, shortest + 1, random.randint(shortest, 30), LATENT])
        limit = random.choice([3, 254])
        vector = np.zeros(LATENT, np.int64)
        vector[:length] = [random.choice([-limit, 0, limit, 1, -1, 77]) for _ in range(length)]
        pixel, fold = random.randrange(16), random.randrange(folds)
        channels = slice(fold * couts, (fold + 1) * couts)
        acc = GoldenGenerator(ig).project(vector[None])[0, channels].reshape(couts, 16)[:, pixel]
        begin = (pixel * folds + fold) * LATENT
        passes.append(
            Pass(
                f"pass {number} (pixel {pixel}, fold {fold}, {length} beats)",
                vector[:length].tolist(),
                list(words[begin : begin + length]),
                ig.biases[0][channels],
                [acc.tolist()],
                fold=fold,
            )
        )
    return passes


def columns(ig: IntegerGenerator, fold: LayerFolding) -> list[Pass]:
    """Layer 4, three window rows: the upper border, the middle, the lower border."""
    channels, side = ig.config.channels[3], 16
    act = np.array(random.choices([0, 0, 1, 255, 100], k=channels * side * side))
    act = act.reshape(channels, side, side)
    acc = GoldenGenerator(ig).conv(4, act[None])[0, 0]
    words = layer_words(ig.weights[3], fold)
    passes = []
    for i in (-1, 7, side - 1):
        for column in range(side + 1):
            taps = [(dy, c) for dy in (0, 1) if 0 <= i + dy < side for c in range(channels)]
            if column == side:  # nothing but the end of the last window
                acts, used = [0], [words[0]]
            else:
                acts = [int(act[c, i + dy, column]) for dy, c in taps]
                used = [words[dy * channels + c] for dy, c in taps]
            block = [(2 * i + 1 + py, 2 * (column - 1) + 1 + px) for py in (0, 1) for px in (0, 1)]
            expected = [
                [int(acc[y, x]) if 0 <= y < 2 * side and 0 <= x < 2 * side else None]
                for y, x in block
            ]
            where = f"window row {i}, window column {column - 1}"
            passes.append(Pass(where, acts, used, ig.biases[3], expected, column == 0))
    return passes
