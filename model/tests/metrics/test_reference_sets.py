# SPDX-License-Identifier: Apache-2.0
"""The control table: every metric must rank sets whose rank is known, or it proves nothing."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from dcgan.core.images import planes_first
from dcgan.data.avatars import attributes_of, draw, draw_set
from dcgan.data.training_set import training_images
from dcgan.metrics.classifier import accuracy, load_classifier, read
from dcgan.metrics.evaluation import Reference, sharpness
from dcgan.metrics.nearest_avatar import nearest_avatar, off_manifold_pixels
from dcgan.metrics.reference_sets import FRESH_SEED, HELD_OUT_SEED, control_sets, drawn

COUNT = 400


@pytest.fixture(scope="module")
def table() -> dict[str, dict[str, float]]:
    real, fresh = drawn(COUNT, HELD_OUT_SEED)[0], drawn(COUNT, FRESH_SEED)[0]
    train = planes_first(training_images())
    reference = Reference(real, train, load_classifier())
    return {name: reference.scores(x) for name, x in control_sets(real, fresh, train).items()}


def column(table: dict, metric: str) -> list[float]:
    return [table[name][metric] for name in ("fresh", "blends", "mean", "noise")]


@pytest.mark.parametrize("metric", ["frechet", "classifier_frechet", "marginal_distance"])
def test_distance_grows_from_fresh_to_blends_to_junk(table, metric):
    fresh, blends, mean, noise = column(table, metric)
    assert fresh < 0.7 * blends
    assert blends < 0.7 * min(mean, noise)


@pytest.mark.parametrize("metric", ["precision", "density", "coverage", "recall"])
def test_manifold_metrics_fall_from_fresh_to_blends_to_junk(table, metric):
    fresh, blends, mean, noise = column(table, metric)
    assert fresh > 0.85
    assert blends < fresh - 0.05
    assert max(mean, noise) < 0.02


def test_density_doubts_blends_more_than_precision_does(table):
    assert table["blends"]["density"] < 0.8 * table["fresh"]["density"]


def test_confidence_is_high_on_avatars_and_low_on_blends_and_junk(table):
    fresh, blends, mean, noise = column(table, "confidence")
    assert fresh > 0.85
    assert blends < fresh - 0.1
    assert max(mean, noise) < blends


def test_off_manifold_pixels_grow_from_fresh_to_blends_to_junk(table):
    fresh, blends, mean, noise = column(table, "off_manifold_pixels")
    assert fresh == table["training"]["off_manifold_pixels"] == 0
    assert 20 < blends < 0.8 * min(mean, noise)


def test_the_nearest_avatar_is_found_from_any_start():
    images, labels = draw_set(30, 4000)
    for image, label, start in zip(images, labels, np.roll(labels, 1, axis=0), strict=True):
        spoilt = image.copy()
        spoilt[0, 0] = 255  # one wrong pixel changes nothing
        found, read_as = nearest_avatar(spoilt, start)
        assert np.array_equal(found, image)
        assert np.array_equal(draw(attributes_of(read_as)), image)
        assert off_manifold_pixels(np.moveaxis(spoilt, -1, 0)[None], label[None]) == 1


def test_only_the_training_set_counts_as_copied(table):
    assert table["training"]["copies"] == 1.0
    assert all(table[name]["copies"] <= 0.03 for name in table if name != "training")
    assert table["training"]["three_sample"] < -5
    assert abs(table["fresh"]["three_sample"]) < 3
    assert min(table[name]["three_sample"] for name in ("blends", "noise", "mean")) > 2


def test_diversity_sees_the_collapse(table):
    fresh, blends, mean, _ = column(table, "diversity")
    assert mean < 1e-2 < blends < fresh


def test_sharpness_sees_the_blur(table):
    fresh, blends, mean, noise = column(table, "sharpness")
    assert mean < blends < fresh < noise


def test_training_set_is_perfect_but_covers_less_than_fresh_avatars(table):
    assert table["training"]["precision"] > 0.9
    assert table["training"]["coverage"] < table["fresh"]["coverage"]
    assert table["fresh"]["frechet"] < table["training"]["frechet"]


def test_classifier_reads_new_avatars_and_belongs_to_the_present_drawing():
    images, labels = drawn(300, 3000)
    rates = accuracy(read(load_classifier(), images)[1], torch.from_numpy(labels))
    assert np.mean(list(rates.values())) > 0.9


def test_missing_classifier_is_named_with_its_remedy(tmp_path):
    with pytest.raises(ValueError, match="--train-classifier"):
        load_classifier(tmp_path / "none.safetensors")


def test_sharpness_of_a_flat_image_is_zero():
    assert sharpness(np.full((2, 3, 32, 32), 90, np.uint8)) == 0.0
