# SPDX-License-Identifier: Apache-2.0
"""Networks of finite numbers that no integers can hold are refused in one sentence."""

from __future__ import annotations

import warnings
from dataclasses import replace

import pytest
import quantize
import torch
from dcgan.core.checkpoint import save_checkpoint
from dcgan.core.shapes import preset
from dcgan.quant.fake_quant import FakeQuantGenerator, distil
from dcgan.quant.random_network import random_integer
from small import random_checkpoint

GOOD = random_checkpoint(preset("tiny"), seed=1)


def scaled(factor: float):
    return replace(GOOD, state={name: factor * value for name, value in GOOD.state.items()})


def with_bias(value: float):
    return replace(GOOD, state={**GOOD.state, "layer1.bias": torch.full((16,), value)})


WRONG = {
    "overflow": (scaled(1e30), "the activations of layer"),
    "large": (scaled(1e6), "the activations of layer 1 reach"),
    "nothing": (scaled(0.0), "the activations of layer 1 reach 0"),
    "small": (scaled(1e-30), "the activations of layer 1 reach"),
    "bias": (with_bias(3e38), "the activations of layer 1 reach"),
    "last bias": (
        replace(GOOD, state={**GOOD.state, "layer4.bias": torch.tensor([3e38])}),
        "a bias of layer 4 does not fit into 32 bits",
    ),
    "long offsets": (replace(GOOD, v1=torch.full((100,), 1e20)), "v1 and v2 must be within"),
    "offsets off the grid": (replace(GOOD, v1=GOOD.v1 + 0.01), "not on the 1/32 grid"),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_network_without_integers_is_refused(what, tmp_path, capsys):
    checkpoint, said = WRONG[what]
    save_checkpoint(tmp_path / "mine.safetensors", checkpoint)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        words = ["--network", str(tmp_path / "mine.safetensors"), "--avatars", "2"]
        assert quantize.main(words) == 1
    error = capsys.readouterr().err
    assert error.startswith("error: ") and error.count("\n") == 1
    assert said in error
    assert [path.name for path in tmp_path.iterdir()] == ["mine.safetensors"]


def test_fine_tuning_that_diverges_stops(monkeypatch):
    student = FakeQuantGenerator(random_integer(preset("tiny"), 0))
    poisoned = scaled(1.0)
    poisoned.state["layer4.bias"][0] = float("nan")
    steps = distil(poisoned, student, 5, batch=2)
    with pytest.raises(FloatingPointError, match="step 1: fine-tuning diverged: lower --rate"):
        list(steps)
