# SPDX-License-Identifier: Apache-2.0
"""Parts of the objective, each where its value is known."""

from __future__ import annotations

import math

import pytest
import torch
from dcgan.core import losses


def test_translation_moves_whole_images_and_fills_with_black():
    images = torch.full((16, 3, 32, 32), -1.0)
    images[:, :, 16, 16] = 1.0
    moved = losses.translate(images, 4, torch.Generator().manual_seed(0))
    assert (moved == 1).sum() == (images == 1).sum()
    assert (moved[:, 0] == moved[:, 2]).all()
    places = (moved[:, 0] == 1).nonzero()[:, 1:] - 16
    assert places.abs().max() == 4
    assert len(places.unique(dim=0)) > 8


def test_mixtures_lie_between_two_images_and_are_as_symmetric_as_they():
    images = torch.arange(4.0)[:, None, None, None].expand(4, 3, 32, 32)
    mixed = losses.mixup_negatives(images, 3, torch.Generator().manual_seed(0))
    assert mixed.shape == (3, 3, 32, 32)
    for index, picture in enumerate(mixed):
        share = picture - index  # of the next image, whose pixels are one more
        assert share.min() >= 0 and share.max() <= 1
        assert share.max() - share.min() > 0.5
        torch.testing.assert_close(share, share.flip(-1), rtol=0, atol=1e-5)
        assert torch.equal(picture[0], picture[2])
    assert len(losses.mixup_negatives(images, 0, torch.Generator())) == 0
    wrapped = losses.mixup_negatives(images, 8, torch.Generator().manual_seed(0))
    assert len(wrapped) == 4 and wrapped[3].min() < 2.5  # the last one with the first


def test_gradient_penalty_is_half_the_squared_slope():
    images = torch.randn(2, 1, 4, 4, requires_grad=True)
    logits = images.sum((1, 2, 3))[:, None]  # gradient 1 in each of 16 pixels
    assert losses.gradient_penalty(images, logits) == pytest.approx(8.0)


def test_the_pre_tanh_penalty_counts_only_what_changes_no_pixel():
    x = torch.tensor([-1.0, losses.VISIBLE_RANGE, -losses.VISIBLE_RANGE])
    assert losses.pre_tanh_penalty(x) == 0
    assert losses.pre_tanh_penalty(x - 2) > 0
    for value in (losses.VISIBLE_RANGE, 2 * losses.VISIBLE_RANGE):
        assert round(127.5 * (math.tanh(value) + 1)) == 255


def test_density_loss_acts_only_above_the_wanted_share():
    x = torch.randn(4, 8, 16, 16)
    assert losses.density_loss([x - 3], 0.35) == 0
    assert losses.density_loss([x + 1], 0.35) > 0.1
