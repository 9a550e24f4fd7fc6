# SPDX-License-Identifier: Apache-2.0
"""Passes for the lanes, in the words of the weight ROMs, with the golden sums that they end in."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

import numpy as np
from dcgan.hw.folding import LayerFolding
from dcgan.hw.rom_words import layer_words
from dcgan.hw.widths import LATENT_WIDTH
from dcgan.quant.golden import GoldenGenerator
from dcgan.quant.int_generator import IntegerGenerator

from tb.lib.scoreboard import pack

ACT_WIDTH = 9
"""Bits of an activation in the lanes: one more than it has, the sign."""


@dataclass(frozen=True)
class Pass:
    """What the lanes get between two results, and the results: None where there is no pixel.

    acts, words: of each beat, the activations and weights that are read at once.
    """

    where: str
    acts: list[int]
    words: list[np.ndarray]
    biases: np.ndarray
    expected: list[list[int | None]]  # [phase][channel]
    column0: bool = False
    fold: int = 0


def with_latents(ig: IntegerGenerator, kind: str) -> IntegerGenerator:
    """The same integers, taking latents of this kind."""
    return replace(ig, metadata={**ig.metadata, "latents": kind})


def vectors(z: np.ndarray) -> list[int]:
    """Latents [N, 100] as layer 1 gets them: whole."""
    return [pack(row, LATENT_WIDTH) for row in z]


def windows(
    ig: IntegerGenerator, fold: LayerFolding, shortest: int = 1, count: int = 60
) -> list[Pass]:
    """Layer 2, windows anywhere within the map that hold few activations or many.

    What is read at once belongs to one beat: acts and words hold `fold.reads` of them.
    """
    channels, side = ig.config.channels[1], 4
    words, folds = layer_words(ig.weights[1], fold), ig.config.channels[2] // fold.couts
    passes = []
    for number in range(count):
        beats = random.choice([shortest, shortest + 1, random.randint(shortest, 24)])
        i, j, cf = random.randrange(side - 1), random.randrange(side - 1), random.randrange(folds)
        inside = list(np.ndindex(2, 2, channels))
        places = random.sample(inside, min(beats * fold.reads, len(inside)))
        act = np.zeros((channels, side, side), np.int64)
        for dy, dx, c in places:
            act[c, i + dy, j + dx] = random.choice([255, 1, 77, random.randint(1, 255)])
        acc = GoldenGenerator(ig).conv(2, act[None])[0, cf * fold.couts : (cf + 1) * fold.couts]
        py, px = (random.randrange(2 // n) for n in (fold.phase_rows, fold.phase_cols))
        rows = range(py * fold.phase_rows, (py + 1) * fold.phase_rows)
        cols = range(px * fold.phase_cols, (px + 1) * fold.phase_cols)
        group = (py * (2 // fold.phase_cols) + px) * folds + cf
        read = [
            (int(act[c, i + dy, j + dx]), words[((group * 2 + dy) * 2 + dx) * channels + c])
            for dy, dx, c in places
        ]
        together = [read[n : n + fold.reads] for n in range(0, len(read), fold.reads)]
        passes.append(
            Pass(
                f"pass {number} (window {i}, {j}, fold {cf}, {len(together)} beats)",
                [beat_acts([a for a, _ in beat]) for beat in together],
                [np.concatenate([w for _, w in beat]) for beat in together],
                ig.biases[1][cf * fold.couts : (cf + 1) * fold.couts],
                [acc[:, 2 * i + 1 + r, 2 * j + 1 + c].tolist() for r in rows for c in cols],
                fold=cf,
            )
        )
    return passes


def beat_acts(acts: list[int]) -> int:
    """Activations that are read in one cycle as one word."""
    return pack(acts, ACT_WIDTH)


def columns(ig: IntegerGenerator, fold: LayerFolding) -> list[Pass]:
    """Layer 4, three window rows: the upper border, the middle, the lower border.

    With two reads a beat has two channels of a pixel.
    """
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
                acts, used = [0], [np.tile(words[0], fold.reads)]
            else:
                beats = [taps[n : n + fold.reads] for n in range(0, len(taps), fold.reads)]
                acts = [
                    beat_acts([int(act[c, i + dy, column]) for dy, c in beat]) for beat in beats
                ]
                used = [np.concatenate([words[dy * channels + c] for dy, c in b]) for b in beats]
            block = [(2 * i + 1 + py, 2 * (column - 1) + 1 + px) for py in (0, 1) for px in (0, 1)]
            expected = [
                [int(acc[y, x]) if 0 <= y < 2 * side and 0 <= x < 2 * side else None]
                for y, x in block
            ]
            where = f"window row {i}, window column {column - 1}"
            passes.append(Pass(where, acts, used, ig.biases[3], expected, column == 0))
    return passes
