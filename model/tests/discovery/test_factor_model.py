# SPDX-License-Identifier: Apache-2.0
"""The factor model: what it costs, what it learns, and the search that finds its labels."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from dcgan.discovery.annealing import polish, search, settled
from dcgan.discovery.factor_model import FactorModel, entropy, mutual_information


def parts(pictures: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Maps [N, 36] of two parts of three and four values, and the values [N, 2]."""
    random = np.random.default_rng(seed)
    patterns = [random.integers(0, 3, (size, 18)) for size in (3, 4)]
    labels = np.stack([random.integers(0, len(p), pictures) for p in patterns], 1)
    maps = np.concatenate([p[column] for p, column in zip(patterns, labels.T, strict=True)], 1)
    return maps, labels


def test_without_attributes_a_picture_costs_the_entropy_of_its_pixels():
    maps, _ = parts(200)
    assert FactorModel(maps).objective() == pytest.approx(sum(map(entropy, maps.T)), rel=1e-3)


def test_the_true_labels_leave_little_to_tell():
    maps, labels = parts(200)
    model = FactorModel(maps)
    before = model.objective()
    for column in labels.T:
        model.add(torch.from_numpy(column), int(column.max()) + 1)
    settled(model, rounds=2, steps=40)
    assert model.objective() < 0.4 * before
    assert model.wrong_pixels().max() == 0


def test_what_is_found_is_what_was_drawn_the_same_for_the_same_seed():
    maps, labels = parts(160)
    steps = []
    model = search(maps, 80, seed=1, advance=lambda: steps.append(1))
    assert len(steps) == 80
    found = model.labels.numpy()
    for column in labels.T:
        told = max(mutual_information(column, other) / entropy(column) for other in found.T)
        assert told > 0.95
    assert sorted(model.sizes) == [3, 4]
    again = search(maps, 80, seed=1, advance=lambda: None)
    assert torch.equal(again.labels, model.labels)


def test_polishing_drops_an_attribute_that_repeats_another():
    maps, labels = parts(200)
    model = FactorModel(maps)
    for column in (labels[:, 0], labels[:, 1], labels[:, 0]):
        model.add(torch.from_numpy(column), int(column.max()) + 1)
    settled(model, rounds=1, steps=30)
    value, polished = polish(model)
    assert sorted(polished.sizes) == [3, 4]
    assert value < model.objective()


def test_pictures_that_are_all_alike_are_refused():
    with pytest.raises(ValueError, match="all alike"):
        FactorModel(np.zeros((20, 16), np.int64))


def test_information_of_independent_columns_is_nothing():
    random = np.random.default_rng(0)
    a, b = random.integers(0, 5, (2, 2000))
    assert mutual_information(a, b) < 0.01
    assert mutual_information(a, a) == pytest.approx(entropy(a), abs=0.01)
