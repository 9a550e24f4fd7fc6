# SPDX-License-Identifier: Apache-2.0
"""The tidier learns from 275 images what other avatars look like; training then uses it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from dcgan import run_folder
from dcgan.avatars import draw_set
from dcgan.classifier import SIZES, soft_labels
from dcgan.data import training_images, training_labels
from dcgan.pictures import to_images
from dcgan.tidy import Tidier
from dcgan.training import Trainer
from small import SMALL

TIDYING = replace(SMALL, schedule=5, tidy_learning=2, tidy_weight=1.0, tidy_round=2, tidy_strict=1)


@pytest.fixture(scope="module")
def taught() -> Tidier:
    """A tidier that has learnt from the training set for a sixth of the recipe's time."""
    images, labels = to_images(training_images()), torch.from_numpy(training_labels())
    random = torch.Generator().manual_seed(0)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        tidier = Tidier(SIZES)
    optimiser = tidier.optimiser()
    for _ in range(250):
        index = torch.randint(len(images), (32,), generator=random)
        optimiser.zero_grad()
        torch.stack(
            tuple(tidier.losses(images[index], labels[index], random).values())
        ).sum().backward()
        optimiser.step()
    return tidier.requires_grad_(False)


@pytest.fixture(scope="module")
def unseen() -> tuple[torch.Tensor, torch.Tensor]:
    """Avatars that are not in the training set, and their labels."""
    pixels, labels = draw_set(100, seed=5)
    seen = {tuple(label) for label in training_labels()}
    new = [i for i, label in enumerate(labels) if tuple(label) not in seen]
    return to_images(pixels[new]), torch.from_numpy(labels[new])


def wrong_pixels(ours: torch.Tensor, theirs: torch.Tensor) -> float:
    """Mean number of pixels an avatar that are more than 60 grey levels off."""
    return float((127.5 * (ours - theirs).abs().amax(1) > 60).flatten(1).sum(1).float().mean())


def test_the_painter_paints_avatars_it_has_never_seen(taught, unseen):
    images, labels = unseen
    training = to_images(training_images())
    nearest = torch.cdist(images.flatten(1), training.flatten(1), p=1).argmin(1)
    painted = wrong_pixels(taught.painter(soft_labels(labels)), images)
    assert painted < 0.25 * wrong_pixels(training[nearest], images)


def test_a_ghost_goes_and_the_avatar_stays(taught, unseen):
    images, _ = unseen
    ghostly = torch.lerp(images, images.roll(1, 0), 0.25)
    wanted = torch.cat([torch.full((size,), 1 / size) for size in SIZES])
    tidied = taught(ghostly, ghostly, wanted)
    assert wrong_pixels(tidied, images) < wrong_pixels(tidied, images.roll(1, 0)) / 3


def test_what_was_drawn_before_counts(taught, unseen):
    images, _ = unseen
    fading = torch.lerp(images, images.roll(1, 0), 0.5)
    wanted = torch.cat([torch.full((size,), 1 / size) for size in SIZES])
    towards = wrong_pixels(taught(fading, images, wanted), images)
    away = wrong_pixels(taught(fading, images.roll(1, 0), wanted), images)
    assert towards < away / 3


def test_what_is_read_too_often_is_read_less_readily():
    torch.manual_seed(0)
    tidier, image = Tidier((3, 2)), torch.zeros(4, 3, 32, 32)
    wanted = torch.tensor([0.4, 0.3, 0.3, 0.5, 0.5])
    painted = {tuple(tidier(image, image, wanted)[0].flatten().tolist()) for _ in range(200)}
    assert len(painted) >= 3  # the very same image, read as something else now and then
    assert torch.allclose(tidier.usage, wanted, atol=0.15)


def test_tidying_resumes_where_it_stopped(tmp_path):
    images, labels = to_images(draw_set(20, seed=0)[0]), torch.from_numpy(draw_set(20, seed=0)[1])
    whole = Trainer(TIDYING, images, labels=labels)
    for _ in range(whole.last):
        log = whole.step()
    assert "untidy" in log
    parts = Trainer(TIDYING, images, labels=labels)
    for stop in (6, 9, 10):  # the tidier learns; tidying; the end
        while parts.iteration < stop:
            parts.step()
        run_folder.create(tmp_path / str(stop), TIDYING)
        run_folder.save(tmp_path / str(stop), parts, None)
        state = run_folder.read_state(tmp_path / str(stop))
        parts = Trainer(TIDYING, images, labels=labels)
        run_folder.restore(tmp_path / str(stop), parts, state)
    for name, weights in whole.average.state_dict().items():
        assert torch.equal(weights, parts.average.state_dict()[name]), name


def test_only_the_generator_is_drawn_to_what_is_tidy():
    images, labels = to_images(draw_set(20, seed=0)[0]), torch.from_numpy(draw_set(20, seed=0)[1])
    trainer = Trainer(TIDYING, images, labels=labels)
    while trainer.iteration < TIDYING.schedule:
        trainer.step()
    generator = [p.clone() for p in trainer.generator.parameters()]
    reader = [p.clone() for p in trainer.tidier.parameters()]
    trainer.step()
    assert all(map(torch.equal, generator, trainer.generator.parameters()))
    assert not any(map(torch.equal, reader, trainer.tidier.parameters()))
    trainer.step()
    reader = [p.clone() for p in trainer.tidier.parameters()]
    trainer.step()
    assert not any(map(torch.equal, generator, trainer.generator.parameters()))
    assert all(map(torch.equal, reader, trainer.tidier.parameters()))


def test_every_round_begins_with_what_is_drawn_by_then():
    images, labels = to_images(draw_set(20, seed=0)[0]), torch.from_numpy(draw_set(20, seed=0)[1])
    trainer = Trainer(TIDYING, images, labels=labels)
    rates, renewed, forgotten = [], [], []
    while trainer.iteration < trainer.last:
        average = [p.clone() for p in trainer.average.parameters()]
        trainer.step()
        rates.append(trainer.optimisers["generator"].param_groups[0]["lr"])
        renewed.append(all(map(torch.equal, average, trainer.untidied.parameters())))
        forgotten.append(bool(trainer.tidier.usage.max() < 1))
        trainer.tidier.usage.fill_(2)
    assert renewed[7:] == forgotten[7:] == [True, False, True]
    assert rates[7] == rates[9] == TIDYING.generator_rate > rates[8]


def test_shorter_tidying_is_the_beginning_of_longer_tidying():
    images, labels = to_images(draw_set(20, seed=0)[0]), torch.from_numpy(draw_set(20, seed=0)[1])
    shorter = Trainer(replace(TIDYING, iterations=9), images, labels=labels)
    longer = Trainer(TIDYING, images, labels=labels)
    while shorter.iteration < shorter.last:
        assert shorter.step() == longer.step()


def test_without_labels_training_ends_with_the_schedule():
    images = to_images(draw_set(20, seed=0)[0])
    assert Trainer(TIDYING, images).last == TIDYING.schedule
    labels = torch.from_numpy(np.zeros((20, 7), np.int64))
    assert Trainer(replace(TIDYING, tidy_weight=0.0), images, labels=labels).last == 5
    assert Trainer(TIDYING, images, labels=labels).last == TIDYING.iterations
