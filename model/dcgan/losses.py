"""What the networks are trained for. Logits are float [N]; every function returns a scalar."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional


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
    if kind == "relativistic":
        return functional.softplus(real - fake).mean()
    return functional.softplus(-fake).mean()


def gradient_penalty(images: Tensor, logits: Tensor) -> Tensor:
    """Half the mean squared norm of d logit / d image: R1 on real images, R2 on fake ones."""
    (gradient,) = torch.autograd.grad(logits.sum(), images, create_graph=True)
    return 0.5 * gradient.square().flatten(1).sum(1).mean()


def density_loss(hidden: list[Tensor], wanted: float) -> Tensor:
    """Excess of each map's share of positive values over `wanted`, squared and summed.

    The share is made smooth by a sigmoid a quarter of a standard deviation wide. Zeros after ReLU
    are multiplications that the hardware skips.
    """
    excess = [
        torch.relu(torch.sigmoid(4.0 * x / (x.detach().std() + 1e-6)).mean() - wanted)
        for x in hidden
    ]
    return torch.stack(excess).square().sum()


def translate(images: Tensor, largest: int, generator: torch.Generator) -> Tensor:
    """Each image shifted by up to `largest` pixels each way, filled with black (DiffAugment).

    Both discriminators see real and fake images this way, so that 275 images are not learnt by
    heart. [N, C, H, W] -> the same shape, differentiable.
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
