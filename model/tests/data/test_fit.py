# SPDX-License-Identifier: Apache-2.0
"""Pictures of any size become 32x32 without blur wherever whole numbers allow it."""

from __future__ import annotations

import numpy as np
import potions
import pytest
from dcgan.data.fit import fit, measure, plans, why_unusable


def bottles(count: int, seed: int = 0) -> list[np.ndarray]:
    """Different bottles, 32x32 RGBA."""
    dice = np.random.default_rng(seed)
    kinds = (potions.SHAPES, potions.LIQUIDS, potions.CORKS, potions.LABELS, potions.LEVELS)
    return [
        np.array(potions.potion(*(kind[dice.integers(len(kind))] for kind in kinds)))
        for _ in range(count)
    ]


def enlarged(picture: np.ndarray, factor: int) -> np.ndarray:
    return picture.repeat(factor, axis=0).repeat(factor, axis=1)


def fitted(pictures: list[np.ndarray]) -> list[np.ndarray]:
    measures = [measure(picture) for picture in pictures]
    assert why_unusable(measures) == [None] * len(pictures)
    how = plans(measures)
    return [fit(p, how[m.size]) for p, m in zip(pictures, measures, strict=True)]


def placed(picture: np.ndarray, size: tuple[int, int], top: int, left: int) -> np.ndarray:
    canvas = np.zeros((*size, 4), np.uint8)
    canvas[top : top + picture.shape[0], left : left + picture.shape[1]] = picture
    return canvas


def test_pictures_of_32_by_32_stay_what_they_are():
    for before, after in zip(bottles(6), fitted(bottles(6)), strict=True):
        np.testing.assert_array_equal(before, after)


@pytest.mark.parametrize("factor", [2, 3, 8])
def test_enlarged_pixel_art_is_undone(factor):
    after = fitted([enlarged(bottle, factor) for bottle in bottles(6)])
    np.testing.assert_array_equal(after, bottles(6))


@pytest.mark.parametrize("shift", [(1, 2), (3, 0), (2, 3)])
def test_enlarged_pixel_art_is_undone_off_its_grid(shift):
    pictures = [placed(enlarged(b, 4), (140, 140), *shift) for b in bottles(6)]
    for before, after in zip(bottles(6), fitted(pictures), strict=True):
        np.testing.assert_array_equal(after[after[..., 3] > 0], before[before[..., 3] > 0])


def test_small_pictures_are_enlarged_by_a_whole_factor_and_padded():
    dice = np.random.default_rng(0)
    pictures = [dice.integers(1, 256, (14, 12, 4), np.uint8) for _ in range(4)]
    for before, after in zip(pictures, fitted(pictures), strict=True):
        np.testing.assert_array_equal(after[2:30, 4:28], enlarged(before, 2))
        assert after[..., 3].astype(bool).sum() == 28 * 24


def test_one_enlargement_suits_the_whole_set():
    dice = np.random.default_rng(0)
    shapes = [(12 + i % 6, 10 + i % 5) for i in range(12)]  # trimmed sprites: some have 17 rows
    pictures = [dice.integers(1, 256, (*shape, 4), np.uint8) for shape in shapes]
    for before, after in zip(pictures, fitted(pictures), strict=True):
        assert (after[..., 3] > 0).sum() == before.shape[0] * before.shape[1]


def test_pictures_of_one_size_are_cropped_to_one_box():
    places = [(20, 30), (24, 33), (22, 28)]
    blocks = [np.full((18, 20, 4), (90 + 20 * i, 10, 10, 255), np.uint8) for i in range(3)]
    for block in blocks:
        block[::3, ::5, 1] = 200
    after = fitted([placed(b, (96, 80), *place) for b, place in zip(blocks, places, strict=True)])
    tops = [np.argwhere(image[..., 3])[0] for image in after]
    for place, top in zip(places, tops, strict=True):
        np.testing.assert_array_equal(top - tops[0], np.subtract(place, places[0]))
    assert [(image[..., 3] > 0).sum() for image in after] == [18 * 20] * 3


def test_large_pictures_are_averaged_with_premultiplied_alpha():
    dice = np.random.default_rng(0)
    picture = np.zeros((64, 64, 4), np.uint8)
    picture[2:62, 2:62] = dice.integers(0, 256, (60, 60, 4))
    picture[..., 3] = 255 * (dice.random((64, 64)) < 0.5)
    picture[[2, 61], :, 3] = picture[:, [2, 61], 3] = 255
    picture[[0, 1, 62, 63]] = picture[:, [0, 1, 62, 63]] = 0
    (after,) = fitted([picture])
    four = picture[30:32, 40:42].reshape(4, 4).astype(float)
    colour = (four[:, :3] * four[:, 3:]).sum(0) / four[:, 3].sum()
    np.testing.assert_allclose(after[15, 20, :3], colour, atol=0.51)
    assert after[15, 20, 3] == pytest.approx(four[:, 3].mean(), abs=0.51)


def test_averaging_keeps_flat_colours_at_soft_edges():
    picture = np.zeros((100, 90, 4), np.uint8)
    y, x = np.mgrid[:100, :90]
    picture[(y - 50) ** 2 + (x - 45) ** 2 < 40**2] = (200, 30, 90, 255)
    (after,) = fitted([picture])
    seen = after[after[..., 3] > 0]
    assert np.abs(seen[:, :3].astype(int) - (200, 30, 90)).max() <= 1
    assert 0 < seen[:, 3].min() < 255


@pytest.mark.parametrize("across", [True, False])
def test_strips_are_named_and_not_squeezed(across):
    strip = np.concatenate(bottles(4), axis=1 if across else 0)
    reasons = why_unusable([measure(b) for b in (*bottles(5), strip)])
    assert reasons[:5] == [None] * 5
    assert "looks like a strip of several pictures" in reasons[5]


def test_a_sheet_among_pictures_is_named():
    sheet = np.concatenate([np.concatenate(bottles(4), axis=1)] * 3)
    assert "looks like a sheet" in why_unusable([measure(sheet)])[0]


def test_a_lance_is_no_strip():
    lance = np.zeros((160, 160, 4), np.uint8)
    lance[70:90, 5:155] = (200, 200, 210, 255)
    lance[78:82, 5:30, :3] = (90, 60, 30)
    small = np.full((6, 30, 4), 255, np.uint8)
    assert why_unusable([measure(lance), measure(small)]) == [None, None]


def test_empty_and_nearly_empty_pictures_are_named():
    dot = np.zeros((32, 32, 4), np.uint8)
    nothing = dot.copy()
    dot[3, 4] = 255
    reasons = why_unusable([measure(p) for p in (*bottles(8), dot, nothing)])
    assert reasons[8:] == ["is nearly empty (1 drawn pixels)", "is empty"]
