"""What the networks are trained for. Logits are float [N]; every function returns a scalar."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

VISIBLE_RANGE = 3.3
"""Before Tanh. Beyond it a pixel is 0 or 255: 127.5 (1 - tanh 3.3) = 0.35."""


def discriminator_loss(
    kind: str, real: list[Tensor], fake: list[Tensor], local: float = 0.0
) -> Tensor:
    """How badly the logits tell real from fake; every head but the first counts `local` times.

    "bce"           binary cross-entropy, real = 1 and fake = 0 (paper, Algorithm 1)
    "relativistic"  softplus(-(real - fake)): each real image against one fake (RpGAN)
    """
    if kind == "relativistic":
        losses = [functional.softplus(f - r).mean() for r, f in zip(real, fake, strict=True)]
    else:
        losses = [
            functional.softplus(-r).mean() + functional.softplus(f).mean()
            for r, f in zip(real, fake, strict=True)
        ]
    return _weighted(losses, local)


def generator_loss(kind: str, real: list[Tensor], fake: list[Tensor], local: float = 0.0) -> Tensor:
    """How badly the fakes fool the discriminator; "bce" is the non-saturating form (label 1)."""
    if kind == "relativistic":
        losses = [functional.softplus(r - f).mean() for r, f in zip(real, fake, strict=True)]
    else:
        losses = [functional.softplus(-f).mean() for f in fake]
    return _weighted(losses, local)


def _weighted(losses: list[Tensor], local: float) -> Tensor:
    """The loss of the whole image, and `local` times those of the patches."""
    return losses[0] + local * sum(losses[1:])


def gradient_penalty(images: Tensor, logits: list[Tensor], local: float = 0.0) -> Tensor:
    """Half the mean squared norm of d logit / d image: R1 on real images, R2 on fake ones.

    The places of a local head see different pixels, mostly, so the gradient of their sum over the
    square root of their number has their mean squared norm.
    """
    total = logits[0].sum()
    for head in logits[1:]:
        total = total + (local / head.shape[1]) ** 0.5 * head.sum()
    (gradient,) = torch.autograd.grad(total, images, create_graph=True)
    return 0.5 * gradient.square().flatten(1).sum(1).mean()


def overshoot_loss(x: Tensor) -> Tensor:
    """Mean square of what `x`, a map before Tanh, exceeds the range in which pixels differ.

    Black is -1, which Tanh only reaches at infinity: left alone, the last layer grows until
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


def jitter(images: Tensor, strength: float, generator: torch.Generator) -> Tensor:
    """Brightness, contrast and saturation of each image changed at random (DiffAugment)."""
    if strength == 0:
        return images
    count = len(images)
    light, contrast, saturation = (
        (2 * torch.rand(3, count, 1, 1, 1, generator=generator) - 1) * strength
    ).to(images.device)
    images = images + 0.5 * light
    grey = images.mean(1, keepdim=True)
    images = grey + (images - grey) * (1 + saturation)
    mean = images.mean((1, 2, 3), keepdim=True)
    return mean + (images - mean) * (1 + contrast)


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
