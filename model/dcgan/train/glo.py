# SPDX-License-Identifier: Apache-2.0
"""GLO pretraining: every training image gets a latent of its own.

Generative Latent Optimization (Bojanowski et al. 2018): latents and Generator together learn to
reconstruct the images. Adversarial training goes on from there and keeps reconstructing a few of
them, so that no part of the training set is forgotten.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from dcgan.core.latents import LATENT

LATENT_RATE = 0.02
"""Learning rate of the latents."""
SHRINKAGE = 0.05
"""Share of the identity mixed into the covariance, which few images leave rank-deficient."""


class ImageLatents(nn.Module):
    """One learnt latent an image, whitened to the mean and covariance of N(0, I)."""

    def __init__(self, count: int, generator: torch.Generator) -> None:
        super().__init__()
        self.raw = nn.Parameter(torch.randn(count, LATENT, generator=generator))

    def forward(self, indices: Tensor) -> Tensor:
        """Latents of the images `indices`: [N] -> [N, 100]."""
        centred = self.raw - self.raw.mean(0)
        return centred[indices] @ self._whitening(centred.detach())

    @staticmethod
    def _whitening(centred: Tensor) -> Tensor:
        covariance = centred.T @ centred / len(centred)
        scale = covariance.diagonal().mean()
        identity = torch.eye(LATENT, device=centred.device)
        values, vectors = torch.linalg.eigh(
            (1 - SHRINKAGE) * covariance + SHRINKAGE * scale * identity
        )
        return vectors * values.clamp_min(1e-6).rsqrt() @ vectors.T
