# SPDX-License-Identifier: Apache-2.0
"""Attributes are found in pictures that nobody has labelled."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import potions
import pytest
from dcgan.data.avatars import draw_set
from dcgan.data.sources import DataOptions
from dcgan.data.training_set import DRAWN_COUNT, DRAWN_SEED, training_set
from dcgan.discovery.attributes import MOST_EVENTS, _thinned, find_attributes
from dcgan.discovery.factor_model import entropy, mutual_information
from dcgan.train.recipe import Recipe


@pytest.fixture(scope="module")
def bottles(tmp_path_factory) -> np.ndarray:
    folder = tmp_path_factory.mktemp("potions")
    potions.main(Path(folder), 200)
    return training_set(DataOptions(folder)).images


def test_shape_liquid_and_cork_of_bottles_are_found(bottles):
    found = find_attributes(bottles, 160, seed=0)
    liquids = [potions.LIQUIDS.index(tuple(c)) for c in bottles[:, 27, 16].tolist()]
    corks = [potions.CORKS.index(tuple(c)) for c in bottles[:, 3, 15].tolist()]
    outlines = np.unique(
        (bottles == 0).all(3).reshape(len(bottles), -1), axis=0, return_inverse=True
    )
    for true in (np.array(liquids), np.array(corks), outlines[1]):
        told = [mutual_information(true, column) / entropy(true) for column in found.labels.T]
        assert max(told) > 0.9
    assert found.wrong_pixels < 1
    for column, counts in zip(found.labels.T, found.counts, strict=True):
        assert np.bincount(column).tolist() == list(counts) and min(counts) > 0
    assert len(set(found.names)) == len(found.names) == found.labels.shape[1]


def test_the_same_seed_finds_the_same(bottles):
    one, two = (find_attributes(bottles[:40], 8, seed=3) for _ in range(2))
    assert (one.labels == two.labels).all()


def test_colours_alone_are_attributes_too():
    random = np.random.default_rng(0)
    colours = random.integers(0, 3, 60)
    images = np.zeros((60, 32, 32, 3), np.uint8)
    images[:, 8:24, 8:24] = np.array([(200, 0, 0), (0, 200, 0), (0, 0, 200)])[colours][
        :, None, None
    ]
    found = find_attributes(images, 8)
    assert found.names == ("colour1",)
    assert mutual_information(found.labels[:, 0], colours) == pytest.approx(
        entropy(colours), abs=0.05
    )


def test_pictures_that_are_all_alike_are_refused_with_a_reason():
    with pytest.raises(ValueError, match="all alike"):
        find_attributes(np.zeros((20, 32, 32, 3), np.uint8), 8)


def test_detailed_pictures_are_thinned_until_they_are_few_events():
    maps = np.random.default_rng(0).integers(0, 16, (400, 1024))
    thinned = _thinned(maps, (32, 32))
    assert thinned.shape == (400, 128)
    assert 400 * 128 * 16 <= MOST_EVENTS < 400 * 256 * 16
    assert (thinned[:, [1, 16]] == maps[:, [2, 4 * 32]]).all()


@pytest.mark.slow
def test_the_attributes_of_the_drawing_program_are_found_by_the_default_recipe():
    images, labels = draw_set(DRAWN_COUNT, DRAWN_SEED)
    found = find_attributes(images, Recipe().search_iterations, Recipe().seed)
    assert found.labels.shape == labels.shape and found.explain
    for column in labels.T:
        told = max(mutual_information(column, other) / entropy(column) for other in found.labels.T)
        assert told > 0.8  # chance takes a tenth of it away from twelve values in 275 pictures
    for i, j in itertools.combinations(range(labels.shape[1]), 2):
        assert mutual_information(found.labels[:, i], found.labels[:, j]) < 0.1
