# SPDX-License-Identifier: Apache-2.0
"""Figures 6 and 7 and novelty, by the functions and by the command."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from math import floor

import numpy as np
import pytest
import torch
from dcgan.core.latents import draw_z, interpolate, to_float
from dcgan.core.network_files import integer_file
from dcgan.core.shapes import preset
from dcgan.data.latent_code import LatentCode
from dcgan.experiments.attribute_chart import attribute_chart
from dcgan.experiments.figures import fresh, novelty, strips
from dcgan.quant.golden import GoldenGenerator
from dcgan.quant.int_generator import load_integer, save_integer
from dcgan.quant.random_network import random_integer
from dcgan.render.backends import open_backend
from dcgan.render.networks import IntegerRenderer
from generate import main

from tb.lib.network import exported
from tb.sim.renderer import open_rtl


@pytest.fixture(scope="module")
def tiny():
    return random_integer(preset("tiny"), seed=4)


@pytest.mark.parametrize("inner", [0, 1, 3, 7])
def test_interpolation_follows_equations_12_and_13(inner):
    start, end = draw_z(2, 5).astype(int)
    points = interpolate(start, end, inner)
    assert points.shape == (inner + 2, 100)
    for k, row in enumerate(points):
        t = Fraction(k, inner + 1)
        want = [
            floor((1 - t) * int(a) + t * int(b) + Fraction(1, 2))
            for a, b in zip(start, end, strict=True)
        ]
        off_by_a_tie = np.abs(row - np.array(want))  # a float may land on either side of a tie
        assert off_by_a_tie.max() <= 1
        assert (off_by_a_tie > 0).mean() < 0.1
    assert np.array_equal(points[0], start)
    assert np.array_equal(points[-1], end)


def test_strips_begin_and_end_with_different_avatars(tiny):
    result = strips(GoldenGenerator(tiny).rgb, seed=1)
    assert result.z.shape == (15, 100)
    assert result.pixels.shape == (15, 3, 32, 32)
    assert np.array_equal(GoldenGenerator(tiny).rgb(result.z), result.pixels)
    assert len({row.tobytes() for row in result.z[::5]}) == 3


def test_a_training_image_is_its_own_nearest_neighbour():
    train = np.random.default_rng(0).integers(0, 256, (40, 32, 32, 3)).astype(np.uint8)
    stolen = train[8:16].transpose(0, 3, 1, 2)
    result = novelty(lambda z: stolen[: len(z)], train, seed=0, drawn_set=False)
    nearest = result.facts["nearest"]
    assert [entry["training_image"] for entry in nearest] == list(range(8, 16))
    assert max(entry["distance"] for entry in nearest) < 1e-3


def test_fresh_avatars_follow_the_seed(tiny):
    render = GoldenGenerator(tiny).rgb
    assert np.array_equal(fresh(render, 6, 3).pixels, fresh(render, 6, 3).pixels)
    assert not np.array_equal(fresh(render, 6, 3).pixels, fresh(render, 6, 4).pixels)


def test_every_value_of_every_attribute_is_shown_on_the_same_avatar(tiny):
    about = {"attributes": {"hat": ["no", "yes"], "hair": ["1", "2", "3"]}}
    about["attribute_order"] = ["hat", "hair"]
    result = attribute_chart(
        IntegerRenderer(replace(tiny, metadata={"training": {"data": about}})), seed=2
    )
    assert result.z.shape == (5, 100) and result.facts["attributes"] == about["attributes"]
    code = LatentCode.even([2, 3])
    told = code.attributes(torch.from_numpy(to_float(result.z))).numpy()
    base = code.attributes(torch.from_numpy(to_float(draw_z(1, 2)))).numpy()[0]
    wanted = [[0, base[1]], [1, base[1]], *([base[0], value] for value in range(3))]
    assert told.tolist() == np.array(wanted).tolist()
    assert (result.z[:, code.entries :] == result.z[0, code.entries :]).all()


@pytest.mark.parametrize("figure", [["--count", "3"], ["--figure", "6"], ["--interpolate"]])
def test_the_command_writes_picture_facts_and_arrays(tiny, tmp_path, figure):
    save_integer(tmp_path / "t.safetensors", tiny)
    where = ["--network", str(tmp_path / "t.safetensors"), "--out", str(tmp_path / "out")]
    assert main([*figure, *where]) == 0
    arrays = np.load(tmp_path / "out.npz")
    assert np.array_equal(GoldenGenerator(tiny).rgb(arrays["z"]), arrays["pixels"])
    assert json.loads((tmp_path / "out.json").read_text())["backend"] == "golden"
    assert (tmp_path / "out.png").read_bytes().startswith(b"\x89PNG")


def test_the_simulated_hardware_draws_what_golden_draws():
    z = draw_z(2, 11)
    golden = GoldenGenerator(exported("tiny").integers).rgb(z)
    assert np.array_equal(open_backend("rtl", "tiny", open_rtl)(z), golden)


def test_every_point_of_a_strip_of_a_binary_network_is_a_corner_of_the_cube():
    """Equations 12 and 13 on z ~ N(0, I): between two avatars the signs flip one by one."""
    ig = load_integer(integer_file("compact"))
    assert ig.binary
    result = strips(IntegerRenderer(ig), seed=5, inner=7)
    corners = ig.first_step(result.z).reshape(3, 9, -1)
    assert np.array_equal(GoldenGenerator(ig).rgb(corners[0]), result.pixels[:9])
    for strip in corners:
        flips = (np.diff(strip.astype(int), axis=0) != 0).sum(axis=1)
        assert flips.sum() == (strip[0] != strip[-1]).sum()  # every sign flips at most once
        assert (flips > 0).all()


@pytest.mark.parametrize(
    "arguments", [("brush", "tiny"), ("float", "huge"), ("rtl", "x.safetensors")]
)
def test_unknown_back_ends_and_networks_are_named(arguments):
    with pytest.raises(ValueError, match=r"back end|no network"):
        open_backend(*arguments)


def test_without_a_testbench_there_is_no_simulated_hardware():
    with pytest.raises(ValueError, match="needs the testbench"):
        open_backend("rtl", "tiny")
