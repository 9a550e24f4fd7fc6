# SPDX-License-Identifier: Apache-2.0
"""Latents code labels, a teacher draws what they mean, and the Generator learns to draw it."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
import torch
from dcgan.core.images import to_images
from dcgan.core.latents import draw_z, to_float
from dcgan.data.avatars import draw_set
from dcgan.data.labels import SIZES, one_hot
from dcgan.data.training_set import training_images, training_labels
from dcgan.train import run_folder
from dcgan.train.teacher import Teacher
from dcgan.train.trainer import Trainer
from small import SMALL, TAUGHT, coded


def drawn(count: int = 20) -> tuple[torch.Tensor, torch.Tensor]:
    pixels, labels = draw_set(count, seed=0)
    return to_images(pixels), torch.from_numpy(labels)


def wrong_pixels(ours: torch.Tensor, theirs: torch.Tensor) -> float:
    """Mean number of pixels an avatar that are more than 60 grey levels off."""
    return float((127.5 * (ours - theirs).abs().amax(1) > 60).flatten(1).sum(1).float().mean())


def test_the_teacher_draws_avatars_it_has_never_seen():
    images, labels = to_images(training_images()), torch.from_numpy(training_labels())
    random = torch.Generator().manual_seed(0)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        teacher = Teacher(SIZES)
    optimiser = teacher.optimiser()
    for _ in range(250):  # a sixth of the recipe's
        index = torch.randint(len(images), (64,), generator=random)
        optimiser.zero_grad()
        shown = teacher(one_hot(labels[index]), random)
        (shown - images[index]).abs().mean().backward()
        optimiser.step()
    pixels, labels = draw_set(100, seed=5)
    seen = {tuple(label) for label in training_labels()}
    new = [i for i, label in enumerate(labels) if tuple(label) not in seen]
    unseen = to_images(pixels[new])
    nearest = torch.cdist(unseen.flatten(1), images.flatten(1), p=1).argmin(1)
    with torch.no_grad():
        shown = teacher(one_hot(torch.from_numpy(labels[new])))
    assert wrong_pixels(shown, unseen) < 0.25 * wrong_pixels(images[nearest], unseen)


def test_the_teacher_learns_first_and_the_generator_from_it():
    trainer = Trainer(TAUGHT, drawn()[0], codes=coded(drawn()[1]))
    parts = {name: getattr(trainer, name) for name in ("teacher", "generator", "colour")}
    moved = []
    while trainer.iteration < TAUGHT.iterations:
        before = {name: [p.clone() for p in part.parameters()] for name, part in parts.items()}
        log = trainer.step()
        moved.append(
            {
                name
                for name, part in parts.items()
                if not all(map(torch.equal, before[name], part.parameters()))
            }
        )
    teaching, start = TAUGHT.teacher_iterations, TAUGHT.pretraining_iterations
    assert moved[:teaching] == [{"teacher"}] * teaching
    assert moved[teaching : teaching + start] == [{"generator"}] * start
    assert moved[teaching + start :] == [{"generator", "colour"}] * (10 - teaching - start)
    assert "reconstruction" in log


@pytest.mark.parametrize("recipe", [TAUGHT, SMALL], ids=["taught", "fitted"])
def test_rates_fall_through_pretraining_on_a_teacher_and_after_pretraining_on_images(recipe):
    images, labels = drawn()
    codes = coded(labels) if recipe is TAUGHT else None
    trainer = Trainer(replace(recipe, schedule=9), images, codes=codes)
    rates = []
    while trainer.iteration < recipe.iterations:
        trainer.step()
        rates.append(trainer.optimisers["generator"].param_groups[0]["lr"])
    if recipe is TAUGHT:
        teaching, rates = rates[: recipe.teacher_iterations], rates[recipe.teacher_iterations :]
        assert teaching[0] > teaching[1]  # the teacher's own fall
    else:
        start, rates = (
            rates[: recipe.pretraining_iterations],
            rates[recipe.pretraining_iterations :],
        )
        assert start == [recipe.generator_rate] * len(start)
    assert rates[0] == recipe.generator_rate
    assert all(before > after for before, after in itertools.pairwise(rates))
    assert rates[-1] == pytest.approx(recipe.final_rate * recipe.generator_rate)


def test_the_generator_learns_what_its_latents_code():
    labels = torch.arange(20)[:, None] % 2
    images = torch.where(labels[:, :, None, None] > 0, 0.8, -0.8).expand(-1, 3, 32, 32).contiguous()
    recipe = replace(
        TAUGHT, teacher_iterations=20, pretraining_iterations=60, iterations=90, generator_rate=0.01
    )
    trainer = Trainer(replace(recipe, batch=16, ema=0.9), images, codes=coded(labels))
    while trainer.iteration < recipe.iterations:
        trainer.step()
    checkpoint = trainer.checkpoint()
    assert checkpoint.latents == "binary"
    z = torch.from_numpy(to_float(draw_z(64, 3)))
    avatars = checkpoint.generator().rgb(z, checkpoint.v1, checkpoint.v2)
    bright = avatars.mean((1, 2, 3)) > 0
    assert torch.equal(bright, trainer.code.attributes(z)[:, 0] == 1)


def test_a_taught_run_resumes_where_it_stopped(tmp_path):
    images, labels = drawn()
    whole = Trainer(TAUGHT, images, codes=coded(labels))
    while whole.iteration < TAUGHT.iterations:
        whole.step()
    parts = Trainer(TAUGHT, images, codes=coded(labels))
    for stop in (1, 4, 7, 10):  # the teacher; pretraining; adversarial; the end
        while parts.iteration < stop:
            parts.step()
        run_folder.create(tmp_path / str(stop), TAUGHT)
        run_folder.save(tmp_path / str(stop), parts, None)
        state = run_folder.read_state(tmp_path / str(stop))
        parts = Trainer(TAUGHT, images, codes=coded(labels))
        run_folder.restore(tmp_path / str(stop), parts, state)
    for name, weights in whole.average.state_dict().items():
        assert torch.equal(weights, parts.average.state_dict()[name]), name


def test_without_codes_latents_are_normal_and_who_wants_codes_gets_them_or_an_error():
    images, labels = drawn()
    assert Trainer(SMALL, images).checkpoint().latents == "normal"
    for recipe, codes in ((TAUGHT, None), (SMALL, coded(labels))):
        with pytest.raises(ValueError, match="codes go with a recipe"):
            Trainer(recipe, images, codes=codes)
