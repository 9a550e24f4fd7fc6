# SPDX-License-Identifier: Apache-2.0
"""Chapter 7.1: closed forms against samples and brute force, and what a changed v does."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from dcgan.core.checkpoint import save_checkpoint
from dcgan.core.latents import draw_v, draw_z
from dcgan.core.shapes import preset
from dcgan.experiments import latent_geometry, robustness
from small import random_checkpoint


def test_grid_probabilities_are_those_of_drawn_latents():
    p = latent_geometry.grid_probabilities()
    assert p.sum() == pytest.approx(1.0)
    counts = np.bincount(draw_z(2000, 0).ravel().astype(int) + 127, minlength=255) / 200_000
    assert np.abs(counts - p).max() < 0.001


def test_collision_probability_equals_a_brute_force_sum():
    p = latent_geometry.grid_probabilities()
    steps = [5, -3]
    brute = 1.0
    for n in steps:
        brute *= sum(p[a] * p[a + n] for a in range(255) if 0 <= a + n < 255)
    assert latent_geometry.log10_collision(np.array(steps)) == pytest.approx(math.log10(brute))
    closed = latent_geometry.log10_collision_closed(2, np.linalg.norm(steps) / 32)
    assert latent_geometry.log10_collision(np.array(steps)) == pytest.approx(closed, abs=0.01)


def test_norms_and_bayes_error_follow_their_closed_forms():
    seen = latent_geometry.sampled(100, 3.0, 20_000, seed=1)
    assert seen["norm"] == pytest.approx(latent_geometry.mean_norm(100, 3.0), abs=0.06)
    assert seen["norm_spread"] == pytest.approx(latent_geometry.norm_spread(100, 3.0), rel=0.05)
    assert seen["bayes_error"] == pytest.approx(latent_geometry.bayes_error(3.0), abs=0.01)


def test_at_the_shipped_length_the_roles_do_not_meet():
    assert latent_geometry.bayes_error(10.0) < 3e-7
    assert latent_geometry.log10_collision(draw_v(0, 10.0)[0]) < -200


def test_layouts_keep_to_the_grid_and_their_names():
    placed = robustness.layouts(0, 10.0)
    opposite, in_line = placed["opposite (v2 = -v1)"], placed["in line (v2 = 2 v1)"]
    assert np.array_equal(opposite[1], -opposite[0])
    assert np.array_equal(in_line[1], 2 * in_line[0])
    assert all(v.dtype == np.int8 for v in placed.values())


def test_same_v_for_green_and_blue_leaves_two_colours():
    from dcgan.core.latents import to_float
    from dcgan.experiments.decoders import fit_regression

    images = torch.rand(20, 3, 32, 32, generator=torch.Generator().manual_seed(0)) * 2 - 1
    v = torch.from_numpy(to_float(robustness.layouts(0, 10.0)["the same (v2 = v1)"]))
    drawn = fit_regression(preset("tiny"), images, v, 2, batch=4).render(draw_z(3, 0))
    assert np.array_equal(drawn[:, 1], drawn[:, 2])
    assert not np.array_equal(drawn[:, 0], drawn[:, 1])


def test_disturbances_grow_with_their_length(tmp_path):
    save_checkpoint(tmp_path / "g.safetensors", random_checkpoint(preset("tiny")))
    rows, pictures = robustness.disturb(tmp_path / "g.safetensors", avatars=8)
    assert len(rows) == robustness.DISTURBANCES == len(pictures)
    by_name = {row["disturbance"]: row for row in rows}
    assert by_name["none"]["psnr"] == 99.0
    assert by_name["bit 0 of one entry flipped"]["length"] == pytest.approx(1 / 32)
    assert by_name["bit 7 of one entry flipped"]["length"] == pytest.approx(4.0)
    noise = [by_name[f"noise of length {r:g}"]["psnr"] for r in (0.1, 0.3, 1, 3, 10)]
    assert noise == sorted(noise, reverse=True)
