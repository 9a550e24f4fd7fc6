# SPDX-License-Identifier: Apache-2.0
"""A learner short of labels, with and without generated avatars (paper, section 2).

The learner is the attribute reader of metrics/classifier.py (seven questions an avatar), with a few
dozen labelled avatars out of the training set. Generated avatars have no labels, so they get
pseudo-labels: the learner is trained once without them (the teacher), the teacher reads them, and a
second learner is trained on both. Answers below a confidence are left out, one by one.

    none             labelled avatars as they are
    geometric        shifted by up to two pixels, mirrored half of the time
    gan              none, plus generated avatars with labels of the "none" teacher
    geometric + gan  geometric, plus generated avatars with labels of the "geometric" teacher
    geometric + real the same with fresh *real* avatars: what a perfect generator would bring
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader

from dcgan.core.images import as_float_images, planes_first
from dcgan.core.renderer import Renderer
from dcgan.data.labels import SIZES, one_hot
from dcgan.data.training_set import DRAWN_COUNT, DRAWN_SEED
from dcgan.metrics import classifier
from dcgan.metrics.classifier import AttributeClassifier
from dcgan.metrics.reference_sets import FRESH_SEED, HELD_OUT_SEED, drawn
from dcgan.render.stream import AvatarStream

ARMS = ("none", "geometric", "gan", "geometric + gan", "geometric + real")
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
) -> AttributeClassifier:
    """Train on float images with soft targets [N, 53]; ``pool`` is (images, targets) of generated
    avatars, where a head without an answer is all zeros and adds nothing to the loss.
    """
    random = torch.Generator().manual_seed(seed)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = AttributeClassifier()
    optimiser = torch.optim.AdamW(network.parameters(), 2e-3, weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 4e-3, total_steps=setting.iterations)
    extra = round(setting.batch * setting.share) if pool is not None else 0
    for _ in range(setting.iterations):
        index = torch.randint(len(images), (setting.batch - extra,), generator=random)
        x, y = images[index], targets[index]
        if pool is not None:
            index = torch.randint(len(pool[0]), (extra,), generator=random)
            x, y = torch.cat([x, pool[0][index]]), torch.cat([y, pool[1][index]])
        loss = classifier.loss(network(move(x, random) if geometric else x), y)
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


def stream_pool(render: Renderer, count: int, seed: int) -> np.ndarray:
    """``count`` avatars off the stream, as a learner would take them: uint8 [N, 3, 32, 32]."""
    loader = DataLoader(AvatarStream(render, seed, count, batch=50), batch_size=50)
    return torch.cat([images for images, _ in islice(loader, -(-count // 50))]).numpy()


def experiment(
    render: Renderer, setting: Setting, advance: Callable[[int], object] = lambda _: None
) -> list[dict]:
    """One row an arm and a seed: accuracy on held-out avatars (mean over the seven attributes).

    All arms of a seed share the labelled avatars, the initial weights and the order of batches.
    """
    test, answers = drawn(setting.test, HELD_OUT_SEED)
    answers = torch.from_numpy(answers)
    pixels, labels = classifier.draw_set(DRAWN_COUNT, DRAWN_SEED)
    train, targets = as_float_images(planes_first(pixels)), one_hot(torch.from_numpy(labels))
    real = drawn(setting.pool, FRESH_SEED)[0]
    rows = []
    for seed in range(setting.seeds):
        chosen = np.random.Generator(np.random.PCG64([seed, 11])).permutation(DRAWN_COUNT)
        chosen = torch.from_numpy(chosen[: setting.labels])
        generated = stream_pool(render, setting.pool, seed)
        learners: dict[str, AttributeClassifier] = {}
        for arm in ARMS:
            geometric, pool, sure = arm.startswith("geometric"), None, None
            if arm.endswith(("gan", "real")):
                images = generated if arm.endswith("gan") else real
                teacher = learners["geometric" if geometric else "none"]
                pseudo, sure = pseudo_labels(teacher, images, setting.confidence)
                pool = (as_float_images(images), pseudo)
            learner = teach(train[chosen], targets[chosen], setting, seed, geometric, pool)
            learners[arm] = learner
            found = classifier.accuracy(classifier.read(learner, test)[1], answers)
            rows.append(
                {
                    "arm": arm,
                    "seed": seed,
                    "accuracy": float(np.mean(list(found.values()))),
                    "attributes": found,
                    "sure": sure,
                }
            )
            advance(1)
    return rows


def summary(rows: list[dict]) -> list[dict]:
    """Mean and standard error of each arm, and of its gain over the same arm without avatars.

    Gains are differences within a seed, so that the choice of labelled avatars cancels.
    """
    by_arm = {arm: [r["accuracy"] for r in rows if r["arm"] == arm] for arm in ARMS}
    result = []
    for arm, values in by_arm.items():
        entry = {"arm": arm, "accuracy": float(np.mean(values)), "error": _standard_error(values)}
        base = arm.split(" + ")[0] if " + " in arm else ("none" if arm != "none" else None)
        if base is not None:
            gains = np.subtract(values, by_arm[base])
            entry |= {
                "over": base,
                "gain": float(gains.mean()),
                "gain_error": _standard_error(gains),
            }
        result.append(entry)
    return result


def verdict(entry: dict) -> str:
    """The sign of a gain, said only where two standard errors allow it."""
    gain, error = 100 * entry["gain"], 100 * entry["gain_error"]
    if abs(gain) <= 2 * error:
        word = "makes no difference that can be told from chance"
    else:
        word = "helps" if gain > 0 else "harms"
    return f"{entry['arm']} {word}: {gain:+.1f} ± {error:.1f} points over {entry['over']}"


def _standard_error(values) -> float:
    return float(np.std(values, ddof=1) / np.sqrt(len(values))) if len(values) > 1 else 0.0
