# SPDX-License-Identifier: Apache-2.0
"""Latents carry labels, a painter shows what they mean, and the Generator learns to draw it."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
import torch
from dcgan import run_folder
from dcgan.avatars import draw_set
from dcgan.carried import bits_of, carried_labels
from dcgan.classifier import SIZES, soft_labels
from dcgan.data import training_images, training_labels
from dcgan.latent import draw_z, to_float
from dcgan.painter import Painter
from dcgan.pictures import to_images
from dcgan.training import Trainer
from hypothesis import given
from hypothesis import strategies as st
from small import SMALL

PAINTED = replace(SMALL, painted_weight=400.0, painter_iterations=2)


def drawn(count: int = 20) -> tuple[torch.Tensor, torch.Tensor]:
    pixels, labels = draw_set(count, seed=0)
    return to_images(pixels), torch.from_numpy(labels)


@given(st.lists(st.integers(1, 40), min_size=1, max_size=8))
def test_every_value_is_carried_and_none_much_more_than_another(sizes):
    for size in sizes:
        codes = np.arange(1 << bits_of(size))
        signs = 1 - 2 * ((codes[:, None] >> np.arange(100)) & 1 == 0)
        z = torch.from_numpy(signs.astype(np.float32))
        counts = np.bincount(carried_labels(z, (size,))[:, 0], minlength=size)
        assert len(counts) == size
        assert counts.min() > 0
        assert counts.max() <= 1.25 * counts.min()


def test_attributes_are_carried_by_entries_of_their_own():
    z = torch.from_numpy(to_float(draw_z(4000, 1, "signs")))
    labels = carried_labels(z, SIZES)
    assert torch.equal(labels, carried_labels(3.9 * z, SIZES))  # by sign alone
    first = bits_of(SIZES[0])
    changed = z.clone()
    changed[:, :first] *= -1
    assert torch.equal(carried_labels(changed, SIZES)[:, 1:], labels[:, 1:])
    assert (carried_labels(changed, SIZES)[:, 0] != labels[:, 0]).any()
    for column, size in zip(labels.T, SIZES, strict=True):
        shares = np.bincount(column, minlength=size) / len(z)
        assert np.abs(shares - 1 / size).max() < 0.06


def test_too_many_labels_are_refused():
    with pytest.raises(ValueError, match="labels of 120 bits do not fit into 100 entries"):
        carried_labels(torch.zeros(1, 100), (200,) * 12)


def wrong_pixels(ours: torch.Tensor, theirs: torch.Tensor) -> float:
    """Mean number of pixels an avatar that are more than 60 grey levels off."""
    return float((127.5 * (ours - theirs).abs().amax(1) > 60).flatten(1).sum(1).float().mean())


def test_the_painter_paints_avatars_it_has_never_seen():
    images, labels = to_images(training_images()), torch.from_numpy(training_labels())
    random = torch.Generator().manual_seed(0)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        painter = Painter(SIZES)
    optimiser = painter.optimiser()
    for _ in range(250):  # a sixth of the recipe's
        index = torch.randint(len(images), (64,), generator=random)
        optimiser.zero_grad()
        painted = painter(soft_labels(labels[index]), random)
        (painted - images[index]).abs().mean().backward()
        optimiser.step()
    pixels, labels = draw_set(100, seed=5)
    seen = {tuple(label) for label in training_labels()}
    new = [i for i, label in enumerate(labels) if tuple(label) not in seen]
    unseen = to_images(pixels[new])
    nearest = torch.cdist(unseen.flatten(1), images.flatten(1), p=1).argmin(1)
    with torch.no_grad():
        painted = painter(soft_labels(torch.from_numpy(labels[new])))
    assert wrong_pixels(painted, unseen) < 0.25 * wrong_pixels(images[nearest], unseen)


def test_the_painter_learns_first_and_the_generator_from_it():
    trainer = Trainer(PAINTED, drawn()[0], labels=drawn()[1])
    parts = {name: getattr(trainer, name) for name in ("painter", "generator", "colour")}
    moved = []
    while trainer.iteration < PAINTED.iterations:
        before = {name: [p.clone() for p in part.parameters()] for name, part in parts.items()}
        log = trainer.step()
        moved.append(
            {
                name
                for name, part in parts.items()
                if not all(map(torch.equal, before[name], part.parameters()))
            }
        )
    painting, start = PAINTED.painter_iterations, PAINTED.start_iterations
    assert moved[:painting] == [{"painter"}] * painting
    assert moved[painting : painting + start] == [{"generator"}] * start
    assert moved[painting + start :] == [{"generator", "colour"}] * (10 - painting - start)
    assert "redraw" in log


@pytest.mark.parametrize("recipe", [PAINTED, SMALL], ids=["painted", "fitted"])
def test_rates_fall_through_a_start_that_is_painted_and_after_one_that_is_fitted(recipe):
    images, labels = drawn()
    trainer = Trainer(replace(recipe, schedule=9), images, labels=labels)
    rates = []
    while trainer.iteration < recipe.iterations:
        trainer.step()
        rates.append(trainer.optimisers["generator"].param_groups[0]["lr"])
    if recipe is PAINTED:
        painting, rates = rates[: recipe.painter_iterations], rates[recipe.painter_iterations :]
        assert painting[0] > painting[1]  # the painter's own fall
    else:
        start, rates = rates[: recipe.start_iterations], rates[recipe.start_iterations :]
        assert start == [recipe.generator_rate] * len(start)
    assert rates[0] == recipe.generator_rate
    assert all(before > after for before, after in itertools.pairwise(rates))
    assert rates[-1] == pytest.approx(recipe.final_rate * recipe.generator_rate)


def test_the_generator_learns_what_its_latents_carry():
    labels = torch.arange(20)[:, None] % 2
    images = torch.where(labels[:, :, None, None] > 0, 0.8, -0.8).expand(-1, 3, 32, 32).contiguous()
    recipe = replace(
        PAINTED, painter_iterations=20, start_iterations=60, iterations=90, generator_rate=0.01
    )
    trainer = Trainer(replace(recipe, batch=16, ema=0.9), images, labels=labels)
    while trainer.iteration < recipe.iterations:
        trainer.step()
    checkpoint = trainer.checkpoint()
    assert checkpoint.latents == "signs"
    z = torch.from_numpy(to_float(draw_z(64, 3, "signs")))
    avatars = checkpoint.generator().rgb(z, checkpoint.v1, checkpoint.v2)
    bright = avatars.mean((1, 2, 3)) > 0
    assert torch.equal(bright, carried_labels(z, (2,))[:, 0] == 1)


def test_a_painted_run_resumes_where_it_stopped(tmp_path):
    images, labels = drawn()
    whole = Trainer(PAINTED, images, labels=labels)
    while whole.iteration < PAINTED.iterations:
        whole.step()
    parts = Trainer(PAINTED, images, labels=labels)
    for stop in (1, 4, 7, 10):  # the painter learns; the start; the game; the end
        while parts.iteration < stop:
            parts.step()
        run_folder.create(tmp_path / str(stop), PAINTED)
        run_folder.save(tmp_path / str(stop), parts, None)
        state = run_folder.read_state(tmp_path / str(stop))
        parts = Trainer(PAINTED, images, labels=labels)
        run_folder.restore(tmp_path / str(stop), parts, state)
    for name, weights in whole.average.state_dict().items():
        assert torch.equal(weights, parts.average.state_dict()[name]), name


def test_without_labels_latents_are_normal():
    images, labels = drawn()
    assert Trainer(SMALL, images, labels=labels).checkpoint().latents == "normal"
    with pytest.raises(ValueError, match="needs images with labels"):
        Trainer(PAINTED, images)
