# SPDX-License-Identifier: Apache-2.0
"""The widths of a preset's hardware serve every network that fits, and no other is exported."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from dcgan.core.shapes import preset
from dcgan.hw.folding import default_folding
from dcgan.hw.rom import build_roms, write_roms
from dcgan.hw.shape_package import render_package
from dcgan.quant.fixed_point import build_tanh_table, tanh_index
from dcgan.quant.int_generator import IntegerGenerator
from dcgan.quant.random_network import random_integer

FOLDING = default_folding(preset("tiny"))


@pytest.fixture(scope="module")
def tiny():
    return random_integer(preset("tiny"), seed=5, weight_bits=(5, 8, 7, 8))


def test_the_package_says_nothing_of_the_numbers_of_a_network(tiny):
    binary = {**tiny.metadata, "latents": "binary"}
    other = random_integer(preset("tiny"), seed=6, weight_bits=(8, 4, 8, 6), tanh_index_bits=9)
    networks = (tiny, replace(tiny, metadata=binary), other)
    packages = {render_package(ig, FOLDING, "a test") for ig in networks}
    assert len(packages) == 1


def test_a_smaller_tanh_table_is_continued_by_its_ends(tmp_path):
    small = random_integer(preset("tiny"), seed=6, tanh_index_bits=9)
    acc, shift = np.arange(-(2**16), 2**16, 7), small.shifts[3]
    table = build_roms(small, FOLDING)["tanh.hex"].values[:, 0]
    pixels = small.tanh_table[tanh_index(acc, shift, 9)]
    assert np.array_equal(table[tanh_index(acc, shift, 11)], pixels)


def fault(ig: IntegerGenerator, name: str) -> IntegerGenerator:
    """`ig` with one thing that no hardware of `tiny` holds."""
    biases = list(ig.biases)
    if name == "bias":
        biases[1] = biases[1].copy()
        biases[1][5] = 2**21
        return replace(ig, biases=tuple(biases))
    changes = {
        "shift": {"shifts": (1, 1, 16, 1)},
        "tanh": {"tanh_index_bits": 12, "tanh_table": build_tanh_table(12)},
        "activations": {"activation_max": 127},
    }
    return replace(ig, **changes[name])


REFUSED = {
    "bias": r"layer 2, channel 5: sums reach \d+, the 22 bits of this hardware hold 2097151",
    "shift": "layer 3: the shift is 16, the hardware shifts by 15 at most",
    "tanh": "layer 4: the tanh index has 12 bits, the hardware has 11",
    "activations": "its activations end at 127, those of the hardware at 255",
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_network_that_does_not_fit_is_refused_with_layer_and_channel(tiny, tmp_path, name):
    with pytest.raises(ValueError, match=REFUSED[name]):
        write_roms(fault(tiny, name), FOLDING, tmp_path, tmp_path / "p.sv")
    assert list(tmp_path.iterdir()) == []


def test_weights_that_are_wider_than_the_folding_are_refused_with_their_channel(tiny, tmp_path):
    layers = list(FOLDING.layers)
    layers[2] = replace(layers[2], weight_bits=6)
    narrow = replace(FOLDING, layers=tuple(layers))
    with pytest.raises(ValueError, match=r"layer 3, channel \d: a weight of size 63 needs more"):
        write_roms(tiny, narrow, tmp_path, tmp_path / "p.sv")
