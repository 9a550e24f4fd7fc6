# SPDX-License-Identifier: Apache-2.0
"""What lies between avatars is judged as avatars are."""

from __future__ import annotations

import numpy as np
import pytest
from dcgan.metrics.classifier import load_classifier
from dcgan.metrics.evaluation import BETWEEN, Reference, judge
from dcgan.metrics.reference_sets import FRESH_SEED, HELD_OUT_SEED, drawn


def test_ghosts_between_avatars_are_seen_though_avatars_are_clean():
    real, train = drawn(60, HELD_OUT_SEED)[0], drawn(60, FRESH_SEED)[0]
    reference = Reference(real, train, load_classifier())

    def clean(z: np.ndarray) -> np.ndarray:
        return train[z[:, 0].astype(int) % 60]

    def ghosts(z: np.ndarray) -> np.ndarray:
        """Points between two latents are shorter than latents: they get two avatars at once."""
        short = (z.astype(float) ** 2).sum(1) < 0.8 * 100 * 32**2
        both = (clean(z).astype(int) + clean(z[:, ::-1])) // 2
        return np.where(short[:, None, None, None], both, clean(z)).astype(np.uint8)

    good, _ = judge(clean, reference, 60, (1,))
    bad, _ = judge(ghosts, reference, 60, (1,))
    assert good[BETWEEN]["mean"] == good["off_manifold_pixels"]["mean"] == 0
    assert bad["off_manifold_pixels"]["mean"] < 20 < bad[BETWEEN]["mean"]


def test_a_folder_without_attribute_reader_has_no_off_manifold_pixels():
    images = drawn(20, FRESH_SEED)[0]
    with pytest.raises(ValueError, match="of the drawn set"):
        Reference(images, images).off_manifold(images)
