# SPDX-License-Identifier: Apache-2.0
"""Avatars as sprites: cut out, in the colours of a palette, in files and sheets."""

from __future__ import annotations

import generate
import numpy as np
import pytest
from dcgan.core.images import planes_first
from dcgan.data.avatars import draw_set
from dcgan.data.background import cut_out
from dcgan.render.sprites import background_of, palette_of, sprites, write_sprites
from PIL import Image


def noisy(images: np.ndarray, most: int) -> np.ndarray:
    noise = np.random.default_rng(0).integers(-most, most + 1, images.shape)
    return np.clip(images.astype(int) + noise, 0, 255).astype(np.uint8)


def expected(images: np.ndarray) -> np.ndarray:
    opaque = np.concatenate((images, np.full((*images.shape[:3], 1), 255, np.uint8)), axis=3)
    return np.stack([cut_out(image, (0, 0, 0)) for image in opaque])


def test_sprites_are_cut_out_and_snapped_to_the_palette():
    images = draw_set(12, seed=1)[0]
    palette = np.unique(images.reshape(-1, 3), axis=0)
    np.testing.assert_array_equal(
        sprites(planes_first(noisy(images, 1)), (0, 0, 0), palette), expected(images)
    )


def test_without_a_palette_colours_stay():
    images = draw_set(4, seed=1)[0]
    pixels = noisy(images, 8)
    cut = sprites(planes_first(pixels), (0, 0, 0))
    np.testing.assert_array_equal(cut[..., 3], expected(images)[..., 3])
    seen = cut[..., 3] > 0
    np.testing.assert_array_equal(cut[seen][:, :3], pixels[seen])


def test_dark_outlines_of_the_palette_are_not_taken_for_background():
    image = np.zeros((1, 32, 32, 3), np.uint8)
    image[0, 8:24, 8:24] = 16  # an outline nearly as dark as the background
    image[0, 9:23, 9:23] = 200
    palette = np.array([[16] * 3, [200] * 3], np.uint8)
    cut = sprites(planes_first(image), (0, 0, 0), palette)
    assert (cut[0, :, :, 3] > 0).sum() == 16 * 16


def test_what_a_network_remembers():
    assert background_of({}) == (0, 0, 0)
    assert background_of({"background": "#ff0080"}) == (255, 0, 128)
    np.testing.assert_array_equal(palette_of({"palette": ["#010203"]}), [[1, 2, 3]])
    with pytest.raises(ValueError, match="the network keeps no palette"):
        palette_of({})


def test_sheets_and_files_hold_the_same_sprites(tmp_path):
    cut = expected(draw_set(11, seed=1)[0])
    files = write_sprites(tmp_path / "one", cut, 4, sheet=False)
    cells = write_sprites(tmp_path / "all", cut, 4, sheet=True)
    whole = np.asarray(Image.open(tmp_path / "all.png"))
    assert whole.shape == (96, 128, 4)
    for image, file, cell in zip(cut, files, cells, strict=True):
        np.testing.assert_array_equal(np.asarray(Image.open(tmp_path / file["file"])), image)
        y, x = 32 * cell["row"], 32 * cell["column"]
        np.testing.assert_array_equal(whole[y : y + 32, x : x + 32], image)
        assert cell["file"] == "all.png"
    assert files[10]["file"] == "one_0010.png"


@pytest.mark.parametrize("words", [["--sheet"], ["--palette"], ["--rgba", "--palette", "nowhere"]])
def test_words_about_sprites_need_sprites(tmp_path, words, capsys):
    assert generate.main(["--count", "2", "--out", str(tmp_path / "out"), *words]) == 1
    error = capsys.readouterr().err
    assert "give --rgba with them" in error or "nowhere" in error
    assert not list(tmp_path.iterdir())
