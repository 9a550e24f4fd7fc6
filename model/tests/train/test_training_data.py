# SPDX-License-Identifier: Apache-2.0
"""From a user's pictures to sprites: train.py, quantize.py and generate.py in a row."""

from __future__ import annotations

import json
from dataclasses import replace

import generate
import numpy as np
import potions
import pytest
import quantize
from dcgan.core.checkpoint import load_checkpoint
from dcgan.data.avatar_folder import write_set
from dcgan.data.avatars import CHOICES, draw_set
from dcgan.quant.int_generator import load_integer
from dcgan.train import run_folder
from dcgan.train.recipe_file import to_toml
from PIL import Image
from small import TAUGHT


def metadata(run) -> dict:
    return load_checkpoint(run / run_folder.CHECKPOINT).metadata


def save_sheet(path, count: int = 32, columns: int = 8) -> None:
    images = draw_set(count, seed=2)[0]
    rows = [np.concatenate(images[i : i + columns], axis=1) for i in range(0, count, columns)]
    Image.fromarray(np.concatenate(rows)).save(path)


def test_a_network_remembers_background_and_palette_up_to_its_sprites(
    tmp_path, small_toml, capsys, run_train
):
    data, run, out = tmp_path / "data", tmp_path / "run", tmp_path / "out"
    potions.main(data, 24)
    options = ("--config", small_toml, "--data", data, "--background", "#ffffff")
    assert run_train(*options, "--out", run) == 0
    assert f"note: 24 pictures in {data}" in capsys.readouterr().err
    about = metadata(run)["data"]
    assert about["background"] == "#ffffff"
    assert "#2c2838" in about["palette"]
    assert "attributes" not in about
    integers = tmp_path / "int.safetensors"
    checkpoint = run / run_folder.CHECKPOINT
    assert quantize.main(["--network", str(checkpoint), "--out", str(integers)]) == 0
    assert load_integer(integers).about == about
    words = ["--network", str(integers), "--count", "10", "--seed", "4", "--out", str(out)]
    assert generate.main([*words, "--rgba", "--palette"]) == 0
    facts = json.loads((tmp_path / "out.json").read_text())
    assert facts["seed"] == 4
    assert facts["sprites"][9] == {"number": 9, "row": 1, "column": 1, "file": "out_0009.png"}
    with Image.open(tmp_path / "out_0009.png") as picture:
        assert (picture.mode, picture.size) == ("RGBA", (32, 32))
    assert generate.main([*words, "--rgba", "--sheet", "--palette", str(data)]) == 0
    with Image.open(tmp_path / "out.png") as sheet:
        assert (sheet.mode, sheet.size) == ("RGBA", (256, 64))
        pixels = np.asarray(sheet)
    shown = {"#" + bytes(c.tolist()).hex() for c in pixels[pixels[..., 3] > 0][:, :3]}
    assert shown <= set(about["palette"])


def test_a_folder_with_labels_trains_as_labelled(tmp_path, capsys, run_train):
    write_set(tmp_path / "set", count=20, seed=3)
    config = tmp_path / "small.toml"
    config.write_text(to_toml(TAUGHT))
    words = ("--config", config, "--data", tmp_path / "set", "--out", tmp_path / "run")
    assert run_train(*words, "--iterations", 6) == 0
    found = metadata(tmp_path / "run")
    assert found["latents"] == "binary"
    assert found["data"]["attribute_order"] == list(CHOICES)
    assert found["data"]["attributes"]["skin"] == ["dark", "light", "tan"]


def test_pictures_without_parts_train_without_codes(tmp_path, capsys, run_train):
    random = np.random.default_rng(0)
    tiles = random.integers(0, 4, (40, 8, 8)).repeat(4, 1).repeat(4, 2)
    np.save(tmp_path / "tiles.npy", (60 * tiles[..., None] + (20, 40, 60)).astype(np.uint8))
    words = ("--data", tmp_path / "tiles.npy", "--key", "none", "--network", "tiny")
    lengths = ("--iterations", 2, "--schedule", 30)
    assert run_train(*words, *lengths, "--out", tmp_path / "run") == 0
    assert "no attributes explain these pictures" in capsys.readouterr().err
    assert metadata(tmp_path / "run")["latents"] == "normal"
    config = tmp_path / "wanted.toml"
    config.write_text('codes = "found"\n')
    assert run_train(*words, *lengths, "--config", config, "--out", tmp_path / "other") == 1
    assert 'set codes = "none" in' in capsys.readouterr().err


def test_a_folder_without_labels_gets_codes_that_a_resumed_run_keeps(tmp_path, capsys, run_train):
    potions.main(tmp_path / "data", 40)
    config = tmp_path / "found.toml"
    config.write_text(to_toml(replace(TAUGHT, codes="found", search_iterations=8)))
    run = tmp_path / "run"
    words = ("--config", config, "--data", tmp_path / "data", "--out", run)
    assert run_train(*words, "--iterations", 4) == 0
    assert "note: attributes found: " in capsys.readouterr().err
    before = metadata(run)
    assert before["latents"] == "binary" and before["data"]["attribute_order"]
    assert run_train("--resume", run, "--iterations", 8) == 0
    assert "attributes found" not in capsys.readouterr().err
    assert metadata(run)["data"] == before["data"]
    checkpoint, out = run / run_folder.CHECKPOINT, tmp_path / "asked"
    name, value = next(iter(before["data"]["attributes"].items()))
    words = ["--network", str(checkpoint), "--backend", "float", "--out", str(out)]
    assert generate.main([*words, "--attribute", f"{name}={value[-1]}"]) == 0


def test_a_sheet_resumes_with_the_same_cells(tmp_path, small_toml, capsys, run_train):
    save_sheet(tmp_path / "sheet.png")
    run = tmp_path / "run"
    words = ("--config", small_toml, "--data", tmp_path / "sheet.png", "--rows", "0-2")
    assert run_train(*words, "--out", run, "--iterations", 4) == 0
    assert metadata(run)["images"] == 24
    config = run / run_folder.CONFIG
    config.write_text(config.read_text().replace("iterations = 4\n", "iterations = 6\n", 1))
    assert run_train("--resume", run) == 0
    assert metadata(run)["iterations"] == 6
    assert run_train("--resume", run, "--rows", "0-3") == 1
    assert "the training images are not those" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--grid", "0x0"), "--grid 0x0: give WIDTHxHEIGHT"),
        (("--rows", "x"), "--rows x: give numbers of rows"),
        (("--rows", "9"), "has rows 0..3"),
        (("--key", "mauve"), "--key 'mauve': give a colour like"),
        (("--background", "#12"), "--background '#12': give a colour like"),
    ],
)
def test_wrong_words_give_one_sentence_and_no_run(tmp_path, capsys, words, message, run_train):
    save_sheet(tmp_path / "sheet.png")
    data = ("--data", tmp_path / "sheet.png", "--out", tmp_path / "run")
    assert run_train(*data, *words) == 1
    error = capsys.readouterr().err
    assert error.startswith("error: ")
    assert message in error
    assert error.count("\n") == 1
    assert not (tmp_path / "run").exists()
