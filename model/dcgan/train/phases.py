# SPDX-License-Identifier: Apache-2.0
"""The three kinds of iteration: the teacher learns, pretraining, Algorithm 1.

Each function is one iteration: it draws from `random`, takes the optimiser steps of its phase and
returns the losses to log. Phases without a teacher draw no labels.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor

from dcgan.core import losses
from dcgan.data.labels import one_hot
from dcgan.train.discriminators import discriminate, seen

if TYPE_CHECKING:
    from dcgan.train.trainer import Trainer

RECONSTRUCTION_WEIGHT = 10.0


def teacher_step(trainer: Trainer, random: torch.Generator) -> dict[str, Tensor]:
    """The teacher learns to draw training images from their labels."""
    indices = torch.randint(len(trainer.images), (2 * trainer.recipe.batch,), generator=random)
    indices = indices.to(trainer.device)
    labels = one_hot(trainer.labels[indices], trainer.code.sizes)
    drawn = trainer.teacher(labels, random)
    log = {"teacher": (drawn - trainer.images[indices]).abs().mean()}
    trainer.descend("teacher", log["teacher"], trainer.teacher)
    return log


def pretraining_step(trainer: Trainer, random: torch.Generator) -> dict[str, Tensor]:
    """Fit the Generator to what it ought to draw, and latents too where that is training images."""
    recipe = trainer.recipe
    if trainer.teacher is not None:
        z, fitted = trainer.latents(recipe.batch, random), None
        goals = taught(trainer, z)
    else:
        indices = torch.randint(len(trainer.images), (recipe.batch,), generator=random)
        indices = indices.to(trainer.device)
        z, fitted = trainer.image_latents(indices), ("image_latents", trainer.image_latents)
        goals = trainer.images[indices]
    fake, hidden = trainer.draw(z)
    reconstruction = (fake - goals).square().mean()
    density = losses.density_loss(hidden[:-1], recipe.density)
    total = reconstruction + 0.1 * recipe.density_weight * density
    total = total + recipe.pre_tanh_penalty * losses.pre_tanh_penalty(hidden[-1])
    trainer.descend("generator", total, trainer.generator, extra=fitted)
    return {"reconstruction": reconstruction, "density": density}


def adversarial_step(trainer: Trainer, random: torch.Generator) -> dict[str, Tensor]:
    """Algorithm 1: the discriminators learn, then the Generator does, on the same fakes."""
    recipe = trainer.recipe
    kept = 0 if trainer.teacher is not None else recipe.reconstructions
    real_indices = torch.randint(len(trainer.images), (recipe.batch,), generator=random)
    real = trainer.images[real_indices.to(trainer.device)]
    z = trainer.latents(recipe.batch, random)
    kept_indices = torch.randint(len(trainer.images), (kept,), generator=random)
    kept_indices = kept_indices.to(trainer.device)
    if kept:
        with torch.no_grad():
            z = torch.cat((z, trainer.image_latents(kept_indices)))
    drawn, hidden = trainer.draw(z)
    fake, reconstructed = drawn[: recipe.batch], drawn[recipe.batch :]

    total = torch.zeros((), device=trainer.device)
    real_logits = {}
    for name, network in trainer.discriminators():
        loss, real_logits[name] = discriminate(
            name, network, real, fake, recipe, trainer.iteration, random
        )
        total = total + loss
    trainer.descend("discriminators", total, trainer.colour, trainer.grey)
    log = {"discriminators": total}

    total = torch.zeros((), device=trainer.device)
    for name, network in trainer.discriminators():
        shown = seen(name, fake, recipe, random, real=False)
        network.requires_grad_(False)
        log[name] = losses.generator_loss(recipe.loss, real_logits[name], network(shown))
        network.requires_grad_(True)
        total = total + log[name]
    log["density"] = losses.density_loss(hidden[:-1], recipe.density)
    log["pre_tanh"] = losses.pre_tanh_penalty(hidden[-1])
    total = total + recipe.density_weight * log["density"]
    total = total + recipe.pre_tanh_penalty * log["pre_tanh"]
    if kept:
        log["reconstruction"] = (reconstructed - trainer.images[kept_indices]).square().mean()
        total = total + RECONSTRUCTION_WEIGHT * log["reconstruction"]
    if trainer.teacher is not None:
        log["reconstruction"] = (fake - taught(trainer, z)).square().mean()
        total = total + recipe.teacher_weight * log["reconstruction"]
    trainer.descend("generator", total, trainer.generator)
    return log


@torch.no_grad()
def taught(trainer: Trainer, z: Tensor) -> Tensor:
    """What the teacher draws of the labels that `z` codes: [N, 100] -> [N, 3, 32, 32]."""
    return trainer.teacher(one_hot(trainer.code.attributes(z), trainer.code.sizes))
