# SPDX-License-Identifier: Apache-2.0
"""The module under wasmtime: pixels, maps and cycles are those of the model and of Verilator."""

from __future__ import annotations

import shutil
from functools import cache

import numpy as np
import pytest
from dcgan.core.latents import draw_z
from dcgan.hw.rom import write_roms
from dcgan.quant.golden import GoldenGenerator
from networks import sibling
from wasm import Hardware, map_of

from tb.lib.network import exported
from tb.lib.scoreboard import assert_same_map
from tb.sim.report import first_difference
from tb.sim.run import draw

AVATARS, SEED = 64, 64
RECORDED = 4


@pytest.fixture(scope="session")
def hardware(module):
    return cache(lambda name: Hardware(module(name), exported(name).rom_dir))


def golden(name: str) -> GoldenGenerator:
    return GoldenGenerator(exported(name).integers)


@pytest.mark.parametrize("name", ["tiny", "compact"])
def test_pixels_are_those_of_the_golden_model(name, hardware):
    z = draw_z(AVATARS, SEED)
    assert first_difference(hardware(name).draw(z).pixels, golden(name).rgb(z)) is None


@pytest.mark.parametrize("name", ["tiny", "compact"])
def test_maps_are_those_of_the_golden_model(name, hardware):
    z = draw_z(RECORDED, SEED)
    network = exported(name)
    planes = golden(name).run_planes(z)
    for n in range(RECORDED):
        record = hardware(name).record(z[n])
        for layer in (1, 2, 3):
            found = map_of(record, layer, network.integers.config.channels[layer], network.folding)
            for plane, maps in enumerate(planes):
                what = f"avatar {n}, layer {layer}, plane {'RGB'[plane]}"
                wanted = getattr(maps, f"act{layer}")[n]
                assert_same_map(found[plane], wanted, what, ("c", "y", "x"))


def test_every_avatar_ends_in_the_cycle_of_the_native_simulation(hardware, tmp_path):
    z = draw_z(AVATARS, SEED)
    frames = draw("compact", z, "verilator", full_speed=len(z), folder=tmp_path)
    native = frames.last_cycles - frames.first_cycle + 1
    np.testing.assert_array_equal(hardware("compact").draw(z).ends, native)


def test_other_rom_contents_need_no_other_module(module, tmp_path):
    network = exported("compact")
    other = sibling(network.integers)
    write_roms(other, network.folding, tmp_path, tmp_path / "unused.sv")
    z = draw_z(8, SEED)
    drawn = Hardware(module("compact"), tmp_path).draw(z)
    assert first_difference(drawn.pixels, GoldenGenerator(other).rgb(z)) is None
    assert not np.array_equal(drawn.pixels, golden("compact").rgb(z))


def test_a_flipped_rom_bit_changes_a_named_pixel(module, tmp_path):
    network = exported("tiny")
    shutil.copytree(network.rom_dir, tmp_path / "rom")
    file = tmp_path / "rom" / "parameters.hex"
    banner, *words = file.read_text().splitlines()
    last = sum(network.integers.config.channels[2:])  # the one bias of layer 4
    words[last] = f"{int(words[last], 16) ^ (1 << 8):0{len(words[last])}x}"
    file.write_text("\n".join([banner, *words]) + "\n")
    z = draw_z(1, SEED)
    drawn = Hardware(module("tiny"), tmp_path / "rom").draw(z)
    difference = first_difference(drawn.pixels, golden("tiny").rgb(z))
    assert difference is not None
    assert "plane R" in difference


def test_the_record_shows_what_left_the_core(hardware):
    z = draw_z(1, SEED)
    record = hardware("compact").record(z[0])
    flags = record[:, 0]
    taken = record[((flags >> 12) & (flags >> 13) & 1) == 1][:, 1].astype(np.uint8).view(np.int8)
    np.testing.assert_array_equal(taken[: z.shape[1]], z[0])
    moved = ((flags >> 19) & (flags >> 20) & 1) == 1
    planes = ((record[moved][:, 1] >> 8) & 255).astype(np.uint8).reshape(3, 32, 32)
    assert first_difference(planes[None], golden("compact").rgb(z)) is None
