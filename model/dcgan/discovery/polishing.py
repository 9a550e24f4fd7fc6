# SPDX-License-Identifier: Apache-2.0
"""Local search for a shorter factor model: leave out an attribute, merge two values, split one.

Annealing finds the parts of pictures, but may leave two values of a part in one, or spread a part
over two attributes. Such a model is few steps away from a shorter one, each of them downhill.
"""

from __future__ import annotations

from collections.abc import Iterator

import torch

from dcgan.discovery.factor_model import FactorModel

GAIN = 0.01
"""Nats a picture that a step must win."""
MERGED = 5.0
"""Nats a picture that merging two values may cost before weights are fitted anew."""
MERGES, SPLITS = 2, 6
"""Merges tried of each attribute, splits tried in all: the most promising ones."""


def polish(model: FactorModel) -> tuple[float, FactorModel]:
    """The objective and the model after as many steps as win something.

    After each step all is tried again: what one merging leaves makes others worth it.
    """
    now = model.objective()
    while True:
        for candidate in _neighbours(model):
            value = settled(candidate, rounds=3, steps=20).objective()
            if value < now - GAIN:
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


def _neighbours(model: FactorModel) -> Iterator[FactorModel]:
    everything = list(range(len(model.sizes)))
    for left_out in everything:
        candidate = model.copy()
        candidate.keep([attribute for attribute in everything if attribute != left_out])
        yield candidate
    for attribute in everything:
        yield from _merges(model, attribute)
    yield from _splits(model)


def _merges(model: FactorModel, attribute: int) -> Iterator[FactorModel]:
    """Copies with two values of an attribute merged, the most alike first."""
    costs, labels = model.costs(attribute), model.labels[:, attribute]
    extra = costs - costs.gather(1, labels[:, None])
    moves = []
    for value in range(model.sizes[attribute]):
        loss = extra[labels == value].sum(0)
        loss[value] = torch.inf
        moves.append((float(loss.min()), value, int(loss.argmin())))
    for loss, value, into in sorted(moves)[:MERGES]:
        if loss <= MERGED * model.pictures:
            candidate = model.copy()
            candidate.labels = model.labels.clone()
            candidate.labels[labels == value, attribute] = into
            candidate.keep(list(range(len(model.sizes))))
            yield candidate


def _splits(model: FactorModel) -> Iterator[FactorModel]:
    """Copies with a value split in two, along what varies most in the pictures that have it."""
    wrong = model.residuals()
    moves = []
    for attribute, size in enumerate(model.sizes):
        for value in range(size):
            own = torch.nonzero(model.labels[:, attribute] == value)[:, 0]
            centred = wrong[own] - wrong[own].mean(0)
            axes, spread, _ = torch.linalg.svd(centred, full_matrices=False)
            moves.append((float(spread[0]), attribute, value, own[axes[:, 0] > 0]))
    for _, attribute, value, pictures in sorted(moves, key=lambda move: -move[0])[:SPLITS]:
        candidate = model.copy()
        candidate.split(attribute, value, pictures)
        yield candidate
