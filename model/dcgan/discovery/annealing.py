# SPDX-License-Identifier: Apache-2.0
"""The search for the attributes of a factor model: simulated annealing, then what can be left out.

Labels begin at random. While it is hot, pictures change values against the fit; as it cools, parts
separate, the largest first. More attributes and values are offered than are needed: what the
objective is better without is dropped or merged in the end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import torch

from dcgan.discovery.factor_model import FactorModel

ATTRIBUTES, VALUES = 6, 12
"""Offered at the start; a value is some pictures, so small sets are offered fewer."""
PICTURES_A_VALUE = 8
HOT = 0.2
"""First temperature, as a share of what a picture costs without attributes; the last is 1 nat."""
WARM = 0.3
"""Temperature at which a model is warmed up, as a share of the first."""
COLD_SHARE = 0.08
"""Last share of the iterations, in which only improvements are taken."""
MERGED = 5.0
"""Nats a picture that merging two values may cost before weights are fitted anew."""


def search(maps: np.ndarray, iterations: int, seed: int, advance: Callable) -> FactorModel:
    """The best model found for materials of pixels int64 [N, pixels].

    Three eighths of the iterations cool down from random labels; the others warm the best model up
    again, again and again, with as many attributes and values as it began with. `advance` is
    called after each iteration.
    """
    random = torch.Generator().manual_seed(seed)
    model = FactorModel(maps)
    hottest = max(1.0, HOT * model.objective())
    first, again = iterations * 3 // 8, iterations // 8
    best = polish(anneal(offered(model, random), hottest, first, random, advance))
    for _ in range(5):
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


def polish(model: FactorModel) -> tuple[float, FactorModel]:
    """Leave out attributes, then merge values, as long as the objective falls: value and model.

    After each success all is tried again: what one merging leaves makes others worth it.
    """
    now = model.objective()
    while True:
        for candidate in _simpler(model):
            value = settled(candidate, rounds=3, steps=20).objective()
            if value < now:
                model, now = candidate, value
                break
        else:
            return now, model


def settled(model: FactorModel, rounds: int, steps: int) -> FactorModel:
    """Fit and reassign in turn, then forget what is not used; changes `model`."""
    for _ in range(rounds):
        model.fit(steps)
        model.reassign()
    model.keep(list(range(len(model.sizes))))
    model.fit(2 * steps)
    return model


def _simpler(model: FactorModel) -> Iterator[FactorModel]:
    """Copies without one attribute, then with two values of one merged, the most alike first."""
    everything = list(range(len(model.sizes)))
    for left_out in everything:
        candidate = model.copy()
        candidate.keep([attribute for attribute in everything if attribute != left_out])
        yield candidate
    for attribute in everything:
        costs, labels = model.costs(attribute), model.labels[:, attribute]
        extra = costs - costs.gather(1, labels[:, None])
        moves = []
        for value in range(model.sizes[attribute]):
            loss = extra[labels == value].sum(0)
            loss[value] = torch.inf
            moves.append((float(loss.min()), value, int(loss.argmin())))
        for loss, value, into in sorted(moves)[:2]:
            if loss > MERGED * model.pictures:
                break
            candidate = model.copy()
            candidate.labels = model.labels.clone()
            candidate.labels[labels == value, attribute] = into
            candidate.keep(everything)
            yield candidate
