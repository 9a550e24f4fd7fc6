# SPDX-License-Identifier: Apache-2.0
"""An integer Generator holds what the hardware can hold, and knows how large its sums become."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from dcgan.core.latents import draw_z
from dcgan.core.shapes import SIDES, preset
from dcgan.quant.fixed_point import build_tanh_table
from dcgan.quant.golden import GoldenGenerator
from dcgan.quant.int_generator import (
    IntegerGenerator,
    load_integer,
    save_integer,
    tanh_index_rule,
)
from dcgan.quant.random_network import random_integer
from safetensors import safe_open
from safetensors.numpy import save_file


@pytest.fixture(scope="module")
def tiny():
    return random_integer(preset("tiny"), seed=5)


def second(values: tuple, value: object) -> tuple:
    """A tuple with another value for layer 2."""
    return (values[0], value, *values[2:])


def filled(array: np.ndarray, value: int) -> np.ndarray:
    """An array with one value in a corner."""
    other = array.copy()
    other.flat[0] = value
    return other


def table(bits: int) -> dict:
    """A tanh table of so many bits, and the number."""
    return {"tanh_index_bits": bits, "tanh_table": np.zeros(1 << max(bits, 0), np.uint8)}


ACCEPTED = {
    "weights of 2 bits": lambda ig: {
        "weights": second(ig.weights, np.sign(ig.weights[1]).astype(np.int8)),
        "weight_bits": second(ig.weight_bits, 2),
    },
    "the largest weight of 8 bits": lambda ig: {
        "weights": second(ig.weights, filled(ig.weights[1], -127))
    },
    "the least shift": lambda ig: {"shifts": second(ig.shifts, 1)},
    "the largest shift": lambda ig: {"shifts": second(ig.shifts, 31)},
    "the ends of the latent grid": lambda ig: {"v1": filled(ig.v1, -127), "v2": filled(ig.v2, 127)},
    "a table of 16": lambda ig: table(4),
    "a table of 16384": lambda ig: table(14),
    "one level of activations": lambda ig: {"activation_max": 1},
    "all levels of activations": lambda ig: {"activation_max": 255},
}
REFUSED = {
    "int8": [
        lambda ig: {"weights": second(ig.weights, ig.weights[1].astype(np.int16))},
        lambda ig: {"weights": second(ig.weights, ig.weights[1][:, 1:])},
    ],
    "bias must be int32": [
        lambda ig: {"biases": second(ig.biases, ig.biases[1].astype(np.int64))},
        lambda ig: {"biases": second(ig.biases, ig.biases[1][1:])},
    ],
    "layer 2: weights have 2 to 8 bits": [
        lambda ig, bits=bits: {"weight_bits": second(ig.weight_bits, bits)}
        for bits in (1, 9, 8.0, True)
    ],
    "a weight does not fit symmetric 8 bits": [
        lambda ig: {"weights": second(ig.weights, filled(ig.weights[1], -128))}
    ],
    "a weight does not fit symmetric 2 bits": [
        lambda ig: {
            "weights": second(ig.weights, filled(np.sign(ig.weights[1]).astype(np.int8), 2)),
            "weight_bits": second(ig.weight_bits, 2),
        }
    ],
    "layer 2: the shift is 1 to 31": [
        lambda ig, shift=shift: {"shifts": second(ig.shifts, shift)} for shift in (0, 32, 3.0, True)
    ],
    r"v1 must be int8 \[100\]": [
        lambda ig: {"v1": filled(ig.v1, -128)},
        lambda ig: {"v1": ig.v1[1:]},
        lambda ig: {"v1": ig.v1.astype(np.int16)},
    ],
    "v2 must be int8": [lambda ig: {"v2": filled(ig.v2, -128)}],
    "the tanh index has 4 to 14 bits": [lambda ig, bits=bits: table(bits) for bits in (3, 15)]
    + [lambda ig: {"tanh_index_bits": 11.0}],
    r"the tanh table must be uint8 with 2\^11 entries": [
        lambda ig: {"tanh_table": ig.tanh_table[1:]},
        lambda ig: {"tanh_table": ig.tanh_table.astype(np.int16)},
    ],
    "the metadata must be a JSON object": [lambda ig: {"metadata": []}],
    "says of the training must be": [lambda ig: {"metadata": {"training": []}}],
    "activation_max must be 1..255": [
        lambda ig, top=top: {"activation_max": top} for top in (0, 256)
    ],
    "the background must be text": [
        lambda ig: {"metadata": {"training": {"data": {"background": 5}}}}
    ],
    "a sample has 2 to 256 levels": [
        lambda ig, levels=levels: {"metadata": {"levels": levels}}
        for levels in (1, 257, 16.0, "16", None)
    ],
    "ternary": [lambda ig: {"metadata": {"latents": "ternary"}}],
}
CASES = [(words, change) for words, changes in REFUSED.items() for change in changes]


@pytest.mark.parametrize("change", ACCEPTED.values(), ids=ACCEPTED)
def test_the_limits_themselves_are_accepted(tiny, change):
    replace(tiny, **change(tiny))


@pytest.mark.parametrize(("words", "change"), CASES)
def test_what_lies_beyond_them_is_refused_and_named(tiny, words, change):
    with pytest.raises(ValueError, match=words):
        replace(tiny, **change(tiny))


def test_every_bound_is_reached_and_never_passed(tiny):
    """All weights and inputs pull the same way: each channel reaches its own bound."""
    weights = tuple(np.abs(w) for w in tiny.weights)
    ig = replace(tiny, weights=weights, biases=tuple(np.abs(b) for b in tiny.biases))
    golden = GoldenGenerator(ig)
    reach = 127 + np.abs(np.stack([np.zeros(100, int), ig.v1, ig.v2])).max(axis=0)
    reached = {1: golden.project(reach[None].astype(np.int64))}
    for layer in (2, 3, 4):
        side, cin = SIDES[layer - 1], ig.config.channels[layer - 1]
        reached[layer] = golden.conv(layer, np.full((1, cin, side, side), ig.activation_max))
    for layer, acc in reached.items():
        assert np.array_equal(acc[0].max(axis=(1, 2)), ig.acc_bounds(layer))
        assert np.array_equal(tiny.acc_bounds(layer), ig.acc_bounds(layer))
        assert ig.acc_bound(layer) == acc.max()


def test_the_least_bias_is_as_large_as_it_is(tiny):
    """Its magnitude has no place in 32 bits."""
    least = np.full_like(tiny.biases[1], -(2**31))
    free = replace(tiny, biases=second(tiny.biases, np.zeros_like(least)))
    bound = replace(tiny, biases=second(tiny.biases, least)).acc_bounds(2)
    assert np.array_equal(bound, free.acc_bounds(2) + 2**31)


@pytest.mark.parametrize(
    ("bound", "width"), [(0, 18), (2**17 - 1, 18), (2**17, 19), (2**20 - 1, 21), (2**20, 22)]
)
def test_the_width_holds_the_bound_in_both_signs(tiny, monkeypatch, bound, width):
    monkeypatch.setattr(IntegerGenerator, "acc_bound", lambda self, layer: bound)
    assert tiny.acc_width(1) == width


def test_planes_begin_at_the_latent_and_at_both_offsets(tiny):
    offsets = tiny.plane_offsets()
    assert offsets.dtype == np.int64
    assert np.array_equal(offsets, [np.zeros(100), tiny.v1, tiny.v2])
    assert not np.array_equal(tiny.v1, tiny.v2)


def test_the_first_step_is_the_latent_or_its_signs(tiny):
    z = draw_z(3, 1)
    binary = replace(tiny, metadata={"latents": "binary"})
    assert (tiny.latents, tiny.binary, tiny.latent_bits) == ("normal", False, 8)
    assert (binary.latents, binary.binary, binary.latent_bits) == ("binary", True, 1)
    assert np.array_equal(tiny.first_step(z), z)
    assert np.array_equal(binary.first_step(z), np.where(z >= 0, 32, -32))


def test_the_rule_of_the_index_is_the_table_that_is_built(tiny):
    assert tanh_index_rule(11) == (
        "index = clip(floor(acc / 2^layer4.shift + 1/2), -1024, 1023) + 1024; "
        "entry i is x = (i - 1024) * 8 / 2048, pixel = floor(127.5 * (tanh(x) + 1) + 1/2)"
    )


def test_the_levels_of_a_table_come_back_and_are_in_its_rule(tiny, tmp_path):
    assert tiny.levels == 256
    coarse = replace(tiny, tanh_table=build_tanh_table(11, 16), metadata={"levels": 16})
    save_integer(tmp_path / "coarse", coarse)
    back = load_integer(tmp_path / "coarse")
    assert back.levels == 16 and back.identity == coarse.identity != tiny.identity
    assert (back.tanh_table % 17 == 0).all()
    assert tanh_index_rule(11, 16).endswith(
        "pixel = floor(255 * floor(7.5 * (tanh(x) + 1) + 1/2) / 15 + 1/2)"
    )


def test_what_is_known_of_the_training_comes_back(tiny, tmp_path):
    about = {"background": "#000000"}
    told = replace(tiny, metadata={"training": {"data": about}}, activation_max=127)
    save_integer(tmp_path / "told", told)
    back = load_integer(tmp_path / "told")
    assert (back.about, tiny.about) == (about, {})
    assert (back.activation_max, back.tanh_index_bits) == (127, tiny.tanh_index_bits)
    assert np.array_equal(np.stack([back.v1, back.v2]), np.stack([tiny.v1, tiny.v2]))
    assert back.config == tiny.config
    with safe_open(str(tmp_path / "told"), framework="numpy") as file:
        (header,) = file.metadata().values()
    assert header == json.dumps(json.loads(header), sort_keys=True)  # one order of bytes


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("layer2.shift", np.array(5, np.int64), "must be one int32"),
        ("layer2.shift", np.array([5], np.int32), "must be one int32"),
    ],
)
def test_a_number_of_another_form_is_refused(tiny, tmp_path, name, value, words):
    path = tmp_path / "tiny.safetensors"
    save_integer(path, tiny)
    with safe_open(str(path), framework="numpy") as file:
        metadata = file.metadata()
        tensors = {key: file.get_tensor(key) for key in file.keys()}
    save_file({**tensors, name: value}, str(path), metadata=metadata)
    with pytest.raises(ValueError, match=words):
        load_integer(path)


def test_a_folder_is_no_file_of_integers(tmp_path):
    with pytest.raises(ValueError, match="is no regular file"):
        load_integer(tmp_path)


@pytest.mark.parametrize("bits", ["[8, 8, 8]", '"8888"', "[8, 8, 8, 8, 8]"])
def test_a_header_of_another_number_of_layers_is_refused(tiny, tmp_path, bits):
    path = tmp_path / "tiny.safetensors"
    save_integer(path, tiny)
    with safe_open(str(path), framework="numpy") as file:
        metadata = file.metadata()
        tensors = {key: file.get_tensor(key) for key in file.keys()}
    header = {k: v.replace("[8, 8, 8, 8]", bits) for k, v in metadata.items()}
    assert header != metadata
    save_file(tensors, str(path), metadata=header)
    with pytest.raises(ValueError, match="weight_bits must be 4 numbers"):
        load_integer(path)
