# SPDX-License-Identifier: Apache-2.0
"""Shapes, folding, latents and checkpoints."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from dcgan.core.checkpoint import load_checkpoint, save_checkpoint
from dcgan.core.latents import (
    ONE,
    Z_MAX,
    binarise,
    draw_batches,
    draw_v,
    draw_z,
    quantise_z,
    to_float,
)
from dcgan.core.networks import (
    Discriminator,
    Generator,
    NormalisedGenerator,
    by_phases,
    by_product,
    initialise_he,
    left_right_symmetric,
)
from dcgan.core.shapes import PRESETS, preset
from small import random_checkpoint


def test_presets_have_the_weight_counts_of_the_specification():
    def weights(name):
        generator = Generator(preset(name))
        return sum(p.numel() for n, p in generator.named_parameters() if n.endswith("weight"))

    assert weights("paper") == 3_442_688
    assert weights("compact") == 369_152
    with pytest.raises(ValueError, match="choose one of paper, compact, tiny"):
        preset("huge")


@pytest.mark.parametrize("name", PRESETS)
def test_generator_draws_three_planes_of_32_by_32(name):
    checkpoint = random_checkpoint(preset(name))
    z = torch.from_numpy(to_float(draw_z(2, seed=1)))
    generator = checkpoint.generator()
    image = generator.rgb(z, checkpoint.v1, checkpoint.v2)
    assert image.shape == (2, 3, 32, 32)
    assert image.abs().max() <= 1
    torch.testing.assert_close(image[:, 1:2], generator(z + checkpoint.v1))


def test_discriminator_gives_each_image_a_logit():
    for norm in ("none", "batch"):
        assert Discriminator(3, norm=norm)(torch.zeros(2, 3, 32, 32)).shape == (2, 1)
    with pytest.raises(ValueError, match="norm must be"):
        Discriminator(3, norm="layer")


def test_faster_forms_of_a_layer_equal_the_layer():
    torch.manual_seed(1)
    layer1 = torch.nn.ConvTranspose2d(100, 6, 4).double()
    z = torch.randn(3, 100).double()
    torch.testing.assert_close(
        by_product(z, layer1.weight, layer1.bias), layer1(z[:, :, None, None])
    )
    layer = torch.nn.ConvTranspose2d(5, 3, 4, stride=2, padding=1).double()
    x = torch.randn(2, 5, 8, 8).double()
    torch.testing.assert_close(by_phases(x, layer.weight, layer.bias), layer(x))


def _normalised(odd_rate: float) -> NormalisedGenerator:
    """A random Generator whose batch norms have something to fold."""
    torch.manual_seed(3)
    training = NormalisedGenerator(preset("tiny"), odd_rate=odd_rate)
    initialise_he(training)
    for norm in training.norms:
        torch.nn.init.uniform_(norm.weight, 0.5, 1.5)
        torch.nn.init.normal_(norm.bias)
    for _ in range(5):
        training(torch.randn(64, 100))
    return training.double().eval()


@pytest.mark.parametrize("odd_rate", [1.0, 0.1])
@torch.no_grad()
def test_folding_keeps_every_pixel(odd_rate):
    training = _normalised(odd_rate)
    z = torch.randn(64, 100).double()
    torch.testing.assert_close(training.folded().double()(z), training(z), rtol=0, atol=1e-6)


@torch.no_grad()
def test_symmetric_kernels_draw_nearly_the_same_left_and_right():
    def asymmetry(odd_rate):
        images = _normalised(odd_rate)(torch.randn(16, 100).double())
        return ((images - images.flip(-1)).std() / images.std()).item()

    assert asymmetry(0.0) < 1e-9
    assert asymmetry(0.1) < 0.6
    assert asymmetry(1.0) > 1.0


def test_symmetric_kernels_keep_their_variance():
    torch.manual_seed(4)
    weight = torch.randn(64, 64, 4, 4)
    assert left_right_symmetric(weight, 1.0) is weight
    for speed in (0.0, 0.1, 0.5):
        assert left_right_symmetric(weight, speed).std().item() == pytest.approx(1.0, abs=0.02)


def test_the_first_step_of_binary_latents_is_the_sign_of_every_entry():
    z = draw_z(500, 7)
    x = binarise(z)
    assert set(np.unique(x)) == {-ONE, ONE}
    assert ((x == ONE) == (z >= 0)).all()
    assert abs((x / ONE).mean()) < 0.03  # zero counts as positive
    generator = Generator(preset("tiny"), binary=True)
    ours = generator.first_step(torch.from_numpy(to_float(z)))
    np.testing.assert_array_equal(ours.numpy(), to_float(x))
    assert Generator(preset("tiny")).first_step(ours) is ours


def test_float_golden_and_fast_integers_take_the_same_first_step():
    checkpoint = random_checkpoint(preset("tiny"), seed=2)
    z = torch.from_numpy(to_float(draw_z(4, 3)))
    binary = replace(checkpoint, metadata={"latents": "binary"})
    colours = (checkpoint.v1, checkpoint.v2)
    signs = torch.where(z >= 0, 1.0, -1.0)
    assert torch.equal(
        binary.generator().rgb(z, *colours), checkpoint.generator().rgb(signs, *colours)
    )


def test_latents_lie_on_the_grid_and_repeat_for_a_seed():
    z = draw_z(500, seed=7)
    assert z.dtype == np.int8
    assert z.shape == (500, 100)
    assert (z == draw_z(500, seed=7)).all()
    assert (z != draw_z(500, seed=8)).any()
    assert np.abs(z.astype(int)).max() <= Z_MAX
    np.testing.assert_array_equal(quantise_z(to_float(z)), z)
    np.testing.assert_array_equal(
        quantise_z(np.array([0.5, -0.5, 999, -999]) / 32), [1, 0, 127, -127]
    )


def test_latents_drawn_in_batches_are_those_drawn_at_once():
    batches = list(draw_batches(5, 7, seed=3))
    np.testing.assert_array_equal(np.concatenate(batches), draw_z(35, seed=3))


@pytest.mark.parametrize("length", [0.0, 1.0, 10.0])
def test_colour_offsets_have_the_asked_length(length):
    v = draw_v(seed=3, length=length)
    assert v.dtype == np.int8
    np.testing.assert_allclose(np.linalg.norm(to_float(v), axis=1), length, atol=0.15)


def test_checkpoint_survives_the_round_trip(tmp_path):
    checkpoint = random_checkpoint(preset("tiny"), seed=5)
    path = tmp_path / "tiny.safetensors"
    save_checkpoint(path, checkpoint)
    loaded = load_checkpoint(path)
    assert loaded.config == checkpoint.config
    assert loaded.metadata == checkpoint.metadata
    assert loaded.state.keys() == checkpoint.state.keys()
    for name, value in checkpoint.state.items():
        assert torch.equal(value, loaded.state[name])
    assert torch.equal(loaded.v2, checkpoint.v2)
    assert [file.name for file in tmp_path.iterdir()] == ["tiny.safetensors"]


def test_broken_checkpoints_are_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"train one with model/train\.py"):
        load_checkpoint(tmp_path / "missing.safetensors")
    broken = tmp_path / "broken.safetensors"
    broken.write_bytes(b"not a safetensors file at all")
    with pytest.raises(ValueError, match="is not a checkpoint"):
        load_checkpoint(broken)
