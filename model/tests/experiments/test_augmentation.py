# SPDX-License-Identifier: Apache-2.0
"""The augmentation experiment: its parts, and that it is repeatable."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from dcgan.core.images import as_float_images
from dcgan.core.latents import LATENT
from dcgan.data.labels import SIZES
from dcgan.data.latent_code import LatentCode
from dcgan.experiments.augmentation.arms import ARMS, arms_of, experiment, summary, verdict
from dcgan.experiments.augmentation.conditional import (
    conditional_labels,
    meaning_of,
    most_telling,
)
from dcgan.experiments.augmentation.learner import QUICK, move, pseudo_labels
from dcgan.metrics.classifier import load_classifier
from dcgan.metrics.reference_sets import FRESH_SEED, HELD_OUT_SEED, drawn


def fresh_avatars(z: np.ndarray) -> np.ndarray:
    """A perfect generator for the test: real avatars, chosen by the first entry of z."""
    return drawn(40, FRESH_SEED)[0][z[:, 0].astype(int) % 40]


def test_moves_are_shifts_and_mirrors_of_the_same_picture():
    image = torch.full((1, 3, 32, 32), -1.0)
    image[0, :, 10, 12] = 1.0
    moved = move(image.expand(200, -1, -1, -1), torch.Generator().manual_seed(0))
    places = {(int(y), int(x)) for _, c, y, x in (moved > 0).nonzero() if c == 0}
    assert places <= {(y, x) for y in range(8, 13) for x in [*range(10, 15), *range(17, 22)]}
    assert len(places) > 40
    assert (moved > 0).flatten(1).sum(1).eq(3).all()


def test_pseudo_labels_are_one_hot_or_silent():
    avatars, labels = drawn(50, 4000)
    targets, sure = pseudo_labels(load_classifier(), avatars, 0.9)
    sums = torch.stack([head.sum(1) for head in targets.split(SIZES, dim=1)])
    assert set(sums.unique().tolist()) <= {0.0, 1.0}
    assert float(sums.mean()) == pytest.approx(sure) and sure > 0.8
    first = targets[:, : SIZES[0]]
    answered = first.sum(1) > 0
    assert torch.equal(first.argmax(1)[answered], torch.from_numpy(labels[:, 0])[answered])


def test_the_experiment_is_repeatable_and_has_every_arm():
    setting = replace(QUICK, iterations=2, seeds=1, pool=20, test=30)
    rows = experiment(fresh_avatars, setting)
    assert [row["arm"] for row in rows] == list(arms_of(None))
    assert rows == experiment(fresh_avatars, setting)
    with_codes = experiment(fresh_avatars, setting, LatentCode.even([2, 3]))
    assert [row["arm"] for row in with_codes] == list(ARMS)
    assert [row for row in with_codes if "codes" not in row["arm"]] == rows


def test_a_code_means_the_label_that_most_of_its_avatars_have():
    codes = torch.tensor([0, 0, 0, 1, 1, 3])
    label = torch.tensor([2, 2, 1, 0, 0, 1])
    assert meaning_of(codes, label, values=4, size=3).tolist() == [2, 0, -1, 1]
    noise = torch.tensor([0, 1, 0, 1, 0, 1])
    assert most_telling(torch.stack([noise, codes], 1), label) == 1


def test_generated_avatars_get_the_labels_that_their_codes_mean():
    avatars, labels = drawn(400, FRESH_SEED)
    eyes = int(np.argmin(SIZES))  # the attribute of fewest values
    code = LatentCode.even([SIZES[eyes]])
    z = np.zeros((len(avatars), LATENT), np.int8)
    for value in range(SIZES[eyes]):
        own = labels[:, eyes] == value
        z[own] = code.asking_for(z[own], {0: value}, seed=0)
    train, truth = drawn(60, HELD_OUT_SEED)
    known = (as_float_images(train), torch.from_numpy(truth))
    setting = replace(QUICK, iterations=300)
    targets, answered = conditional_labels(code, (avatars, z), known, setting, seed=0)
    told = targets.split(SIZES, dim=1)[eyes]
    assert answered == 1.0
    assert (told.argmax(1).numpy() == labels[:, eyes]).all()


def test_the_verdict_claims_no_more_than_the_errors_allow():
    entry = {"arm": "gan", "over": "none", "gain": 0.03, "gain_error": 0.01, "seeds": 3}
    assert "no difference" in verdict({**entry, "gain_error": 0.0, "seeds": 1})
    assert "helps: +3.0" in verdict(entry)
    assert "harms" in verdict({**entry, "gain": -0.03})
    assert "no difference" in verdict({**entry, "gain": 0.015})


def test_gains_are_paired_within_a_seed():
    values = {"none": (0.1, 0.5), "geometric": (0.2, 0.6), "gan": (0.1, 0.5)}
    values |= {"geometric + gan": (0.15, 0.55), "geometric + real": (0.3, 0.7)}
    rows = [
        {"arm": arm, "seed": seed, "accuracy": pair[seed]}
        for arm, pair in values.items()
        for seed in (0, 1)
    ]
    by_arm = {entry["arm"]: entry for entry in summary(rows)}
    assert by_arm["geometric"]["gain"] == pytest.approx(0.1)
    assert by_arm["geometric"]["gain_error"] == pytest.approx(0.0, abs=1e-12)
    assert by_arm["geometric + gan"]["over"] == "geometric"
    assert by_arm["geometric + gan"]["gain"] == pytest.approx(-0.05)
    assert ARMS[0] == "none" and "gain" not in by_arm["none"]
