# SPDX-License-Identifier: Apache-2.0
"""Each metric against a case whose answer is known in closed form or by brute force."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from dcgan.metrics import set_metrics
from dcgan.metrics.features import FEATURES, RandomFeatures, random_features


def normal(count: int, size: int, seed: int) -> torch.Tensor:
    return torch.tensor(np.random.default_rng(seed).standard_normal((count, size)))


def random_images(count: int, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    coarse = rng.integers(0, 256, (count, 3, 4, 4), dtype=np.uint8)
    return coarse.repeat(8, axis=2).repeat(8, axis=3)


def test_frechet_distance_of_scaled_and_shifted_gaussians_is_the_closed_form():
    x = normal(4000, 6, 0)
    scale = torch.tensor([1.0, 2.0, 0.5, 1.5, 1.0, 3.0])
    y = x * scale + 0.25
    # Same samples, so the covariances commute up to the sampled correlations.
    variance = torch.cov(x.T).diagonal()
    shift = (y.mean(0) - x.mean(0)).square().sum()
    expected = float(shift + (variance * (scale - 1) ** 2).sum())
    assert set_metrics.frechet_distance(x, y) == pytest.approx(expected, rel=0.02)


def test_frechet_distance_is_zero_on_itself_symmetric_and_survives_few_samples():
    x, y = normal(50, 128, 1), normal(70, 128, 2)
    assert set_metrics.frechet_distance(x, x) < 1e-5
    assert set_metrics.frechet_distance(x, y) == pytest.approx(set_metrics.frechet_distance(y, x))


def test_manifold_metrics_equal_a_brute_force_count():
    real, fake = normal(60, 3, 3), normal(45, 3, 4) * 0.7 + 0.4
    k = 3
    between = torch.cdist(real, fake)
    real_radius = torch.cdist(real, real).sort(dim=1).values[:, k]
    fake_radius = torch.cdist(fake, fake).sort(dim=1).values[:, k]
    within = between <= real_radius[:, None]
    got = set_metrics.manifold(real, fake, k)
    assert got.precision == pytest.approx(float(within.any(0).double().mean()))
    assert got.coverage == pytest.approx(float(within.any(1).double().mean()))
    assert got.density == pytest.approx(float(within.double().sum()) / (k * 45))
    assert got.recall == pytest.approx(float((between <= fake_radius).any(1).double().mean()))


def test_manifold_metrics_refuse_too_few_samples():
    with pytest.raises(ValueError, match="more than 5 samples, got 4"):
        set_metrics.manifold(normal(4, 3, 0), normal(100, 3, 1))


def test_pair_distance_of_two_points_is_their_distance():
    points = torch.tensor([[0.0, 0.0], [3.0, 4.0]])
    assert set_metrics.pair_distance(points) == pytest.approx(5.0)


def test_copies_are_counted_and_fresh_images_score_one_per_cent():
    train, real, fresh = (normal(n, 8, s) for n, s in ((100, 5), (2000, 6), (2000, 7)))
    honest, _ = set_metrics.nearest(real, train)
    assert set_metrics.copies(train, train, honest).share == 1.0
    assert set_metrics.copies(fresh, train, honest).share == pytest.approx(0.01, abs=0.006)
    assert set_metrics.copies(fresh + 9.0, train, honest).share == 0.0


def test_three_sample_test_is_negative_for_copies_and_positive_off_the_data():
    train, real, fresh = (normal(n, 8, s) for n, s in ((200, 8), (800, 9), (800, 10)))
    copied = train[torch.arange(800) % 200] + 0.01 * normal(800, 8, 11)
    assert abs(set_metrics.three_sample(fresh, real, train)) < 2
    assert set_metrics.three_sample(copied, real, train) < -3
    assert set_metrics.three_sample(fresh * 3, real, train) > 3


def test_three_samples_of_one_kind_are_told_apart_by_nothing():
    random = torch.Generator().manual_seed(0)
    real, train = (torch.randn(200, 8, generator=random) for _ in range(2))
    assert set_metrics.three_sample(real, real, train) == pytest.approx(0.0)
    assert set_metrics.three_sample(train, real, train) < -3  # copies
    assert set_metrics.three_sample(real + 2, real, train) > 3  # off the data


def test_random_features_are_the_same_in_every_run_and_for_every_batch():
    images = random_images(7, 0)
    features = random_features(images)
    assert features.shape == (7, FEATURES)
    assert torch.equal(RandomFeatures().projection, RandomFeatures().projection)
    torch.testing.assert_close(features, random_features(images, batch=2), rtol=1e-4, atol=1e-3)
    # The space itself is part of every published figure: a change must be deliberate.
    torch.testing.assert_close(features[0, :3], torch.tensor(FIRST), rtol=1e-3, atol=2e-3)


FIRST = [-0.922, 0.766, 5.149]


def test_random_features_refuse_images_of_another_kind():
    with pytest.raises(ValueError, match="uint8"):
        random_features(np.zeros((2, 3, 32, 32), dtype=np.float32))
