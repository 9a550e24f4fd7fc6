# SPDX-License-Identifier: Apache-2.0
"""The search for the attributes of a factor model: annealing, polished after each cooling.

Labels begin at random. While it is hot, pictures change values against the fit; as it cools, parts
separate, the largest first. More attributes and values are offered than are needed.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch

from dcgan.discovery.factor_model import FactorModel
from dcgan.discovery.polishing import polish, settled

ATTRIBUTES, VALUES = 6, 12
"""Offered at the start; a value is some pictures, so small sets are offered fewer."""
PICTURES_A_VALUE = 8
HOT = 0.2
"""First temperature, as a share of what a picture costs without attributes; the last is 1 nat."""
WARM = 0.3
"""Temperature at which a model is warmed up, as a share of the first."""
COLD_SHARE = 0.08
"""Last share of the iterations, in which only improvements are taken."""
WARMINGS = 3


def search(maps: np.ndarray, iterations: int, seed: int, advance: Callable) -> FactorModel:
    """The best model found for materials of pixels int64 [N, pixels].

    Half of the iterations cool down from random labels; the others warm the best model up again,
    `WARMINGS` times, with at least as many attributes and values as it began with. `advance` is
    called after each iteration.
    """
    random = torch.Generator().manual_seed(seed)
    model = FactorModel(maps)
    hottest = max(1.0, HOT * model.objective())
    again = iterations // (2 * WARMINGS)
    first = iterations - WARMINGS * again
    best = polish(anneal(offered(model, random), hottest, first, random, advance))
    for _ in range(WARMINGS):
        warmed = anneal(offered(best[1].copy(), random), WARM * hottest, again, random, advance)
        best = min(best, polish(warmed), key=lambda found: found[0])
    return best[1]


def offered(model: FactorModel, random: torch.Generator) -> FactorModel:
    """`model` with random attributes and values added, up to what is offered."""
    values = max(2, min(VALUES, model.pictures // PICTURES_A_VALUE))
    for attribute, size in enumerate(model.sizes):
        model.extend(attribute, max(0, values - size), random)
    for _ in range(ATTRIBUTES - len(model.sizes)):
        model.add(torch.randint(values, (model.pictures,), generator=random), values)
    return model


def anneal(
    model: FactorModel,
    hottest: float,
    iterations: int,
    random: torch.Generator,
    advance: Callable,
) -> FactorModel:
    """`model` cooled down from the temperature `hottest`, in nats."""
    for iteration in range(iterations):
        share = iteration / iterations
        model.fit(6)
        model.reassign(max(1.0, hottest) ** (1 - share) if share < 1 - COLD_SHARE else 0.0, random)
        advance()
    return settled(model, rounds=4, steps=40)
