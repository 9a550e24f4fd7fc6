# SPDX-License-Identifier: Apache-2.0
"""The commands that judge: what they write, and what they say when they cannot."""

from __future__ import annotations

import json
import sys

import augment
import decoders
import evaluate
import numpy as np
import pytest
import robustness
import torch
from dcgan.core.checkpoint import save_checkpoint
from dcgan.core.latents import draw_v, draw_z, to_float
from dcgan.core.markdown import replace_block
from dcgan.core.shapes import preset
from dcgan.data.avatars import draw_set
from dcgan.experiments.decoders import fit_regression, fit_vae
from dcgan.metrics.evaluation import TARGETS, summarise, verdicts
from dcgan.train.run_folder import create
from PIL import Image
from small import SMALL, random_checkpoint


@pytest.fixture
def checkpoint(tmp_path):
    path = tmp_path / "random.safetensors"
    save_checkpoint(path, random_checkpoint(preset("tiny")))
    return path


def run(monkeypatch, module, *arguments) -> int:
    monkeypatch.setattr(sys, "argv", [module.__name__, *map(str, arguments)])
    return module.main()


def test_a_generator_of_an_unlabelled_folder_gets_label_free_metrics(
    tmp_path, monkeypatch, capsys, checkpoint
):
    folder, out = tmp_path / "sprites", tmp_path / "out"
    folder.mkdir()
    random = np.random.default_rng(0)
    for i in range(20):
        tile = random.integers(0, 256, (8, 8, 3), dtype=np.uint8).repeat(4, 0).repeat(4, 1)
        Image.fromarray(tile).save(folder / f"{i:02}.png")
    arguments = (checkpoint, "--data", folder, "--samples", 60, "--out", out)
    assert run(monkeypatch, evaluate, *arguments) == 0
    result = json.loads((out / "evaluation.json").read_text())
    assert "frechet" in result["scores"] and "classifier_frechet" not in result["scores"]
    assert result["floors"]["training set"]["copies"] == 1.0
    assert result["targets"] == []
    assert len(result["scores"]["coverage"]["values"]) == 3
    assert (out / "evaluation.png").read_bytes()[:4] == b"\x89PNG"
    assert "coverage" in capsys.readouterr().out


def test_a_run_of_a_fold_is_judged_with_what_it_held_out(tmp_path, monkeypatch, capsys, checkpoint):
    images = draw_set(60, seed=4)[0]
    create(tmp_path / "run", SMALL, images[:40], images[40:])
    out = tmp_path / "out"
    assert run(monkeypatch, evaluate, checkpoint, "--run", tmp_path / "run", "--out", out) == 0
    result = json.loads((out / "evaluation.json").read_text())
    assert (result["samples"], result["reference"]) == (40, "held out of run")
    assert [target["met"] for target in result["targets"]] == [False, False]  # untrained
    assert result["floors"]["training set"]["precision"] > 0.5
    create(tmp_path / "whole", SMALL, images)
    assert run(monkeypatch, evaluate, checkpoint, "--run", tmp_path / "whole", "--out", out) == 1
    assert "holds no held_out.npy: train with --fold" in capsys.readouterr().err


@pytest.mark.parametrize("module", [evaluate, augment, decoders, robustness])
def test_a_missing_checkpoint_is_one_clear_sentence(tmp_path, monkeypatch, capsys, module):
    missing, out = tmp_path / "missing.safetensors", tmp_path / "out"
    first = [missing] if module is evaluate else ["--checkpoint", missing]
    assert run(monkeypatch, module, *first, "--quick", "--out", out) == 1
    message = capsys.readouterr().err
    assert message.startswith("error: ") and "missing.safetensors" in message
    assert not out.exists()


def test_evaluate_without_a_checkpoint_says_what_to_give(monkeypatch, capsys):
    assert run(monkeypatch, evaluate) == 1
    assert "give a network: compact" in capsys.readouterr().err


def test_targets_compare_with_the_training_set_where_they_say_so():
    scores = summarise([{"frechet": 4.0, "coverage": 0.5}, {"frechet": 6.0, "coverage": 0.7}])
    found = {v["title"]: v for v in verdicts(scores, {"frechet": 6.25, "coverage": 0.4})}
    ratio, coverage = (found[target.title] for target in TARGETS if target.metric in scores)
    assert ratio["figure"] == pytest.approx(0.8) and ratio["met"] and not ratio["stretch_met"]
    assert coverage["figure"] == pytest.approx(0.6) and not coverage["met"]


def test_the_control_table_is_written_and_put_into_a_file(tmp_path, monkeypatch):
    page, out = tmp_path / "page.md", tmp_path / "out"
    page.write_text("a\n<!-- generated: controls by x -->\nold\n<!-- end of controls -->\nb\n")
    options = ("--controls", "--samples", 30, "--out", out, "--readme", page)
    assert run(monkeypatch, evaluate, *options) == 0
    lines = page.read_text().splitlines()
    assert lines[:2] == ["a", "<!-- generated: controls by x -->"] and lines[-1] == "b"
    assert "| metric | fresh | training | blends | noise | mean |" in lines and "old" not in lines
    assert set(json.loads((out / "controls.json").read_text())["scores"]) >= {"fresh", "noise"}
    assert (out / "controls.png").exists()


def test_a_network_is_judged_into_the_block_that_was_named(tmp_path, monkeypatch):
    page = tmp_path / "page.md"
    page.write_text("<!-- generated: mine by x -->\n<!-- end of mine -->\n")
    words = ("tiny", "--samples", 30, "--out", tmp_path / "out", "--readme", page)
    assert run(monkeypatch, evaluate, *words) == 1
    assert "tiny_int" not in page.read_text()
    assert run(monkeypatch, evaluate, *words, "--block", "mine") == 0
    assert "`tiny_int.safetensors` (integer" in page.read_text()


def test_a_block_that_is_not_there_is_named(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("nothing\n")
    with pytest.raises(ValueError, match="0 blocks named 'evaluate'"):
        replace_block(page, "evaluate", "x")
    assert page.read_text() == "nothing\n"


@pytest.mark.parametrize("fit", [fit_regression, fit_vae])
def test_decoders_learn_and_repeat_themselves(fit):
    random = torch.Generator().manual_seed(0)
    images = (torch.rand(24, 3, 1, 1, generator=random) * 2 - 1).expand(-1, -1, 32, 32).contiguous()
    v = torch.from_numpy(to_float(draw_v(0, 10.0)))
    short = fit(preset("tiny"), images, v, 2, batch=8)
    long = fit(preset("tiny"), images, v, 60, batch=8)
    assert long.psnr > short.psnr + 1
    again = fit(preset("tiny"), images, v, 2, batch=8)
    assert np.array_equal(short.render(draw_z(4, 0)), again.render(draw_z(4, 0)))
