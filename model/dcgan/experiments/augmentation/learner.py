# SPDX-License-Identifier: Apache-2.0
"""The learner: an attribute reader trained with few labelled avatars, and others if there are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from dcgan.data.labels import SIZES
from dcgan.metrics import classifier
from dcgan.metrics.classifier import AttributeClassifier

REACH = 2


@dataclass(frozen=True)
class Setting:
    """Sizes of the experiment. ``pool``: avatars without labels; ``share``: of them in a batch."""

    labels: int = 40
    seeds: int = 3
    iterations: int = 600
    batch: int = 32
    pool: int = 400
    share: float = 0.33
    confidence: float = 0.8
    test: int = 500


QUICK = Setting(labels=20, seeds=2, iterations=4, pool=60, test=100)


def move(images: Tensor, random: torch.Generator) -> Tensor:
    """Shift each image by -2..2 pixels (black comes in) and mirror half of them."""
    count, _, height, width = images.shape
    padded = torch.nn.functional.pad(images, (REACH,) * 4, value=-1.0)
    top, left = torch.randint(2 * REACH + 1, (2, count), generator=random)
    rows = top[:, None] + torch.arange(height)
    columns = left[:, None] + torch.arange(width)
    mirror = torch.rand(count, generator=random) < 0.5
    columns = torch.where(mirror[:, None], columns.flip(1), columns)
    each = torch.arange(count)[:, None, None]
    return padded[each, :, rows[:, :, None], columns[:, None, :]].permute(0, 3, 1, 2)


def teach(
    images: Tensor,
    targets: Tensor,
    setting: Setting,
    seed: int,
    geometric: bool,
    pool: tuple[Tensor, Tensor] | None = None,
    sizes: tuple[int, ...] = SIZES,
) -> AttributeClassifier:
    """Train on float images with soft targets [N, sum(sizes)]; ``pool`` is (images, targets) of
    generated avatars, where a head without an answer is all zeros and adds nothing to the loss.
    """
    random = torch.Generator().manual_seed(seed)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = AttributeClassifier(sizes)
    optimiser = torch.optim.AdamW(network.parameters(), 2e-3, weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 4e-3, total_steps=setting.iterations)
    extra = round(setting.batch * setting.share) if pool is not None else 0
    for _ in range(setting.iterations):
        index = torch.randint(len(images), (setting.batch - extra,), generator=random)
        x, y = images[index], targets[index]
        if pool is not None:
            index = torch.randint(len(pool[0]), (extra,), generator=random)
            x, y = torch.cat([x, pool[0][index]]), torch.cat([y, pool[1][index]])
        loss = classifier.loss(network(move(x, random) if geometric else x), y, sizes)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        optimiser.step()
        schedule.step()
    return network.eval().requires_grad_(False)


def pseudo_labels(
    teacher: AttributeClassifier, images: np.ndarray, confidence: float
) -> tuple[Tensor, float]:
    """Hard answers as one-hot targets [N, 53], zeros where unsure; the share of sure answers."""
    _, probabilities = classifier.read(teacher, images)
    parts, sure = [], []
    for head, size in zip(probabilities.split(SIZES, dim=1), SIZES, strict=True):
        top = head.max(dim=1)
        certain = (top.values >= confidence).float()
        parts.append(torch.nn.functional.one_hot(top.indices, size).float() * certain[:, None])
        sure.append(certain.mean())
    return torch.cat(parts, dim=1), float(torch.stack(sure).mean())
