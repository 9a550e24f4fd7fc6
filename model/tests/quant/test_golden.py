# SPDX-License-Identifier: Apache-2.0
"""Golden against a reference of plain int64 loops that shares nothing with it."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest
import torch
from dcgan.core.latents import draw_z
from dcgan.core.shapes import SIDES, preset
from dcgan.quant.golden import GoldenGenerator
from dcgan.quant.int_generator import IntegerGenerator, load_integer, save_integer
from dcgan.quant.random_network import random_integer
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from safetensors.numpy import load_file
from torch.nn.functional import conv_transpose2d


@pytest.fixture(scope="module")
def tiny():
    return random_integer(preset("tiny"), seed=3)


def slow_layer(ig, layer: int, x: np.ndarray) -> np.ndarray:
    """int64 [Cin, H, H] -> accumulators [Cout, H', H'], tap by tap, from the definition."""
    weight, bias, _ = ig.layer(layer)
    stride, pad = (1, 0) if layer == 1 else (2, 1)
    side = SIDES[layer]
    acc = np.repeat(bias.astype(np.int64), side * side).reshape(len(bias), side, side)
    for iy in range(x.shape[1]):
        for ix in range(x.shape[2]):
            for ky in range(4):
                for kx in range(4):
                    oy, ox = stride * iy - pad + ky, stride * ix - pad + kx
                    if 0 <= oy < side and 0 <= ox < side:
                        acc[:, oy, ox] += x[:, iy, ix] @ weight[:, :, ky, kx].astype(np.int64)
    return acc


def slow_plane(ig, z9: np.ndarray) -> list[np.ndarray]:
    """The maps acc1, act1, ..., acc4, index4, pixels of one plane of one avatar."""
    maps, x = [], z9.astype(np.int64)[:, None, None]
    for layer in (1, 2, 3, 4):
        acc = slow_layer(ig, layer, x)
        half_up = (acc + 2 ** (ig.shifts[layer - 1] - 1)) >> ig.shifts[layer - 1]
        x = np.minimum(np.maximum(half_up, 0), ig.activation_max)
        maps += [acc, x]
    half = 2 ** (ig.tanh_index_bits - 1)
    index = np.minimum(np.maximum(half_up[0], -half), half - 1) + half
    return [*maps[:-1], index, ig.tanh_table[index]]


def assert_equal_to_slow(ig, z: np.ndarray) -> None:
    planes = GoldenGenerator(ig).run_planes(z[None])
    for name, maps, v in zip("RGB", planes, (np.zeros(100), ig.v1, ig.v2), strict=True):
        fast = (maps.acc1, maps.act1, maps.acc2, maps.act2, maps.acc3, maps.act3, maps.acc4)
        fast += (maps.index4, maps.pixels)
        slow = slow_plane(ig, z.astype(np.int64) + v.astype(np.int64))
        for number, (have, want) in enumerate(zip(fast, slow, strict=True)):
            assert np.array_equal(have[0], want), f"plane {name}, map {number}"


@settings(max_examples=15, deadline=None)
@given(z=arrays(np.int8, 100, elements=st.integers(-127, 127)))
def test_every_map_equals_plain_loops(tiny, z):
    assert_equal_to_slow(tiny, z)


@settings(max_examples=5, deadline=None)
@given(seed=st.integers(0, 1000), bits=st.tuples(*[st.integers(4, 8)] * 4))
def test_other_networks_and_widths_equal_plain_loops(seed, bits):
    assert_equal_to_slow(random_integer(preset("tiny"), seed, bits), draw_z(1, seed)[0])


def test_the_largest_sums_are_exact_and_within_the_stated_width(tiny):
    """All weights and inputs at their limits: the bound is reached, not passed."""
    ends = tuple(np.full_like(w, 127) for w in tiny.weights)
    v = np.full(100, 127, np.int8)
    ig = replace(tiny, weights=ends, v1=v, v2=v, biases=tuple(np.abs(b) for b in tiny.biases))
    golden = GoldenGenerator(ig)
    assert golden.project(np.full((1, 100), 254)).max() == ig.acc_bound(1)
    for layer in (2, 3, 4):
        side = SIDES[layer - 1]
        act = np.full((1, ig.config.channels[layer - 1], side, side), 255)
        assert golden.conv(layer, act).max() == ig.acc_bound(layer)
        assert ig.acc_bound(layer) < 2 ** (ig.acc_width(layer) - 1)


@pytest.mark.parametrize("layer", [1, 2, 3, 4])
def test_sums_wider_than_32_bits_are_exact(tiny, layer):
    """Wide networks have such sums; here the input is as wide as that."""
    golden, side = GoldenGenerator(tiny), SIDES[layer - 1]
    shape = (1, tiny.config.channels[layer - 1], side, side)
    x = np.random.default_rng(layer).integers(2**30, 2**31, shape)
    acc = golden.project(x[..., 0, 0]) if layer == 1 else golden.conv(layer, x)
    assert np.abs(acc).max() > 2**32
    assert np.array_equal(acc[0], slow_layer(tiny, layer, x[0]))


def test_sums_that_float64_cannot_hold_are_refused(tiny, monkeypatch):
    monkeypatch.setattr(IntegerGenerator, "acc_bound", lambda self, layer: 2**53 - 1)
    GoldenGenerator(tiny)
    monkeypatch.setattr(IntegerGenerator, "acc_bound", lambda self, layer: 2**53)
    with pytest.raises(ValueError, match="layer 1: sums may pass"):
        GoldenGenerator(tiny)


def test_random_networks_are_alive():
    maps = GoldenGenerator(random_integer(preset("tiny"))).run_planes(draw_z(32, 9))
    for plane in maps:
        for act in (plane.act1, plane.act2, plane.act3):
            assert 0.35 < (act > 0).mean() < 0.65
            assert (act == 255).mean() < 0.05


def test_rgb_is_the_planes_side_by_side_whatever_the_batch(tiny):
    golden, z = GoldenGenerator(tiny), draw_z(7, 1)
    planes = np.stack([maps.pixels for maps in golden.run_planes(z)], axis=1)
    assert np.array_equal(golden.rgb(z, batch=3), planes)


def test_wrong_shapes_and_floats_are_refused(tiny):
    golden = GoldenGenerator(tiny)
    with pytest.raises(ValueError, match=r"\(None, 100\)"):
        golden.rgb(np.zeros((2, 99), np.int8))
    with pytest.raises(ValueError, match=r"\(None, 100\)"):
        golden.rgb(np.zeros((0, 99), np.int8))  # also if there is nothing to draw
    for refuses in (golden.project, golden.run_planes, golden.rgb):
        with pytest.raises(ValueError, match="integers"):
            refuses(np.zeros((2, 100)))
    with pytest.raises(ValueError, match="integers"):
        golden.conv(2, np.zeros((1, tiny.config.channels[1], 4, 4)))


def test_the_file_is_deterministic_and_comes_back_equal(tiny, tmp_path):
    for name in ("a", "b"):
        save_integer(tmp_path / name, tiny)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    back = load_integer(tmp_path / "a")
    for have, want in zip(back.weights + back.biases, tiny.weights + tiny.biases, strict=True):
        assert have.dtype == want.dtype
        assert np.array_equal(have, want)
    assert (back.shifts, back.weight_bits) == (tiny.shifts, tiny.weight_bits)
    assert np.array_equal(back.tanh_table, tiny.tanh_table)


@pytest.mark.parametrize("latents", ["normal", "binary"])
def test_the_file_alone_is_enough_to_draw(tiny, tmp_path, latents):
    """The recipe of model/dcgan/quant/README.md, with nothing of ours but the file."""
    tiny = replace(tiny, metadata={"latents": latents})
    save_integer(tmp_path / "tiny.safetensors", tiny)
    file = load_file(tmp_path / "tiny.safetensors")
    sent, planes = draw_z(3, 6), []  # z + v needs 9 bits: not in int8
    z = np.where(sent >= 0, 32, -32) if latents == "binary" else sent
    for v in (np.zeros(100), file["v1"], file["v2"]):
        x = torch.from_numpy(z.astype(np.float64) + v)[:, :, None, None]
        for layer in (1, 2, 3, 4):
            weight, bias = (
                torch.from_numpy(file[f"layer{layer}.{part}"]).double()
                for part in ("weight", "bias")
            )
            stride, padding = (1, 0) if layer == 1 else (2, 1)
            acc = conv_transpose2d(x, weight, bias, stride=stride, padding=padding)
            x = torch.floor(acc / 2 ** int(file[f"layer{layer}.shift"]) + 0.5)
            x = x.clamp(0, int(file["activation.max"])) if layer < 4 else x.clamp(-1024, 1023)
        planes.append(file["tanh.table"][x[:, 0].long().numpy() + 1024])
    assert np.array_equal(np.stack(planes, axis=1), GoldenGenerator(tiny).rgb(sent))


def test_a_broken_file_is_named(tmp_path):
    path = tmp_path / "broken.safetensors"
    path.write_bytes(b"nothing")
    with pytest.raises(ValueError, match=r"broken\.safetensors"):
        load_integer(path)
    with pytest.raises(ValueError, match="quantize"):
        load_integer(tmp_path / "absent.safetensors")


def test_compact_runs_at_twenty_avatars_a_second():
    golden, z = GoldenGenerator(random_integer(preset("compact"))), draw_z(32, 2)
    golden.rgb(z)
    start = time.process_time()
    golden.rgb(z)
    assert len(z) / (time.process_time() - start) > 20  # processor time of all threads
