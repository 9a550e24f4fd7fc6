# SPDX-License-Identifier: Apache-2.0
"""Sets of images whose rank is known beforehand: a metric must agree, or be dropped.

fresh     drawn avatars that nobody has seen                      the best there can be
training  the training images themselves                         perfect, few, and copied
blends    the mean of two avatars: what averaging makes          nowhere clean
noise     independent uniform pixels                             nothing
mean      one image, the pixel mean of the real set              a collapsed generator
"""

from __future__ import annotations

import numpy as np

from dcgan.core.images import planes_first
from dcgan.data.avatars import draw_set
from dcgan.data.training_set import DRAWN_COUNT, DRAWN_SEED

HELD_OUT_SEED = 1000
FRESH_SEED = 2000


def drawn(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """``count`` avatars with labels, none of which is in the training set: uint8 [N, 3, 32, 32]."""
    seen = {tuple(label) for label in draw_set(DRAWN_COUNT, DRAWN_SEED)[1]}
    pixels, labels = draw_set(count + count // 50 + 10, seed)
    new = [i for i, label in enumerate(labels) if tuple(label) not in seen][:count]
    return planes_first(pixels[new]), labels[new]


def control_sets(real: np.ndarray, fresh: np.ndarray, train: np.ndarray, seed: int = 0):
    """name -> uint8 [N, 3, 32, 32], made from three sets of real images."""
    random = np.random.Generator(np.random.PCG64(seed))
    partner = np.roll(fresh, 1, axis=0).astype(np.uint16)
    mean = np.floor(real.mean(axis=0) + 0.5).astype(np.uint8)
    return {
        "fresh": fresh,
        "training": train,
        "blends": ((fresh + partner) // 2).astype(np.uint8),
        "noise": random.integers(0, 256, fresh.shape, dtype=np.uint8),
        "mean": np.repeat(mean[None], len(fresh), axis=0),
    }
