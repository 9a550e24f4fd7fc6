# SPDX-License-Identifier: Apache-2.0
"""Runs that diverge keep their last good files; states that fit no run are refused."""

from __future__ import annotations

import copy
import json
import math
from dataclasses import replace

import pytest
import torch
import train
from dcgan.core.checkpoint import load_checkpoint, save_checkpoint
from dcgan.core.shapes import PRESETS
from dcgan.train import recipe, run_folder
from dcgan.train.recipe_file import to_toml
from dcgan.train.trainer import Trainer
from small import SMALL, random_checkpoint

FILES = (run_folder.CHECKPOINT, run_folder.STATE, run_folder.CONFIG)


@pytest.fixture
def run(tmp_path):
    """A run of two iterations; its rates may be anything."""
    config = tmp_path / "small.toml"
    config.write_text(to_toml(SMALL))
    words = ["--threads", "1", "--config", str(config), "--out", str(tmp_path / "run")]
    assert train.main([*words, "--iterations", "2"]) == 0
    return tmp_path / "run"


def resumed(run, capsys, iterations: int = 6) -> tuple[int, str]:
    capsys.readouterr()
    words = ["--threads", "1", "--resume", str(run), "--save-every", "1"]
    status = train.main([*words, "--iterations", str(iterations)])
    return status, capsys.readouterr().err


def assert_one_sentence(error: str, *said: str) -> None:
    lines = [line for line in error.splitlines() if not line.startswith("note: ")]
    assert len(lines) == 1 and lines[0].startswith("error: "), error
    assert all(word in error for word in said), error


def contents(run) -> dict[str, bytes]:
    return {name: (run / name).read_bytes() for name in FILES}


def test_rates_that_are_too_high_end_the_run_and_keep_its_good_files(tmp_path, capsys, monkeypatch):
    monkeypatch.setitem(recipe._NUMBERS, "generator_rate", (0, 1e9))
    config = tmp_path / "fast.toml"
    wild = replace(SMALL, generator_rate=1e9, pretraining_iterations=0, iterations=1000)
    config.write_text(to_toml(wild))
    run = tmp_path / "run"
    words = ["--threads", "1", "--config", str(config), "--out", str(run), "--save-every", "1"]
    assert train.main(words) == 1
    assert_one_sentence(capsys.readouterr().err, "iteration", "training diverged", str(run))
    log = [json.loads(line) for line in (run / run_folder.LOG).read_text().splitlines()]
    for losses in log:
        assert all(map(math.isfinite, losses.values()))
    if (run / run_folder.CHECKPOINT).exists():
        load_checkpoint(run / run_folder.CHECKPOINT)  # finite, or it would be refused


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_the_first_loss_that_is_not_finite_ends_the_run(run, capsys, monkeypatch, value):
    step = Trainer.step

    def spoilt(self):
        losses = step(self)
        return {**losses, "colour": value} if self.iteration == 4 else losses

    monkeypatch.setattr(Trainer, "step", spoilt)
    status, error = resumed(run, capsys)
    assert status == 1
    assert_one_sentence(error, "iteration 4", "'colour'", "keeps the last good checkpoint")
    assert load_checkpoint(run / run_folder.CHECKPOINT).metadata["iterations"] == 3
    assert len((run / run_folder.LOG).read_text().splitlines()) == 3
    monkeypatch.undo()
    assert resumed(run, capsys)[0] == 0  # what was kept is a whole run


def test_weights_that_are_not_finite_replace_no_good_file(run, capsys, monkeypatch):
    step = Trainer.step

    def spoilt(self):
        losses = step(self)
        with torch.no_grad():
            next(self.average.parameters()).view(-1)[0] = math.nan
        return losses

    monkeypatch.setattr(Trainer, "step", spoilt)
    before = contents(run)
    status, error = resumed(run, capsys, 3)
    assert status == 1
    assert_one_sentence(error, "not finite", run_folder.CHECKPOINT)
    after = contents(run)
    for name in (run_folder.CHECKPOINT, run_folder.STATE):
        assert after[name] == before[name]
    assert [p.name for p in run.glob(".*")] == []


def test_nothing_is_written_of_a_checkpoint_that_is_not_finite(tmp_path):
    checkpoint = random_checkpoint(PRESETS["tiny"])
    checkpoint.state["layer3.bias"][0] = math.inf
    with pytest.raises(ValueError, match=r"mine\.safetensors: layer3\.bias holds numbers"):
        save_checkpoint(tmp_path / "mine.safetensors", checkpoint)
    assert not list(tmp_path.iterdir())


def without(part: str):
    return lambda state: state["trainer"].pop(part)


def of(part: str, value: object):
    return lambda state: state["trainer"].update({part: value})


@pytest.mark.parametrize(
    "change",
    [
        without("generator"),
        without("optimisers"),
        without("iteration"),
        of("generator", {}),
        of("generator", [1]),
        of("optimisers", 5),
        of("optimisers", {"generator": {}}),
        of("iteration", -1),
        of("iteration", 1.5),
        of("iteration", "two"),
    ],
)
def test_a_state_that_lacks_a_part_is_refused_and_the_run_stays(run, capsys, change):
    state = copy.deepcopy(run_folder.read_state(run))
    change(state)
    torch.save(state, run / run_folder.STATE)
    before = contents(run)
    status, error = resumed(run, capsys)
    assert status == 1
    assert_one_sentence(error, "state.pt does not hold the networks of this run")
    assert contents(run) == before


def test_a_state_of_another_network_is_refused(run, capsys):
    state = run_folder.read_state(run)
    weights = state["trainer"]["generator"]
    name = next(iter(weights))
    weights[name] = torch.zeros(3, 3)
    torch.save(state, run / run_folder.STATE)
    status, error = resumed(run, capsys)
    assert status == 1
    assert_one_sentence(error, "state.pt does not hold the networks of this run")
