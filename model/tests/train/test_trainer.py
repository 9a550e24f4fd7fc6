# SPDX-License-Identifier: Apache-2.0
"""Training runs: recipes, resuming, interrupting, several processes."""

from __future__ import annotations

import json
import math
import os
import signal
import subprocess
import sys
import time
from dataclasses import fields, replace
from pathlib import Path

import potions
import pytest
import torch
from dcgan.core.checkpoint import load_checkpoint
from dcgan.core.images import to_images
from dcgan.core.networks import plane_inputs
from dcgan.data.avatars import draw_set
from dcgan.train import run_folder
from dcgan.train.recipe import RECIPES, Recipe
from dcgan.train.recipe_file import read_recipe, to_toml
from dcgan.train.trainer import CALIBRATION, CALIBRATION_BATCH, Trainer
from small import SMALL

TRAIN = Path(__file__).parents[2] / "train.py"


@pytest.fixture(scope="module")
def images():
    return to_images(draw_set(20, seed=0)[0])


def same_files(first: Path, second: Path, name: str) -> bool:
    return (first / name).read_bytes() == (second / name).read_bytes()


def test_resumed_training_equals_uninterrupted_training(tmp_path, images):
    whole = Trainer(SMALL, images)
    for _ in range(10):
        whole.step()
    run_folder.create(tmp_path, SMALL)
    first = Trainer(SMALL, images)
    for _ in range(5):
        first.step()
    run_folder.save(tmp_path, first, None)
    second = Trainer(SMALL, images)
    run_folder.restore(tmp_path, second, run_folder.read_state(tmp_path))
    for _ in range(5):
        second.step()
    expected, found = whole.checkpoint(), second.checkpoint()
    for name, value in expected.state.items():
        assert torch.equal(value, found.state[name]), name
    assert expected.metadata == found.metadata


def test_the_seed_decides_everything(images):
    def weights(seed):
        trainer = Trainer(replace(SMALL, seed=seed), images)
        for _ in range(4):
            trainer.step()
        return trainer.checkpoint().state["layer2.weight"]

    assert torch.equal(weights(1), weights(1))
    assert not torch.equal(weights(1), weights(2))


def test_the_exported_generator_equals_the_averaged_one(images):
    trainer = Trainer(SMALL, images)
    for _ in range(6):
        trainer.step()
    checkpoint = trainer.checkpoint()
    average = trainer.average
    z = trainer.latents(CALIBRATION, trainer.random(stream=-1))
    average.measure(plane_inputs(b, trainer.v1, trainer.v2) for b in z.split(CALIBRATION_BATCH))
    z = z[:32]
    with torch.no_grad():
        torch.testing.assert_close(checkpoint.generator()(z), average(z), rtol=0, atol=1e-5)


def test_paper_recipe_is_table_2():
    paper = RECIPES["paper"]
    assert (paper.generator_rate, paper.discriminator_rate) == (1e-4, 1e-6)
    assert (paper.batch, paper.beta1, paper.beta2) == (64, 0.5, 0.999)
    assert (paper.loss, paper.widths) == ("bce", (64, 128, 256))
    assert paper.iterations == round(10_000 * 275 / 64)


def test_paper_recipe_trains(images):
    trainer = Trainer(
        replace(RECIPES["paper"], network="tiny", batch=4, widths=(8, 8, 8), grey_widths=(8, 8, 8)),
        images,
    )
    before = trainer.checkpoint().state["layer1.weight"]
    log = trainer.step()
    assert not torch.equal(before, trainer.checkpoint().state["layer1.weight"])
    assert log["discriminators"] == pytest.approx(4 * 0.693, abs=0.8)


def test_recipes_survive_the_round_trip_through_toml(tmp_path):
    named = [replace(SMALL, name=name) for name in ('a "quote"', "back\\slash", "作品 'x' #1 = 2")]
    for recipe in (*RECIPES.values(), SMALL, *named):
        path = tmp_path / "recipe.toml"
        path.write_text(to_toml(recipe), encoding="utf-8")
        assert read_recipe(path) == recipe


def test_a_recipe_of_an_editor_that_writes_a_byte_order_mark_is_read(tmp_path):
    path = tmp_path / "recipe.toml"
    path.write_text("batch = 7\n", encoding="utf-8-sig")
    assert read_recipe(path).batch == 7


def test_every_number_of_a_recipe_has_limits():
    for field in fields(Recipe):
        value = getattr(SMALL, field.name)
        if isinstance(value, int | float):
            for wrong in (math.nan, math.inf, -1, 10**30):
                with pytest.raises(ValueError, match=f"^{field.name} must be "):
                    replace(SMALL, **{field.name: wrong})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("colour = 3", "'colour', which is no setting"),
        ('batch = "many"', "batch must be a int"),
        ('loss = "wasserstein"', "loss must be one of relativistic, bce"),
        ('grey_planes = "all"', "it needs grey_planes"),
        ("mixup_negatives = -1", "mixup_negatives must be 0 to 4,096"),
        ("teacher_weight = -1.0", "teacher_weight must be 0 to 1,000,000"),
        ("teacher_iterations = 0", "teacher_iterations must be 1 to"),
        ("batch = 0", "batch must be 1 to 4,096"),
        ("odd_kernel_rate = 2", "odd_kernel_rate must be 0 to 1, got"),
        ("batch =", "is not TOML"),
        ('network = "huge"', "choose one of"),
    ],
)
def test_wrong_settings_are_named(tmp_path, text, message):
    path = tmp_path / "wrong.toml"
    path.write_text(text)
    with pytest.raises(ValueError, match=message):
        read_recipe(path)


def test_the_command_line_trains_on_a_folder_and_resumes_after_ctrl_c(
    tmp_path, small_toml, run_train
):
    data, whole, parts = (tmp_path / name for name in ("data", "whole", "parts"))
    potions.main(data, 16)
    common = ("--config", small_toml, "--data", data, "--iterations", 40, "--save-every", 10)
    assert run_train(*common, "--out", whole) == 0
    process = subprocess.Popen(
        [sys.executable, TRAIN, "--threads", "1", *map(str, common), "--out", parts],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    wait_for((parts / "state.pt").exists)
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=60) == 130
    stopped = load_checkpoint(parts / "checkpoint.safetensors").metadata["iterations"]
    assert 10 <= stopped < 40
    assert run_train("--resume", parts, "--save-every", 10) == 0
    assert same_files(whole, parts, "checkpoint.safetensors")
    assert same_files(whole, parts, "config.toml")
    log = [json.loads(line) for line in (parts / "log.jsonl").read_text().splitlines()]
    assert [line["iteration"] for line in log] == list(range(1, 41))
    assert json.loads((parts / "samples.json").read_text())["pictures"][-1] == "000040.png"


def wait_for(condition, seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


@pytest.mark.parametrize(
    ("flag", "message"),
    [
        ("--data", "is not a folder"),
        ("--resume", "there is no run to resume"),
        ("--config", "cannot be read"),
    ],
)
def test_the_command_line_says_what_is_wrong(tmp_path, capsys, flag, message, run_train):
    assert run_train(flag, tmp_path / "missing", "--out", tmp_path / "run") == 1
    error = capsys.readouterr().err
    assert error.startswith("error: ")
    assert message in error
    assert not (tmp_path / "run").exists()


def test_a_resumed_run_keeps_its_settings(tmp_path, capsys, small_toml, run_train):
    assert run_train("--config", small_toml, "--out", tmp_path / "run", "--iterations", 2) == 0
    assert run_train("--resume", tmp_path / "run", "--seed", 9) == 1
    assert "cannot change seed" in capsys.readouterr().err
    assert run_train("--config", small_toml, "--out", tmp_path / "run") == 1
    assert "holds a run" in capsys.readouterr().err


def test_two_processes_train_one_model(tmp_path, small_toml):
    done = subprocess.run(
        [
            *(sys.executable, "-m", "torch.distributed.run", "--nproc-per-node=2"),
            *("--master-addr=127.0.0.1", f"--master-port={20000 + os.getpid() % 20000}"),
            *(TRAIN, "--threads", "1", "--config", small_toml, "--out", tmp_path / "run"),
        ],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert load_checkpoint(tmp_path / "run" / "checkpoint.safetensors").metadata["iterations"] == 10
    assert done.stdout.count("finished") == 1
