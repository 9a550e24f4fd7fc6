# SPDX-License-Identifier: Apache-2.0
"""The drawn avatars and the folders that training reads."""

from __future__ import annotations

import csv
from dataclasses import astuple

import numpy as np
import pytest
from dcgan.data import avatars
from dcgan.data.avatar_folder import SHEET, write_set
from dcgan.data.avatars import CHOICES, Attributes, attributes_of, draw, draw_set
from dcgan.data.training_set import training_images


def test_drawing_repeats_for_a_seed_and_differs_between_seeds():
    images, labels = draw_set(40, seed=5)
    again, labels_again = draw_set(40, seed=5)
    assert (images == again).all()
    assert (labels == labels_again).all()
    assert (draw_set(40, seed=6)[1] != labels).any()
    assert images.shape == (40, 32, 32, 3)
    assert images.dtype == np.uint8
    assert len(np.unique(labels, axis=0)) == 40


def test_labels_redraw_their_avatar():
    images, labels = draw_set(20, seed=1)
    for image, label in zip(images, labels, strict=True):
        attributes = attributes_of(label)
        assert astuple(attributes) == tuple(label)
        np.testing.assert_array_equal(draw(attributes), image)


@pytest.mark.parametrize("attribute", CHOICES)
def test_every_value_of_an_attribute_changes_the_picture(attribute):
    base = dict.fromkeys(CHOICES, 0)
    pictures = [
        draw(Attributes(**{**base, attribute: i})).tobytes() for i in range(len(CHOICES[attribute]))
    ]
    assert len(set(pictures)) == len(CHOICES[attribute])


def test_attributes_are_as_many_as_promised():
    assert len(CHOICES["hair_style"]) >= 12
    assert len(CHOICES["outfit"]) >= 10
    used = {f"hair.{name}.front" for name in avatars.HAIR_STYLES}
    used |= {f"hair.{name}.back" for name in avatars.HAIR_STYLES}
    used |= {f"outfit.{name}" for name in avatars.OUTFITS}
    used |= {f"accessory.{name}" for name in avatars.ACCESSORIES}
    used |= {f"eyes.{name}" for name in avatars.EYE_SHAPES} | {"base.face", "mouth.calm"}
    assert avatars._parts().keys() <= used


def test_unknown_attributes_and_counts_are_refused():
    with pytest.raises(ValueError, match=r"outfit must be 0\.\.9, got 99"):
        draw(Attributes(0, 0, 0, 0, 0, 99, 0))
    with pytest.raises(ValueError, match="count must be"):
        draw_set(0, seed=0)


def test_a_written_set_can_be_read_back(tmp_path):
    folder = tmp_path / "avatars"
    write_set(folder, count=20, seed=3)
    np.testing.assert_array_equal(training_images(folder), draw_set(20, seed=3)[0])
    rows = list(csv.DictReader((folder / "labels.csv").open()))
    assert len(rows) == 20
    assert rows[0]["file"] == "avatar_00000.png"
    assert rows[0]["outfit"] in CHOICES["outfit"]
    assert (folder / SHEET).is_file()
    with pytest.raises(ValueError, match="exists and is not empty"):
        write_set(folder, count=20, seed=3)
    assert [path.name for path in tmp_path.iterdir()] == ["avatars"]


def test_unusable_folders_are_refused_with_a_reason(tmp_path):
    with pytest.raises(ValueError, match="is not a folder"):
        training_images(tmp_path / "missing")
    with pytest.raises(ValueError, match="holds 0 usable pictures: training needs at least 16"):
        training_images(tmp_path)
    write_set(tmp_path / "set", count=16, seed=0)
    (tmp_path / "set" / "avatar_00003.png").write_bytes(b"\x89PNG broken")
    with pytest.raises(ValueError, match=r"avatar_00003\.png: is no PNG"):
        training_images(tmp_path / "set")
