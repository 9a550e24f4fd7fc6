# SPDX-License-Identifier: Apache-2.0
"""What a chip loads holds the memories of a network, and the network comes back out of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from dcgan.core.network_files import integer_file
from dcgan.core.shapes import preset
from dcgan.hw.block_ram import SLICE_BYTES, image_size, slices, tables
from dcgan.hw.folding import Folding, LayerFolding, default_folding
from dcgan.hw.image import decode_image, image_bytes
from dcgan.hw.rom import build_roms, hex_lines
from dcgan.hw.shape_package import preset_number
from dcgan.quant.golden import GoldenGenerator
from dcgan.quant.int_generator import load_integer
from dcgan.quant.random_network import random_integer

TINY = default_folding(preset("tiny"))
ROWS = Folding(
    (
        LayerFolding(2, elements=50),
        LayerFolding(2, phase_rows=2, phase_cols=1, windows=2),
        LayerFolding(4, phase_rows=1, phase_cols=2, windows=2),
        LayerFolding(1, phase_rows=2, phase_cols=2),
    )
)


def binary(ig):
    return replace(ig, metadata={**ig.metadata, "latents": "binary"})


@pytest.fixture(scope="module")
def tiny():
    return random_integer(preset("tiny"), seed=5, weight_bits=(5, 8, 7, 8))


def test_the_bytes_are_the_words_of_the_rom_files_cut_into_slices(tiny):
    roms = build_roms(tiny, TINY)
    image, at = image_bytes(tiny, TINY), 0
    assert len(image) == image_size(tiny.config, TINY)
    for name in tables(tiny.config, TINY):
        for line in hex_lines(roms[name]):
            word, count = int(line, 16), slices(roms[name].width)
            for s in range(count):
                data = image[at : at + SLICE_BYTES]
                assert int.from_bytes(data, "little") == word >> 36 * s & (1 << 36) - 1
                at += SLICE_BYTES
    assert at == len(image)


@pytest.mark.parametrize("folding", [TINY, ROWS], ids=["default", "rows"])
@pytest.mark.parametrize("kind", [lambda ig: ig, binary], ids=["normal", "binary"])
def test_a_network_comes_back_out_of_its_image(tiny, folding, kind):
    ig = kind(tiny)
    found = decode_image(image_bytes(ig, folding), ig.config, folding)
    for mine, other in zip(
        (*found.weights, *found.biases, found.v1, found.v2),
        (*ig.weights, *ig.biases, ig.v1, ig.v2),
        strict=True,
    ):
        assert np.array_equal(mine, other)
    assert (found.shifts, found.latents) == (ig.shifts, ig.latents)
    z = np.random.default_rng(3).integers(-127, 128, (4, 100)).astype(np.int8)
    assert np.array_equal(GoldenGenerator(found).rgb(z), GoldenGenerator(ig).rgb(z))


def test_the_committed_network_comes_back_out_of_its_image():
    ig = load_integer(integer_file("compact"))
    folding = default_folding(ig.config)
    found = decode_image(image_bytes(ig, folding), ig.config, folding)
    z = np.random.default_rng(3).integers(-127, 128, (2, 100)).astype(np.int8)
    assert np.array_equal(GoldenGenerator(found).rgb(z), GoldenGenerator(ig).rgb(z))


def test_bytes_of_no_network_are_refused_in_words(tiny):
    image = bytearray(image_bytes(tiny, TINY))
    with pytest.raises(ValueError, match="ends in the middle of tanh"):
        decode_image(bytes(image[:-1]), tiny.config, TINY)
    with pytest.raises(ValueError, match="this hardware holds"):
        decode_image(bytes(image) + b"\0", tiny.config, TINY)
    image[512 * SLICE_BYTES] ^= 1  # an offset of layer 1
    with pytest.raises(ValueError, match="contradict its weights"):
        decode_image(bytes(image), tiny.config, TINY)
    with pytest.raises(ValueError, match="a shift is 0"):
        decode_image(bytes(len(image)), tiny.config, TINY)


def test_identities_differ_between_networks_and_presets_between_hardware(tiny):
    other = random_integer(preset("tiny"), seed=6)
    assert len({ig.identity for ig in (tiny, other, binary(tiny))}) == 3
    assert replace(tiny, metadata={"note": "of another day"}).identity == tiny.identity
    presets = {preset_number(ig.config, f) for ig in (tiny, other) for f in (TINY, ROWS)}
    assert len(presets) == 2
    plain = replace(TINY, packing="none")
    assert preset_number(tiny.config, plain) in presets


@pytest.mark.parametrize("seed", range(4))
def test_all_memories_together_have_an_even_number_of_ones(seed):
    """Bit 17 of the parameters sees to it; layer 4 of `compact` has two memories of one ROM."""
    folding = default_folding(preset("compact"))
    roms = build_roms(random_integer(preset("compact"), seed, (7, 8, 8, 8)), folding)
    assert folding.layer(4).reads == 2
    ones = {
        name: sum(int(word, 16).bit_count() for word in hex_lines(rom))
        for name, rom in roms.items()
    }
    assert (sum(ones.values()) + ones["layer4.hex"]) % 2 == 0
    assert int(roms["parameters.hex"].values[0, 0]) >> 18 == 0
