# SPDX-License-Identifier: Apache-2.0
"""Sheets: the grid is found or given, rows are chosen, empty and repeated cells are dropped."""

from __future__ import annotations

import numpy as np
import pytest
from dcgan.core.images import contact_sheet
from dcgan.data import sheet
from dcgan.data.avatars import draw_set
from dcgan.data.background import cut_out, drawn_mask
from dcgan.data.sources import DataOptions
from dcgan.data.training_set import training_set
from PIL import Image

DRAWN = draw_set(40, seed=7)[0]


def avatars(count: int) -> np.ndarray:
    """Avatars on transparency, uint8 [count, 32, 32, 4]."""
    opaque = np.dstack((DRAWN[0], np.full((32, 32), 255, np.uint8)))
    pictures = []
    for image in DRAWN[:count]:
        opaque[..., :3] = image
        pictures.append(cut_out(opaque, (0, 0, 0)))
    return np.stack(pictures)


def arranged(cells: np.ndarray, columns: int, margin: int = 0, spacing: int = 0) -> np.ndarray:
    """Cells [N, H, W, 4] as a sheet."""
    rows = -(-len(cells) // columns)
    height, width = cells.shape[1:3]
    sides = [2 * margin + n * s + (n - 1) * spacing for n, s in ((rows, height), (columns, width))]
    whole = np.zeros((*sides, 4), np.uint8)
    for i, cell in enumerate(cells):
        row, column = divmod(i, columns)
        y, x = margin + row * (height + spacing), margin + column * (width + spacing)
        whole[y : y + height, x : x + width] = cell
    return whole


def on(whole: np.ndarray, colour: tuple[int, int, int]) -> np.ndarray:
    whole = whole.copy()
    whole[whole[..., 3] == 0] = (*colour, 255)
    return whole


def save(path, pixels: np.ndarray):
    Image.fromarray(pixels).save(path)
    return path


def found(whole: np.ndarray) -> sheet.Grid:
    return sheet.find_grid("sheet.png", whole, drawn_mask(whole, None, find=True))


@pytest.mark.parametrize("background", [None, (255, 0, 255), (0, 0, 0)])
@pytest.mark.parametrize(
    ("columns", "margin", "spacing"), [(8, 0, 0), (8, 1, 1), (5, 2, 2), (10, 0, 1), (8, 4, 0)]
)
def test_the_grid_is_found(tmp_path, background, columns, margin, spacing):
    whole = arranged(avatars(40), columns, margin, spacing)
    whole = whole if background is None else on(whole, background)
    data = training_set(DataOptions(save(tmp_path / "a.png", whole)))
    np.testing.assert_array_equal(data.images, DRAWN)


@pytest.mark.parametrize("factor", [2, 3, 4])
def test_an_enlarged_sheet_is_reduced(tmp_path, factor):
    whole = arranged(avatars(40), 8, 1, 1).repeat(factor, axis=0).repeat(factor, axis=1)
    data = training_set(DataOptions(save(tmp_path / "a.png", whole)))
    np.testing.assert_array_equal(data.images, DRAWN)


@pytest.mark.parametrize("enlargement", [1, 2, 4])
def test_contact_sheets_of_this_project_are_read_back(tmp_path, enlargement):
    whole = contact_sheet(DRAWN[:37], 8, enlargement)
    data = training_set(DataOptions(save(tmp_path / "a.png", whole)))
    np.testing.assert_array_equal(data.images, DRAWN[:37])
    assert "dropped 3 empty cells" in data.notes


def test_touching_tiles_are_told_apart_by_their_seams():
    dice = np.random.default_rng(0)
    base = dice.integers(0, 256, (24, 1, 1, 4))
    tiles = np.clip(base + dice.integers(-9, 10, (24, 16, 16, 4)), 0, 255).astype(np.uint8)
    tiles[..., 3] = 255
    grid = found(arranged(tiles, 6))
    assert (grid.rows, grid.columns) == (sheet.Axis(0, 16, 16, 4), sheet.Axis(0, 16, 16, 6))


def test_cells_may_be_higher_than_wide():
    tall = np.zeros((20, 48, 32, 4), np.uint8)
    tall[:, 16:] = avatars(20)
    tall[:, 4:16, 12:20] = 99
    tall[..., 3] = 255 * tall[..., :3].any(axis=3)
    grid = found(arranged(tall, 5))
    assert (grid.columns.pitch, grid.rows.pitch) == (32, 48)


def test_one_row_is_a_sheet(tmp_path):
    whole = arranged(avatars(20), 20)
    data = training_set(DataOptions(save(tmp_path / "a.png", whole)))
    np.testing.assert_array_equal(data.images, DRAWN[:20])


def test_an_unclear_grid_asks_for_one(tmp_path):
    noise = np.random.default_rng(0).integers(0, 256, (96, 160, 3), np.uint8)
    path = save(tmp_path / "a.png", noise)
    with pytest.raises(ValueError, match=r"a\.png is not clear: give it, for example --grid 32x32"):
        training_set(DataOptions(path))
    with pytest.raises(ValueError, match="is empty: nothing is drawn on it"):
        training_set(DataOptions(save(tmp_path / "b.png", np.zeros((96, 96, 4), np.uint8))))


def test_a_given_grid_with_margin_and_spacing(tmp_path):
    path = save(tmp_path / "a.png", arranged(avatars(40), 8, 3, 5))
    data = training_set(DataOptions(path, grid="32x32", margin=3, spacing=5))
    np.testing.assert_array_equal(data.images, DRAWN)
    assert data.names[9] == "a.png row 1 column 1"


def test_rows_are_chosen(tmp_path):
    path = save(tmp_path / "a.png", arranged(avatars(40), 8))
    data = training_set(DataOptions(path, rows="0,2-3"))
    np.testing.assert_array_equal(data.images, np.concatenate((DRAWN[:8], DRAWN[16:32])))
    with pytest.raises(ValueError, match=r"--rows 4-5: .*a\.png has rows 0\.\.4"):
        training_set(DataOptions(path, rows="4-5"))


def test_repeated_and_empty_cells_are_dropped_and_counted(tmp_path):
    cells = np.concatenate((avatars(20), avatars(3), np.zeros((1, 32, 32, 4), np.uint8)))
    data = training_set(DataOptions(save(tmp_path / "a.png", arranged(cells, 8))))
    np.testing.assert_array_equal(data.images, DRAWN[:20])
    assert data.notes[0].startswith("23 pictures in ")
    assert "3 rows and 8 columns of cells of 32x32" in data.notes[0]
    assert "dropped 1 empty cells" in data.notes
    assert "dropped 3 repeated pictures" in data.notes


def test_a_key_that_is_given_is_used(tmp_path):
    whole = on(arranged(avatars(40), 8), (10, 200, 10))
    path = save(tmp_path / "a.png", whole)
    data = training_set(DataOptions(path, key="#0ac80a", background="#102030"))
    transparent = avatars(40)[..., 3] == 0
    assert (data.images[transparent] == (16, 32, 48)).all()
    with_key = training_set(DataOptions(path, grid="32x32", key="none"))
    assert (with_key.images[transparent] == (10, 200, 10)).all()


def test_an_npy_sheet_and_an_npy_stack(tmp_path):
    np.save(tmp_path / "sheet.npy", arranged(avatars(40), 8))
    np.save(tmp_path / "stack.npy", avatars(40))
    for name in ("sheet.npy", "stack.npy"):
        data = training_set(DataOptions(tmp_path / name))
        np.testing.assert_array_equal(data.images, DRAWN)
    assert data.names[3] == "stack.npy[3]"
    with pytest.raises(ValueError, match=r"--grid and --rows are for a sheet, and .* is a stack"):
        training_set(DataOptions(tmp_path / "stack.npy", grid="32x32"))


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"grid": "0x32"}, "--grid 0x32: give WIDTHxHEIGHT"),
        ({"grid": "-4x4"}, "--grid -4x4: give WIDTHxHEIGHT"),
        ({"grid": "99999x99999"}, "--grid 99999x99999: give WIDTHxHEIGHT"),
        ({"grid": "32"}, "--grid 32: give WIDTHxHEIGHT"),
        ({"grid": "32x32", "margin": -1}, r"--margin must be 0\.\.4096 pixels, got -1"),
        ({"grid": "32x32", "spacing": 10**9}, r"--spacing must be 0\.\.4096"),
        ({"spacing": 1}, "--margin and --spacing need --grid"),
        ({"rows": "3-1"}, "--rows 3-1: give numbers of rows"),
        ({"rows": "-1"}, "--rows -1: give numbers of rows"),
        ({"rows": ""}, "--rows : give numbers of rows"),
        ({"key": "pink"}, "--key 'pink': give a colour"),
        ({"background": "none"}, "--background 'none': give a colour"),
    ],
)
def test_wrong_words_are_refused_before_anything_is_read(tmp_path, words, message):
    with pytest.raises(ValueError, match=message):
        DataOptions(tmp_path / "missing.png", **words)


def test_a_grid_larger_than_the_sheet_is_refused(tmp_path):
    path = save(tmp_path / "a.png", arranged(avatars(16), 4))
    with pytest.raises(ValueError, match=r"a\.png is 128x128: no cell of --grid 200x32 --margin 0"):
        training_set(DataOptions(path, grid="200x32"))
