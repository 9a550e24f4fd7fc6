"""Parts of the objective, each where its value is known."""

from __future__ import annotations

import math

import pytest
import torch
from dcgan import losses


def test_translation_moves_whole_images_and_fills_with_black():
    images = torch.full((16, 3, 32, 32), -1.0)
    images[:, :, 16, 16] = 1.0
    moved = losses.translate(images, 4, torch.Generator().manual_seed(0))
    assert (moved == 1).sum() == (images == 1).sum()
    assert (moved[:, 0] == moved[:, 2]).all()
    places = (moved[:, 0] == 1).nonzero()[:, 1:] - 16
    assert places.abs().max() == 4
    assert len(places.unique(dim=0)) > 8


def test_jitter_changes_colours_and_keeps_places():
    images = torch.rand(8, 3, 32, 32) * 2 - 1
    assert losses.jitter(images, 0.0, torch.Generator().manual_seed(0)) is images
    changed = losses.jitter(images, 0.5, torch.Generator().manual_seed(0))
    assert not torch.allclose(changed, images, atol=0.05)
    # An affine map of each image's grey values: their order within a picture stays.
    grey, before = changed.mean(1).flatten(1), images.mean(1).flatten(1)
    assert torch.equal(grey.argmax(1), before.argmax(1))


def test_patches_share_in_the_losses_by_their_weight():
    whole, patches = torch.zeros(4, 1), torch.full((4, 16), 3.0)
    alone = losses.generator_loss("relativistic", [whole], [whole])
    for kind in ("relativistic", "bce"):
        without = losses.discriminator_loss(kind, [whole, patches], [whole, whole], local=0.0)
        with_patches = losses.discriminator_loss(kind, [whole, patches], [whole, whole], local=0.5)
        assert without == losses.discriminator_loss(kind, [whole], [whole])
        assert with_patches > without
    assert losses.generator_loss("relativistic", [whole, patches], [whole, whole], 0.5) > alone


def test_gradient_penalty_of_patches_is_the_mean_over_their_places():
    images = torch.randn(2, 1, 4, 4, requires_grad=True)
    whole = images.sum((1, 2, 3))[:, None]  # gradient 1 in each of 16 pixels
    assert losses.gradient_penalty(images, [whole]) == pytest.approx(8.0)
    places = [0 * whole, 3 * images.flatten(1)]  # one pixel a place, gradient 3
    assert losses.gradient_penalty(images, places, local=1.0) == pytest.approx(4.5)


def test_overshoot_counts_only_what_changes_no_pixel():
    x = torch.tensor([-1.0, losses.VISIBLE_RANGE, -losses.VISIBLE_RANGE])
    assert losses.overshoot_loss(x) == 0
    assert losses.overshoot_loss(x - 2) > 0
    for value in (losses.VISIBLE_RANGE, 2 * losses.VISIBLE_RANGE):
        assert round(127.5 * (math.tanh(value) + 1)) == 255


def test_density_loss_acts_only_above_the_wanted_share():
    x = torch.randn(4, 8, 16, 16)
    assert losses.density_loss([x - 3], 0.35) == 0
    assert losses.density_loss([x + 1], 0.35) > 0.1
