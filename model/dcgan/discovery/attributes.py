# SPDX-License-Identifier: Apache-2.0
"""Pictures without labels -> attributes: shapes by the factor model, colours by the materials.

What is found has numbers for names: nobody has told what an attribute means.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch

from dcgan.core.progress import progress
from dcgan.discovery import materials as m
from dcgan.discovery.annealing import search
from dcgan.discovery.factor_model import FactorModel, entropy, mutual_information

MOST_EVENTS = 1_000_000
"""Pictures times events of a factor model, about; beyond it every other row or column is used."""
UNEXPLAINED = 0.05
"""Share of wrong pixels from which attributes do not explain a set."""
DETERMINED = 0.8
"""Share of a choice of colours that another attribute tells, from which it is no attribute of its
own. Not 1: few pictures tell less than there is to tell (`mutual_information`)."""


@dataclass(frozen=True)
class Attributes:
    """What was found: labels int64 [N, attributes], and how well shapes are told by them."""

    labels: np.ndarray
    names: tuple[str, ...]
    wrong_pixels: float  # of new pictures, once their values are known
    varying_pixels: int  # that are not the same material in all pictures

    @property
    def explain(self) -> bool:
        """Whether the attributes say how pictures look, and not only which picture it is."""
        return self.wrong_pixels <= UNEXPLAINED * self.varying_pixels

    @property
    def counts(self) -> tuple[tuple[int, ...], ...]:
        """How many pictures have each value of each attribute."""
        return tuple(tuple(np.bincount(column).tolist()) for column in self.labels.T)


def find_attributes(
    images: np.ndarray, iterations: int, seed: int = 0, quiet: bool = True
) -> Attributes:
    """Attributes of pictures uint8 [N, H, W, 3], the same for the same seed.

    `iterations` of annealing; ValueError if nothing tells the pictures apart.
    """
    palette, index = m.few_colours(images, seed)
    groups = m.materials(index, len(palette))
    maps = _thinned(m.material_maps(index, groups), images.shape[1:3])
    colours = m.chosen_colours(index, groups)
    random = np.random.default_rng(seed)
    columns, names = [], []
    wrong, varying = 0.0, int((maps != maps[:1]).any(0).sum())
    if varying:
        with progress("finding attributes", iterations, quiet=quiet) as bar:
            model = search(maps, iterations, seed, bar.advance)
        wrong = _wrong_in_new_pictures(model, random)
        for attribute in _largest_first(model):
            columns.append(model.labels[:, attribute].numpy())
            names.append(f"shape{len(names) + 1}")
    shapes = len(columns)
    for choice in sorted(colours, key=lambda choice: (choice < 0).sum()):
        if not any(_told(choice, column) for column in columns):
            columns.append(_completed(choice, random))
            names.append(f"colour{len(columns) - shapes}")
    if not columns:
        raise ValueError("the pictures are all alike: there is nothing to tell them apart by")
    return Attributes(np.stack(columns, 1), tuple(names), wrong, varying)


def _thinned(maps: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """Maps [N, pixels] of pictures of `size`, every other row or column left out until they are
    few events: neighbours tell nearly the same, but small parts may be lost."""
    grid = maps.reshape(len(maps), *size)
    while sum(len(np.unique(pixel)) for pixel in grid.reshape(len(maps), -1).T) > (
        MOST_EVENTS / len(maps)
    ):
        grid = grid[:, ::2] if grid.shape[1] >= grid.shape[2] else grid[:, :, ::2]
    return grid.reshape(len(maps), -1)


def _wrong_in_new_pictures(model: FactorModel, random: np.random.Generator) -> float:
    """Wrong pixels of a fifth of the pictures, when weights are fitted to the others alone."""
    judged = model.copy()
    new = torch.from_numpy(random.random(model.pictures) < 0.2)
    new[0], new[1] = True, False
    judged.heard = (~new).float()
    judged.weight = torch.zeros_like(judged.weight)
    for _ in range(3):
        judged.fit(60)
        judged.reassign()
    return float(judged.wrong_pixels()[new].mean())


def _largest_first(model: FactorModel) -> list[int]:
    return sorted(range(len(model.sizes)), key=model.pixels_of, reverse=True)


def _told(choice: np.ndarray, column: np.ndarray) -> bool:
    """Whether an attribute tells the choice of colours, in the pictures where there is one."""
    there = choice >= 0
    own = entropy(choice[there])
    return mutual_information(choice[there], column[there]) >= DETERMINED * own


def _completed(choice: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """`choice` with values drawn for the pictures that do not have the material."""
    there = choice[choice >= 0]
    return np.where(choice >= 0, choice, random.choice(there, len(choice)))
