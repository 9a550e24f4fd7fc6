# SPDX-License-Identifier: Apache-2.0
"""Colour keys: found, followed from the border, laid on another colour."""

from __future__ import annotations

import numpy as np
import pytest
from dcgan.data.background import (
    border_colours,
    colour_text,
    cut_out,
    cut_out_near,
    lay_on,
    most_common,
    outside,
    parse_colour,
)

MAGENTA = (255, 0, 255)


def ring() -> np.ndarray:
    """A green ring on magenta with magenta inside, RGBA."""
    rgba = np.full((12, 12, 4), (*MAGENTA, 255), np.uint8)
    rgba[2:10, 2:10, :3] = (0, 160, 0)
    rgba[4:8, 4:8, :3] = MAGENTA
    return rgba


def test_the_key_goes_where_it_comes_in_from_the_border():
    cut = cut_out(ring(), MAGENTA)
    assert (cut[:2] == 0).all()
    assert (cut[4:8, 4:8] == (*MAGENTA, 255)).all()
    assert (cut[2, 2] == (0, 160, 0, 255)).all()
    assert (ring()[0, 0] == (*MAGENTA, 255)).all()  # the original is left alone


def test_corners_do_not_connect():
    mask = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 0]], bool)
    assert outside(np.pad(mask[1:2, 1:2], 1)).sum() == 0
    assert outside(mask).sum() == 1


def test_transparent_pixels_let_the_key_through():
    rgba = ring()
    rgba[0] = 0
    assert (cut_out(rgba, MAGENTA)[1] == 0).all()


def test_the_most_frequent_colour_of_borders_is_the_key():
    assert most_common(border_colours(ring())) == MAGENTA
    noise = np.random.default_rng(1).integers(0, 256, (20, 20, 4), np.uint8)
    noise[:, :, 3] = 255
    assert most_common(border_colours(noise)) is None
    assert most_common(border_colours(np.zeros((5, 5, 4), np.uint8))) is None


def test_laying_on_a_colour_rounds_to_the_nearest():
    rgba = np.array([[200, 100, 0, 255], [200, 100, 0, 128], [9, 9, 9, 0]], np.uint8)
    on_white = lay_on(rgba, (255, 255, 255))
    np.testing.assert_array_equal(on_white, [[200, 100, 0], [227, 177, 127], [255] * 3])


def test_a_background_that_is_slightly_off_is_cut_out():
    rgb = np.random.default_rng(2).integers(0, 10, (16, 16, 3), np.uint8)
    rgb[4:12, 4:12] = 120
    rgb[6:8, 6:8] = 0
    alpha = cut_out_near(rgb, (0, 0, 0), 12)[:, :, 3]
    assert (alpha[4:12, 4:12] == 255).all()
    assert alpha.sum() == 255 * 64


@pytest.mark.parametrize("text", ["#ff00ff", "FF00FF", " #Ff00fF "])
def test_colours_are_parsed(text):
    assert parse_colour(text, "--key") == MAGENTA
    assert colour_text(MAGENTA) == "#ff00ff"
    assert parse_colour("white", "--background") == (255, 255, 255)


@pytest.mark.parametrize("text", ["", "#fff", "pink", "#ff00fg", "255,0,255"])
def test_other_words_are_no_colours(text):
    with pytest.raises(ValueError, match=r"--key .*give a colour like '#ff00ff'"):
        parse_colour(text, "--key")
