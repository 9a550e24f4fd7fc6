# SPDX-License-Identifier: Apache-2.0
"""Foldings and modes change cycles and multipliers, never a pixel; corner networks draw as well."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from dcgan.core.latents import draw_z
from dcgan.hw.cycle_model import stage_cycles
from dcgan.hw.folding import LayerFolding
from dcgan.quant.golden import GoldenGenerator

from tb.lib.network import Network, changed, exported, network, variant
from tb.sim.report import first_difference
from tb.sim.run import Frames, draw, draw_fast

PREDICTION_TOLERANCE = 0.03

MODES = {
    "dense": {"skip_zeros": False},
    "dsp48": {"packing": "dsp48"},
    "narrow": {
        "packing": "none",
        "layers": (
            LayerFolding(1, elements=30),
            LayerFolding(4, 1, 1, 1),
            LayerFolding(8, 1, 2, 2),
            LayerFolding(1, 2, 1, 1),
        ),
    },
}


def assert_equal_to_golden(chosen: Network, frames: Frames, z: np.ndarray) -> None:
    difference = first_difference(frames.pixels, GoldenGenerator(chosen.integers).rgb(z))
    assert difference is None, difference


def assert_predicted(chosen: Network, frames: Frames, z: np.ndarray) -> None:
    planes = GoldenGenerator(chosen.integers).run_planes(z)
    ig = chosen.integers
    predicted = stage_cycles(ig.config, chosen.folding, planes, ig.latent_bits).steady_state
    assert frames.cycles_per_avatar == pytest.approx(predicted, rel=PREDICTION_TOLERANCE)


@pytest.mark.parametrize("mode", MODES)
def test_a_mode_draws_the_same_pixels_in_the_predicted_cycles(mode, tmp_path):
    chosen = variant("tiny", **MODES[mode])
    z = draw_z(8, seed=21)
    frames = draw_fast(chosen, z, folder=tmp_path)
    assert_equal_to_golden(chosen, frames, z)
    assert_predicted(chosen, frames, z)


def with_bias(layer: int, bias: int) -> Network:
    """tiny with every bias of one layer replaced."""
    base = network("tiny")
    biases = list(base.integers.biases)
    biases[layer - 1] = np.full_like(biases[layer - 1], bias)
    integers = dataclasses.replace(base.integers, biases=tuple(biases))
    return changed(base, integers, base.folding)


@pytest.mark.parametrize(("bias", "value"), [(-(2**20), 0), (2**20, 255)])
def test_a_layer_that_is_all_zero_or_all_saturated_draws_right(bias, value, tmp_path):
    chosen = with_bias(layer=2, bias=bias)
    z = draw_z(4, seed=22)
    maps = GoldenGenerator(chosen.integers).run_planes(z)
    assert all((m.act2 == value).all() for m in maps), "the network is not the corner it should be"
    frames = draw_fast(chosen, z, full_speed=2, folder=tmp_path)
    assert_equal_to_golden(chosen, frames, z)


@pytest.mark.slow
def test_1000_compact_avatars_equal_the_golden_model(tmp_path):
    z = draw_z(1000, seed=24)
    z[:4] = np.array([0, 127, -127, 64], dtype=np.int8)[:, None]
    chosen = exported("compact")
    frames = draw_fast(chosen, z, full_speed=700, folder=tmp_path)
    assert_equal_to_golden(chosen, frames, z)


@pytest.mark.slow
def test_8_compact_avatars_on_icarus_equal_the_golden_model(tmp_path):
    z = draw_z(8, seed=25)
    z[1] = 127
    frames = draw("compact", z, "icarus", full_speed=6, folder=tmp_path)
    assert_equal_to_golden(exported("compact"), frames, z)
