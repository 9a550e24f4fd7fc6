# SPDX-License-Identifier: Apache-2.0
"""A recipe that trains in a second, and a Generator that need not be trained."""

from __future__ import annotations

from dataclasses import replace

import torch
from dcgan.core.checkpoint import Checkpoint
from dcgan.core.latents import draw_v, to_float
from dcgan.core.networks import Generator, initialise_he
from dcgan.core.shapes import NetworkConfig
from dcgan.data.latent_code import LatentCode
from dcgan.train.codes import ImageCodes
from dcgan.train.recipe import RECIPES

SMALL = replace(
    RECIPES["normal"],
    network="tiny",
    batch=4,
    reconstructions=2,
    widths=(4, 8, 8),
    grey_widths=(4, 4, 8),
    pretraining_iterations=3,
    iterations=10,
)

TAUGHT = replace(SMALL, codes="labels", teacher_weight=400.0, teacher_iterations=2)
"""The same with labels, which `coded` makes codes of."""


def coded(labels: torch.Tensor) -> ImageCodes:
    """Labels int64 [N, attributes] with numbers for names."""
    sizes = [int(column.max()) + 1 for column in labels.T]
    names = {f"attribute{i}": [str(v) for v in range(size)] for i, size in enumerate(sizes)}
    return ImageCodes(labels, LatentCode.even(sizes), names)


def random_checkpoint(config: NetworkConfig, seed: int = 0) -> Checkpoint:
    """An untrained Generator (He weights), for tests that need shapes and not pictures."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        generator = Generator(config)
        initialise_he(generator)
    v1, v2 = torch.from_numpy(to_float(draw_v(seed, length=10.0)))
    return Checkpoint(config, generator.state_dict(), v1, v2, {"seed": seed, "recipe": "none"})
