# SPDX-License-Identifier: Apache-2.0
"""A learner short of labels, with and without generated avatars (paper, section 2).

The learner is the attribute reader of metrics/classifier.py (seven questions an avatar), with a few
dozen labelled avatars out of the training set. Generated avatars have no labels, so they get
pseudo-labels: the learner is trained once without them (the teacher), the teacher reads them, and a
second learner is trained on both. Answers below a confidence are left out, one by one.

    none             labelled avatars as they are
    geometric        shifted by up to two pixels, mirrored half of the time
    gan              none, plus generated avatars with labels of the "none" teacher
    codes            none, plus generated avatars with labels by their codes (conditional.py)
    geometric + gan  geometric, plus generated avatars with labels of the "geometric" teacher
    geometric + codes, geometric + real
                     the same with labels by codes, and with fresh *real* avatars and labels of the
                     teacher: what a perfect generator would bring
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice

import numpy as np
import torch
from torch.utils.data import DataLoader

from dcgan.core.images import as_float_images, planes_first
from dcgan.core.renderer import Renderer
from dcgan.data.labels import one_hot
from dcgan.data.latent_code import LatentCode
from dcgan.data.training_set import DRAWN_COUNT, DRAWN_SEED
from dcgan.experiments.augmentation.conditional import conditional_labels
from dcgan.experiments.augmentation.learner import Setting, pseudo_labels, teach
from dcgan.metrics import classifier
from dcgan.metrics.classifier import AttributeClassifier
from dcgan.metrics.reference_sets import FRESH_SEED, HELD_OUT_SEED, drawn
from dcgan.render.stream import AvatarStream

ARMS = (
    *("none", "geometric", "gan", "codes"),
    *("geometric + gan", "geometric + codes", "geometric + real"),
)


def arms_of(code: LatentCode | None) -> tuple[str, ...]:
    """The arms that there are for a Generator whose latents code attributes, or do not."""
    return tuple(arm for arm in ARMS if code is not None or not arm.endswith("codes"))


def stream_pool(render: Renderer, count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """``count`` avatars off the stream, as a learner would take them, and their latents.

    uint8 [N, 3, 32, 32], int8 [N, 100].
    """
    loader = DataLoader(AvatarStream(render, seed, count, batch=50), batch_size=50)
    images, latents = zip(*islice(loader, -(-count // 50)), strict=True)
    return torch.cat(images).numpy(), torch.cat(latents).numpy()


def experiment(
    render: Renderer,
    setting: Setting,
    code: LatentCode | None = None,
    advance: Callable[[int], object] = lambda _: None,
) -> list[dict]:
    """One row an arm and a seed: accuracy on held-out avatars (mean over the seven attributes).

    `code` is how latents of `render` code attributes, if they do. All arms of a seed share the
    labelled avatars, the initial weights and the order of batches.
    """
    test, answers = drawn(setting.test, HELD_OUT_SEED)
    answers = torch.from_numpy(answers)
    pixels, labels = classifier.draw_set(DRAWN_COUNT, DRAWN_SEED)
    train, truth = as_float_images(planes_first(pixels)), torch.from_numpy(labels)
    targets = one_hot(truth)
    real = drawn(setting.pool, FRESH_SEED)[0]
    rows = []
    for seed in range(setting.seeds):
        chosen = np.random.Generator(np.random.PCG64([seed, 11])).permutation(DRAWN_COUNT)
        chosen = torch.from_numpy(chosen[: setting.labels])
        generated = stream_pool(render, setting.pool, seed)
        learners: dict[str, AttributeClassifier] = {}
        for arm in arms_of(code):
            geometric, pool, sure = arm.startswith("geometric"), None, None
            if arm.endswith("codes"):
                known = (train[chosen], truth[chosen])
                guessed, sure = conditional_labels(code, generated, known, setting, seed)
                pool = (as_float_images(generated[0]), guessed)
            elif arm.endswith(("gan", "real")):
                images = generated[0] if arm.endswith("gan") else real
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
    by_arm: dict[str, list[float]] = {}
    for row in rows:
        by_arm.setdefault(row["arm"], []).append(row["accuracy"])
    result = []
    for arm, values in by_arm.items():
        entry = {"arm": arm, "accuracy": float(np.mean(values)), "error": _standard_error(values)}
        entry["seeds"] = len(values)
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
    """The sign of a gain, said only where two standard errors allow it, and never of one seed."""
    gain, error = 100 * entry["gain"], 100 * entry["gain_error"]
    if entry["seeds"] < 2 or abs(gain) <= 2 * error:
        word = "makes no difference that can be told from chance"
    else:
        word = "helps" if gain > 0 else "harms"
    return f"{entry['arm']} {word}: {gain:+.1f} ± {error:.1f} points over {entry['over']}"


def _standard_error(values) -> float:
    return float(np.std(values, ddof=1) / np.sqrt(len(values))) if len(values) > 1 else 0.0
