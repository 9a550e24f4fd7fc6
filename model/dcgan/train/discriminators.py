# SPDX-License-Identifier: Apache-2.0
"""One discriminator's turn: what it is shown, and what it loses (paper, 4.3.2 and 4.3.3).

colour   three planes stacked, against real RGB
grey     single planes, against planes (or the luminance) of real images
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from dcgan.core import losses
from dcgan.train.recipe import Recipe

PENALTY_EVERY = 4
"""Iterations between two R1 (and two R2) steps."""


def discriminate(
    name: str,
    network: nn.Module,
    real: Tensor,
    fake: Tensor,
    recipe: Recipe,
    iteration: int,
    random: torch.Generator,
) -> tuple[Tensor, Tensor]:
    """Loss of one discriminator, and its logits of the real images without gradient.

    `real` and `fake` are float [N, 3, 32, 32]; the logits are [N, 1].
    """
    mixed = losses.mixup_negatives(real, recipe.mixup_negatives, random)
    fake = torch.cat((fake.detach(), mixed))
    real = seen(name, real, recipe, random, real=True)
    fake = seen(name, fake, recipe, random, real=False)
    # R1 and R2 take turns, half a period apart.
    turn = iteration % PENALTY_EVERY if recipe.gradient_penalty else -1
    punish_real, punish_fake = turn == 0, turn == PENALTY_EVERY // 2
    real.requires_grad_(punish_real)
    fake.requires_grad_(punish_fake)
    real_logits, fake_logits = network(real), network(fake)
    # A mixture is judged against the real image that it began with.
    opposed = torch.cat((real_logits, real_logits[: recipe.mixup_negatives]))
    loss = losses.discriminator_loss(recipe.loss, opposed, fake_logits)
    strength = recipe.gradient_penalty * PENALTY_EVERY
    if punish_real:
        loss = loss + strength * losses.gradient_penalty(real, real_logits)
    if punish_fake:
        loss = loss + strength * losses.gradient_penalty(fake, fake_logits)
    return loss, real_logits.detach()


def seen(
    name: str, images: Tensor, recipe: Recipe, random: torch.Generator, *, real: bool
) -> Tensor:
    """What discriminator `name` is shown of `images` [N, 3, 32, 32]."""
    if name == "grey":
        images = _planes(images, recipe, random, real)
    return losses.translate(images, recipe.translation, random)


def _planes(images: Tensor, recipe: Recipe, random: torch.Generator, real: bool) -> Tensor:
    """Grey images [M, 1, 32, 32] for the grey discriminator."""
    if real and recipe.grey_reals == "luminance":
        weights = torch.tensor((0.299, 0.587, 0.114), device=images.device)
        return (images * weights[:, None, None]).sum(1, keepdim=True)
    if not real and recipe.grey_planes == "all":
        return images.flatten(0, 1)[:, None]
    planes = torch.randint(3, (len(images),), generator=random).to(images.device)
    return images[torch.arange(len(images), device=images.device), planes][:, None]
