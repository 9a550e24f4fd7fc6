# SPDX-License-Identifier: Apache-2.0
"""Losses of Generator and discriminators, and augmentation of what discriminators see.

Logits are [N, 1].
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

VISIBLE_RANGE = 3.3
"""Before Tanh. Beyond it a pixel is 0 or 255: 127.5 (1 - tanh 3.3) = 0.35."""


def discriminator_loss(kind: str, real: Tensor, fake: Tensor) -> Tensor:
    """How badly the logits tell real from fake.

    "bce"           binary cross-entropy, real = 1 and fake = 0 (paper, Algorithm 1)
    "relativistic"  softplus(-(real - fake)): each real image against one fake (RpGAN)
    """
    if kind == "relativistic":
        return functional.softplus(fake - real).mean()
    return functional.softplus(-real).mean() + functional.softplus(fake).mean()


def generator_loss(kind: str, real: Tensor, fake: Tensor) -> Tensor:
    """How badly the fakes fool the discriminator; "bce" is the non-saturating form (label 1)."""
    return functional.softplus(real - fake if kind == "relativistic" else -fake).mean()


def gradient_penalty(images: Tensor, logits: Tensor) -> Tensor:
    """Half the mean squared norm of d logit / d image: R1 on real images, R2 on fake ones."""
    (gradient,) = torch.autograd.grad(logits.sum(), images, create_graph=True)
    return 0.5 * gradient.square().flatten(1).sum(1).mean()


def pre_tanh_penalty(x: Tensor) -> Tensor:
    """Mean square of what `x`, a map before Tanh, exceeds the range in which pixels differ.

    Black is -1, which Tanh only reaches at infinity: without the penalty the last layer grows until
    values reach -65, and 8-bit weights that span those have no precision left for the others.
    """
    return torch.relu(x.abs() - VISIBLE_RANGE).square().mean()


def saturation_loss(hidden: list[Tensor]) -> Tensor:
    """Mean square of what maps exceed their range, 1, summed over the maps."""
    return torch.stack([torch.relu(x - 1).square().mean() for x in hidden]).sum()


def density_loss(hidden: list[Tensor], wanted: float) -> Tensor:
    """Excess of each map's share of positive values over `wanted`, squared and summed.

    The share is made smooth by a sigmoid a quarter of a standard deviation wide. Zeros after ReLU
    are multiplications that the hardware skips.
    """
    excess = []
    for x in hidden:
        x = x[::3]  # a third of the planes, of all three colours
        share = torch.sigmoid(x * (4.0 / (x.detach().std() + 1e-6))).mean()
        excess.append(torch.relu(share - wanted))
    return torch.stack(excess).square().sum()


def mixup_negatives(images: Tensor, count: int, generator: torch.Generator) -> Tensor:
    """The first `count` images, each mixed with the next one by shares that drift over the picture.

    Mixtures of two real images are fakes that look like what a Generator draws half-way between two
    hair styles or accessories. [N, C, H, W] -> [min(count, N), C, H, W].
    """
    first, second = images[:count], images.roll(-1, 0)[:count]
    return torch.lerp(first, second, (2 * drifting_shares(first, generator) - 0.5).clamp(0, 1))


def drifting_shares(images: Tensor, generator: torch.Generator) -> Tensor:
    """Random numbers 0..1 that drift over each picture: [N, C, H, W] -> [N, 1, H, W].

    They are left-right symmetric: asymmetry alone must not give a mixture away.
    """
    half = torch.rand(len(images), 1, 4, 2, generator=generator)
    shares = functional.interpolate(
        torch.cat((half, half.flip(-1)), -1), images.shape[2:], mode="bilinear"
    )
    return shares.to(images.device)


def translate(images: Tensor, largest: int, generator: torch.Generator) -> Tensor:
    """Each image shifted by up to `largest` pixels each way, filled with black (DiffAugment).

    Both discriminators see real and fake images this way, against memorising 275 images.
    [N, C, H, W] -> the same shape, differentiable.
    """
    if largest == 0:
        return images
    count, channels, height, width = images.shape
    padded = functional.pad(images, (largest,) * 4, value=-1.0)
    top, left = torch.randint(0, 2 * largest + 1, (2, count, 1), generator=generator)
    rows = top + torch.arange(height)  # [N, H]
    columns = left + torch.arange(width)  # [N, W]
    source = rows[:, :, None] * (width + 2 * largest) + columns[:, None, :]
    source = source.reshape(count, 1, -1).expand(-1, channels, -1).to(images.device)
    return padded.flatten(2).gather(2, source).view_as(images)
