# SPDX-License-Identifier: Apache-2.0
"""Colours that stand for each other: hair is hair in any colour.

Two colours are the same *material* if no picture has both and they lie in the same places: eight
hair colours are one material, the eight shadows of hair another. What is left of a picture without
its choice of colours is a map of materials, and shapes are found in it.
"""

from __future__ import annotations

import numpy as np
from sklearn.cluster import KMeans

MOST_EXACT = 256
"""Sets with more colours are reduced to `REDUCED` first: photographs, anti-aliased drawings."""
REDUCED = 16
SAME_PLACE = 0.4
"""Cosine between the mean masks of two colours from which they may be one material."""


def few_colours(images: np.ndarray, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Palette float [C, 3] and index int64 [N, pixels] of pictures uint8 [N, H, W, 3].

    Exact where the set has few colours, else the nearest of `REDUCED` cluster centres.
    """
    flat = images.reshape(-1, 3)
    palette, index = np.unique(flat, axis=0, return_inverse=True)
    if len(palette) > MOST_EXACT:
        random = np.random.default_rng(seed)
        sample = flat[random.choice(len(flat), min(len(flat), 20_000), replace=False)]
        clusters = KMeans(REDUCED, n_init=2, random_state=seed).fit(sample.astype(np.float64))
        palette, index = clusters.cluster_centers_, clusters.predict(flat.astype(np.float64))
    return palette.astype(np.float64), index.reshape(len(images), -1)


def materials(index: np.ndarray, colours: int) -> list[list[int]]:
    """Groups of the `colours` of `index` [N, pixels], by average linkage of what may be joined.

    Joined are, again and again, the two groups that no picture has both of and whose mean masks
    (over the pictures that have them) are most alike, until none is above `SAME_PLACE`.
    """
    count = np.stack([(index == colour).sum(0) for colour in range(colours)]).astype(np.float64)
    present = np.stack([(index == colour).any(1) for colour in range(colours)])
    groups = [[colour] for colour in range(colours)]
    length = np.linalg.norm(count, axis=1)
    alike = count @ count.T / np.outer(length, length)  # a mean mask is a count, but for its length
    together = present.astype(np.int64) @ present.T.astype(np.int64) > 0
    alike[together] = -1.0
    while len(groups) > 1:
        i, j = sorted(divmod(int(alike.argmax()), len(groups)))
        if alike[i, j] <= SAME_PLACE:
            break
        groups[i] += groups[j]
        count[i] += count[j]
        present[i] |= present[j]
        del groups[j]
        count, present = np.delete(count, j, 0), np.delete(present, j, 0)
        alike = np.delete(np.delete(alike, j, 0), j, 1)
        row = count @ count[i] / (np.linalg.norm(count, axis=1) * np.linalg.norm(count[i]))
        row[(present & present[i]).any(1)] = -1.0
        alike[i] = alike[:, i] = row
    return [sorted(group) for group in groups]


def material_maps(index: np.ndarray, groups: list[list[int]]) -> np.ndarray:
    """The material of every pixel, as an index into `groups`: int64 [N, pixels]."""
    of_colour = np.zeros(1 + max(map(max, groups)), np.int64)
    for material, group in enumerate(groups):
        of_colour[group] = material
    return of_colour[index]


def chosen_colours(index: np.ndarray, groups: list[list[int]]) -> list[np.ndarray]:
    """For every material with a choice: which of its colours each picture has, -1 for none of it.

    int64 [N] each, in the order of `groups`.
    """
    choices = []
    for group in groups:
        if len(group) < 2:
            continue
        choice = np.full(len(index), -1)
        for number, colour in enumerate(group):
            choice[(index == colour).any(1)] = number
        choices.append(choice)
    return choices
