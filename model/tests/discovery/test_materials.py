# SPDX-License-Identifier: Apache-2.0
"""Colours that stand for each other become one material, and others do not."""

from __future__ import annotations

import numpy as np
from dcgan.data.avatars import FIXED_COLOURS, HAIR_COLOURS, SKINS, draw_set
from dcgan.discovery import materials as m

IMAGES, LABELS = draw_set(275, seed=0)
PALETTE, INDEX = m.few_colours(IMAGES)
GROUPS = m.materials(INDEX, len(PALETTE))


def numbers(colours) -> list[int]:
    return sorted(
        int(np.flatnonzero((np.array(colour) == PALETTE).all(1))[0]) for colour in colours
    )


def test_few_colours_are_exact_and_many_are_reduced():
    assert (PALETTE[INDEX].reshape(IMAGES.shape) == IMAGES).all()
    noisy = np.random.default_rng(0).integers(0, 256, (20, 32, 32, 3), np.uint8)
    palette, index = m.few_colours(noisy)
    assert len(palette) == m.REDUCED and index.max() == m.REDUCED - 1


def test_hair_and_skin_of_any_colour_are_one_material_each():
    assert numbers(HAIR_COLOURS.values()) in GROUPS
    assert numbers(SKINS.values()) in GROUPS
    assert numbers([FIXED_COLOURS["K"]]) in GROUPS  # the dark line is beside all others


def test_every_colour_has_one_material_and_no_picture_has_two_of_one():
    assert sorted(colour for group in GROUPS for colour in group) == list(range(len(PALETTE)))
    maps = m.material_maps(INDEX, GROUPS)
    for colour in range(len(PALETTE)):
        assert GROUPS[maps[colour == INDEX][0]].count(colour) == 1
    for group in GROUPS:
        present = [(colour == INDEX).any(1) for colour in group]
        assert np.sum(present, 0).max() == 1


def test_a_choice_of_colour_is_the_attribute_that_chose_it():
    choices = m.chosen_colours(INDEX, GROUPS)
    assert any(same_partition(choice, LABELS[:, 1]) for choice in choices)  # hair
    assert any(same_partition(choice, LABELS[:, 4]) for choice in choices)  # skin


def same_partition(a: np.ndarray, b: np.ndarray) -> bool:
    pairs = set(zip(a.tolist(), b.tolist(), strict=True))
    return len(pairs) == len(set(a.tolist())) == len(set(b.tolist()))
