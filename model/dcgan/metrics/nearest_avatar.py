# SPDX-License-Identifier: Apache-2.0
"""How far an avatar is from the nearest one that `avatars.draw` can draw.

The drawn set is all combinations of seven attributes, so what a Generator draws can be compared
with the nearest of them, pixel by pixel: parts of a second hair style, a hair between two colours
and unequal eyes all show as off-manifold pixels, which no avatar of the set has there.
"""

from __future__ import annotations

import numpy as np

from dcgan.data.avatars import CHOICES, attributes_of, draw

VISIBLE = 60
"""Grey levels of 255 by which a channel is plainly wrong; the nearest two skins differ by 48."""
MEASURED = 300
"""Avatars of a set that are searched for; a search takes some milliseconds."""


def nearest_avatar(image: np.ndarray, label: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The avatar of the set nearest to `image` uint8 [32, 32, 3] (L1), and its label int64 [7].

    Coordinate descent over the attributes from `label`: the result is a minimum that no change of
    one attribute improves, and an avatar of the set is found whatever `label` says (tested).
    """
    image = image.astype(np.int16)
    label = label.copy()
    best = draw(attributes_of(label))
    error = np.abs(best - image).sum()
    improved = True
    while improved:
        improved = False
        for place, values in enumerate(CHOICES.values()):
            for index in range(len(values)):
                other = label.copy()
                other[place] = index
                drawn = draw(attributes_of(other))
                changed = np.abs(drawn - image).sum()
                if changed < error:
                    label, best, error, improved = other, drawn, changed, True
    return best, label


def off_manifold_pixels(images: np.ndarray, labels: np.ndarray) -> float:
    """Mean number of pixels, of 1,024, that the nearest avatar of the set does not have.

    `images` uint8 [N, 3, 32, 32]; `labels` int64 [N, 7] is where the search begins, for instance
    what the attribute reader reads.
    """
    counts = []
    for image, label in zip(np.moveaxis(images, 1, -1), labels, strict=True):
        drawn, _ = nearest_avatar(image, label)
        off = np.abs(drawn.astype(np.int16) - image).max(axis=-1)
        counts.append(np.count_nonzero(off > VISIBLE))
    return float(np.mean(counts))
