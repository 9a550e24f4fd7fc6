# SPDX-License-Identifier: Apache-2.0
"""The Generator's graph trained without a discriminator: as L2 regression and as a VAE.

    regression   every training image owns a latent; latents and network reconstruct the images
                 (Generative Latent Optimization, Bojanowski et al. 2018). Fresh z ~ N(0, I).
    VAE          an encoder proposes N(mu, sigma^2) for an image, the network reconstructs it from a
                 sample, and mu, sigma are pulled to N(0, I) (Kingma and Welling 2014).

Both minimise a pixel distance. Where a latent lies between images, the pixel-wise best answer is
their average, and averages are blurred (paper, sections 2 and 4.5.1); this experiment measures
how much. Colour comes from the same v1 and v2 as in the GAN.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from dcgan.core.images import psnr_of
from dcgan.core.latents import LATENT, to_float
from dcgan.core.networks import Generator, NormalisedGenerator, plane_inputs, stack_planes
from dcgan.core.shapes import NetworkConfig
from dcgan.train.glo import ImageLatents

RATE = 2e-3
LATENT_RATE = 0.02
BETAS = (0.9, 0.99)
CALIBRATION = 8
Step = Callable[[int], object]


@dataclass(frozen=True)
class Fit:
    """A trained decoder: plain Generator, its v [2, 100] float, PSNR of the training images."""

    generator: Generator
    v: Tensor
    psnr: float

    @torch.no_grad()
    def render(self, z: np.ndarray) -> np.ndarray:
        """int8 [N, 100] -> uint8 [N, 3, 32, 32]."""
        image = self.generator.rgb(torch.from_numpy(to_float(z)), *self.v)
        return torch.floor(image * 127.5 + 128).clamp(0, 255).to(torch.uint8).numpy()


class Encoder(nn.Module):
    """float [N, 3, 32, 32] -> mean and log variance of z, [N, 100] each: a mirrored Generator."""

    def __init__(self, widths: tuple[int, int, int] = (32, 64, 128)) -> None:
        super().__init__()
        blocks: list[nn.Module] = []
        for fan, width in zip((3, *widths[:-1]), widths, strict=True):
            blocks += [nn.Conv2d(fan, width, 4, 2, 1), nn.BatchNorm2d(width), nn.LeakyReLU(0.2)]
        self.body = nn.Sequential(*blocks, nn.Flatten())
        self.head = nn.Linear(widths[-1] * 16, 2 * LATENT)

    def forward(self, images: Tensor) -> tuple[Tensor, Tensor]:
        mean, log_variance = self.head(self.body(images)).chunk(2, dim=1)
        return mean, log_variance.clamp(-10, 4)


def _draw(network: NormalisedGenerator, z: Tensor, v: Tensor) -> Tensor:
    return stack_planes(network(plane_inputs(z, *v)))


def _networks(config: NetworkConfig, seed: int) -> tuple[NormalisedGenerator, Encoder]:
    """Freshly initialised, the same for the same seed; PyTorch's global state is left alone."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return NormalisedGenerator(config), Encoder()


def _finish(network: NormalisedGenerator, v: Tensor, latents: Callable, images: Tensor) -> Fit:
    """Fold batch norm with statistics of the latents it will be used on; measure the PSNR."""
    network.measure(plane_inputs(z, *v) for z in latents())
    plain = network.folded().eval().requires_grad_(False)
    with torch.no_grad():
        z = torch.cat(list(latents()))[: len(images)]
        error = (plain.rgb(z, *v) - images[: len(z)]).square().mean()
    return Fit(plain, v, psnr_of(float(error), peak=2.0))


def fit_regression(
    config: NetworkConfig,
    images: Tensor,
    v: Tensor,
    iterations: int,
    batch: int = 32,
    seed: int = 0,
    step: Step = lambda _: None,
) -> Fit:
    """L2 regression on float images [N, 3, 32, 32] with a learnt, whitened latent for each.

    The latents have the mean and covariance of N(0, I), so that fresh z come from where they lie.
    ``step`` is told the number of iterations done.
    """
    random = torch.Generator().manual_seed(seed)
    network, _ = _networks(config, seed)
    image_latents = ImageLatents(len(images), random)
    optimiser = torch.optim.Adam(
        [
            {"params": network.parameters(), "lr": RATE},
            {"params": image_latents.parameters(), "lr": LATENT_RATE},
        ],
        betas=BETAS,
    )
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, iterations)
    for iteration in range(iterations):
        index = torch.randint(len(images), (batch,), generator=random)
        loss = (_draw(network, image_latents(index), v) - images[index]).square().mean()
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        optimiser.step()
        schedule.step()
        step(iteration + 1)
    with torch.no_grad():
        final = image_latents(torch.arange(len(images)))
    return _finish(network, v, lambda: iter([final]), images)


def fit_vae(
    config: NetworkConfig,
    images: Tensor,
    v: Tensor,
    iterations: int,
    batch: int = 32,
    seed: int = 0,
    noise: float = 0.25,
    step: Step = lambda _: None,
) -> Fit:
    """VAE with Gaussian likelihood of standard deviation ``noise`` (in [-1, 1] units): the loss is
    |x - G(z)|^2 / (2 noise^2) + KL(N(mu, sigma^2) | N(0, I)), a sum over pixels and latents.
    """
    random = torch.Generator().manual_seed(seed)
    network, encoder = _networks(config, seed)
    optimiser = torch.optim.Adam([*network.parameters(), *encoder.parameters()], RATE, BETAS)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, iterations)
    for iteration in range(iterations):
        index = torch.randint(len(images), (batch,), generator=random)
        mean, log_variance = encoder(images[index])
        z = mean + (log_variance / 2).exp() * torch.randn(mean.shape, generator=random)
        error = (_draw(network, z, v) - images[index]).square().flatten(1).sum(1).mean()
        divergence = 0.5 * (mean.square() + log_variance.exp() - 1 - log_variance).sum(1).mean()
        loss = error / (2 * noise**2) + divergence
        optimiser.zero_grad(set_to_none=True)
        (loss / images[0].numel()).backward()
        optimiser.step()
        schedule.step()
        step(iteration + 1)
    encoder.eval()
    with torch.no_grad():
        means = encoder(images)[0]
    plain = _finish(network, v, lambda: _prior(seed), images)
    with torch.no_grad():
        error = (plain.generator.rgb(means, *v) - images).square().mean()
    return Fit(plain.generator, v, psnr_of(float(error), peak=2.0))


def _prior(seed: int):
    """Batches of N(0, I), for batch norm statistics of a network that is sampled from the prior."""
    random = torch.Generator().manual_seed(seed + 1)
    for _ in range(CALIBRATION):
        yield torch.randn(128, LATENT, generator=random)
