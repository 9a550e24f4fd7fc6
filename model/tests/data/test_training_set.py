# SPDX-License-Identifier: Apache-2.0
"""Folders of sprites as people have them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import potions
import pytest
from dcgan.data.sources import DataOptions, find
from dcgan.data.training_set import FEWEST_IMAGES, training_set
from dcgan.render.sprites import source_colours
from PIL import Image


@pytest.fixture
def folder(tmp_path):
    """Twenty-odd different bottles."""
    potions.main(tmp_path / "set", 24)
    return tmp_path / "set"


def read(path: Path, **words):
    return training_set(DataOptions(path, **words))


def note(data, start: str) -> str:
    """The note that begins so."""
    return next(text for text in data.notes if text.startswith(start))


def test_sub_folders_are_read_and_counted(folder):
    flat = read(folder)
    (folder / "b" / "deep").mkdir(parents=True)
    for i, path in enumerate(sorted(folder.glob("*.png"))):
        if i >= 20:
            path.rename(folder / "b" / path.name)
        elif i >= 15:
            path.rename(folder / "b" / "deep" / path.name)
    data = read(folder)
    assert len(data.images) == len(flat.images)
    assert "24 pictures in" in data.notes[0]
    assert data.notes[0].endswith("15 in the folder itself, 4 in b, 5 in b/deep")
    assert {name.split("/")[0] for name in data.names} >= {"b", "potion_000.png"}


def test_what_is_no_picture_is_left_out_with_a_note(folder):
    (folder / "._potion_000.png").write_bytes(b"resource fork")
    (folder / ".hidden").mkdir()
    (folder / "notes.txt").write_text("x")
    os.mkfifo(folder / "pipe.png")
    (folder / "empty.png").touch()
    (folder / "broken.png").write_bytes((folder / "potion_001.png").read_bytes()[:80])
    (folder / "gone.png").symlink_to("nowhere.png")
    Image.new("RGB", (32, 32)).save(folder / "letter.png", format="EPS")
    data = read(folder)
    assert note(data, "skipped ._potion_000.png, .hidden: hidden")
    assert note(data, "skipped notes.txt: no PNG, GIF, WebP, BMP or NPY file")
    assert note(data, "skipped pipe.png: no regular file (a named pipe, socket or device)")
    assert note(data, "skipped empty.png: is empty (0 bytes)")
    assert note(data, "skipped broken.png: cannot be read")
    assert note(data, "skipped gone.png: cannot be read")
    assert note(data, "skipped letter.png: is no PNG, GIF, WebP or BMP picture")
    assert all(name.startswith("potion_") for name in data.names)


def test_loops_of_links_end(folder):
    (folder / "again").symlink_to(folder)
    (folder / "self").symlink_to("self")
    found = find(folder)
    assert len(found.pictures) == 24
    assert found.skipped["a link to a folder that is read already"] == ["again"]


def test_links_to_other_folders_are_followed(folder, tmp_path):
    (tmp_path / "links").mkdir()
    (tmp_path / "links" / "set").symlink_to(folder)
    np.testing.assert_array_equal(read(tmp_path / "links").images, read(folder).images)


def test_strips_and_empty_pictures_are_skipped_by_name(folder):
    bottles = [np.array(Image.open(path)) for path in sorted(folder.glob("*.png"))[:4]]
    Image.fromarray(np.concatenate(bottles, axis=1)).save(folder / "walk.png")
    Image.new("RGBA", (32, 32)).save(folder / "blank.png")
    data = read(folder)
    assert "walk.png: looks like a strip of several pictures" in note(data, "skipped walk.png")
    assert note(data, "skipped blank.png: is empty")


def test_too_few_pictures_are_refused_with_the_reasons(folder):
    for path in sorted(folder.glob("*.png"))[FEWEST_IMAGES:]:
        path.unlink()
    (folder / "potion_003.png").write_bytes(b"")
    with pytest.raises(
        ValueError,
        match=r"holds 15 usable pictures: training needs at least 16; skipped potion_003\.png: is ",
    ):
        read(folder)
    with pytest.raises(ValueError, match="is not a folder, nor a picture"):
        read(folder / "missing")
    os.mkfifo(folder / "pipe.png")
    with pytest.raises(ValueError, match=r"pipe\.png is no regular file"):
        read(folder / "pipe.png")


def test_repeated_pictures_are_dropped_unless_too_few_are_left(folder):
    paths = sorted(folder.glob("*.png"))
    unique = len(read(folder).images)
    for i, path in enumerate(paths[:5]):
        (folder / f"copy_{i}.png").write_bytes(path.read_bytes())
    data = read(folder)
    assert len(data.images) == unique
    assert note(data, "dropped ").endswith(" repeated pictures")
    for path in paths[1:]:
        path.write_bytes(paths[0].read_bytes())
    data = read(folder)
    assert len(data.images) == 29
    assert "kept 24 repeated pictures" in data.notes


def opaque(folder: Path, colour: str) -> None:
    """Lay every picture on a colour."""
    for path in folder.glob("*.png"):
        with Image.open(path) as image:
            ground = Image.new("RGBA", image.size, colour)
            ground.alpha_composite(image)
        ground.convert("RGB").save(path)


def test_a_colour_key_is_found_over_the_whole_set(folder):
    transparent = read(folder)
    opaque(folder, "#20c040")
    data = read(folder)
    np.testing.assert_array_equal(data.images, transparent.images)
    assert "the background is #20c040" in data.notes
    full = np.random.default_rng(0).integers(0, 256, (32, 32, 3), np.uint8)
    Image.fromarray(full).save(folder / "zfull.png")
    np.testing.assert_array_equal(read(folder).images[-1], full)


def test_pictures_without_transparency_are_full_where_others_have_it(folder):
    Image.new("RGB", (32, 32), "#204060").save(folder / "square.png")
    data = read(folder)
    assert (data.images[data.names.index("square.png")] == (32, 64, 96)).all()


def test_the_background_to_train_on_is_a_choice(folder):
    black, white = read(folder), read(folder, background="white")
    assert (white.images[:, 0, 0] == 255).all()
    assert (black.images[:, 0, 0] == 0).all()
    assert white.about()["background"] == "#ffffff"
    drawn = read(None, background="#102030")
    assert (drawn.images[:, 31, 0] == (16, 32, 48)).all()


def test_a_palette_is_kept_if_colours_are_few(folder):
    data = read(folder)
    assert "#2c2838" in data.palette
    assert "#000000" not in data.palette
    np.testing.assert_array_equal(
        sorted(data.palette), sorted("#" + bytes(c.tolist()).hex() for c in source_colours(folder))
    )
    noise = np.random.default_rng(0).integers(0, 256, (20, 32, 32, 3), np.uint8)
    np.save(folder.parent / "noise.npy", noise)
    assert "palette" not in read(folder.parent / "noise.npy").about()
    with pytest.raises(ValueError, match=r"noise\.npy has more than 4096 colours"):
        source_colours(folder.parent / "noise.npy")


def test_animations_give_their_first_picture(folder):
    frames = [Image.new("RGBA", (32, 32), c) for c in ("#ff0000", "#00ff00")]
    frames[0].save(folder / "a.gif", save_all=True, append_images=frames[1:])
    data = read(folder)
    assert (data.images[0] == (255, 0, 0)).all()
    assert "of a.gif, an animation, the first picture" in data.notes


def test_sizes_are_said(folder):
    for path in folder.glob("*.png"):
        with Image.open(path) as image:
            big = image.resize((128, 128), Image.Resampling.NEAREST)
        big.save(path)
    assert "24 of 128x128, reduced to 32x32" in read(folder).notes


def test_grid_and_rows_are_no_words_for_a_folder(folder):
    with pytest.raises(ValueError, match=r"--grid and --rows are for a sheet, and .* is a folder"):
        read(folder, rows="0")
    with pytest.raises(ValueError, match="need --data"):
        DataOptions(rows="0")


def test_options_survive_being_kept(folder):
    options = DataOptions(folder, key="#ff00ff", background="white")
    assert DataOptions.restored(options.kept()) == options
    assert DataOptions.restored(None) == DataOptions()
    assert DataOptions.restored(str(folder)) == DataOptions(folder)  # as runs kept it before
    assert options.changed(background=None, key="none").key == "none"


MEASURE = """
import resource, sys
from pathlib import Path
from dcgan.data.sources import DataOptions
from dcgan.data.training_set import training_set
base = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
data = training_set(DataOptions(Path(sys.argv[1])))
print(len(data.images), (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - base) // 1024)
"""


def test_one_full_size_picture_at_a_time_is_in_memory(tmp_path):
    dice = np.random.default_rng(0)
    for i in range(60):
        art = np.zeros((40, 40, 4), np.uint8)
        art[4:36, 6:34] = (*dice.integers(1, 256, 3), 255)
        art[8:30, 10:30, :3] = dice.integers(1, 256, (22, 20, 3))
        picture = art.repeat(32, axis=0).repeat(32, axis=1)
        Image.fromarray(picture).save(tmp_path / f"{i:02d}.png", compress_level=1)
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, tmp_path],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    count, megabytes = map(int, done.stdout.split())
    assert count == 60
    assert megabytes < 60
