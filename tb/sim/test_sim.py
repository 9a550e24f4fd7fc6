# SPDX-License-Identifier: Apache-2.0
"""Whole avatars: every pixel equals the golden model, in the cycles that the README prints."""

from __future__ import annotations

import shutil
from dataclasses import replace

import numpy as np
import pytest
from dcgan.core.latents import draw_z
from dcgan.hw.cycle_model import useful_macs
from dcgan.quant.golden import GoldenGenerator
from dcgan.quant.int_generator import save_integer

from tb.lib.network import exported
from tb.sim.report import first_difference, rom_problems
from tb.sim.run import draw, draw_fast

MAX_MULTIPLIERS = 156  # of an ECP5-85F
MAX_CYCLES = 8_700  # an avatar, steady state
MAX_LATENCY = 10_900  # cycles from the first byte of z to the last pixel, from rest
MIN_MACS = 9.5  # useful ones, a multiplier and cycle
AVATARS = {"verilator": 8, "icarus": 2}


def golden(network: str, z: np.ndarray) -> np.ndarray:
    return GoldenGenerator(exported(network).integers).rgb(z)


def test_tiny_avatars_equal_the_golden_model(simulator, tmp_path):
    z = draw_z(AVATARS[simulator], seed=11)
    full_speed = len(z) // 2  # the other half stalls on both sides
    frames = draw("tiny", z, simulator, seed=5, full_speed=full_speed, folder=tmp_path)
    assert first_difference(frames.pixels, golden("tiny", z)) is None


def test_a_network_with_binary_latents_takes_the_signs_of_normal_ones(simulator, tmp_path):
    base = exported("tiny")
    integers = replace(base.integers, metadata={**base.integers.metadata, "latents": "binary"})
    save_integer(tmp_path / "signs_int.safetensors", integers)
    z = draw_z(AVATARS[simulator], seed=12)
    z[0, ::3] = 0  # counts as positive
    name = str(tmp_path / "signs_int.safetensors")
    frames = draw(name, z, simulator, seed=5, full_speed=1, folder=tmp_path)
    assert first_difference(frames.pixels, golden(name, z)) is None
    assert not np.array_equal(frames.pixels, golden("tiny", z))


def test_extreme_latents_equal_the_golden_model(simulator, tmp_path):
    z = np.stack([np.zeros(100), np.full(100, 127), np.full(100, -127)]).astype(np.int8)
    z = z[: AVATARS[simulator]]
    frames = draw("tiny", z, simulator, folder=tmp_path)
    assert first_difference(frames.pixels, golden("tiny", z)) is None


def test_a_flipped_rom_bit_changes_a_named_pixel(simulator, tmp_path):
    roms, tiny = tmp_path / "flipped", exported("tiny")
    shutil.copytree(tiny.rom_dir, roms)
    file = roms / "parameters.hex"
    banner, *words = file.read_text().splitlines()
    last = sum(tiny.integers.config.channels[2:])  # the one bias of layer 4
    words[last] = f"{int(words[last], 16) ^ (1 << 8):0{len(words[last])}x}"
    file.write_text("\n".join([banner, *words]) + "\n")
    z = draw_z(1, seed=3)
    frames = draw("tiny", z, simulator, folder=tmp_path / "run", rom_dir=roms)
    difference = first_difference(frames.pixels, golden("tiny", z))
    assert difference is not None
    for part in ("plane R", "y=", "x=", "expected", "got"):
        assert part in difference


def test_a_changed_rom_file_is_named(tmp_path):
    network = exported("tiny")
    roms = tmp_path / "rom"
    shutil.copytree(network.rom_dir, roms)
    copy = replace(network, rom_dir=roms, package=roms / network.package.name)
    assert rom_problems(copy) == []
    with (roms / "layer2.hex").open("a") as file:
        file.write("0\n")
    (problem,) = rom_problems(copy)
    assert "layer2.hex" in problem


def test_the_program_draws_what_cocotb_draws(tmp_path):
    z = draw_z(12, seed=4)
    frames = draw_fast("tiny", z, full_speed=8, folder=tmp_path)
    assert first_difference(frames.pixels, golden("tiny", z)) is None


def test_compact_keeps_its_promise_of_cycles(tmp_path):
    network = exported("compact")
    z = draw_z(64, 64)
    frames = draw("compact", z, "verilator", full_speed=len(z), folder=tmp_path)
    assert first_difference(frames.pixels, golden("compact", z)) is None
    multipliers, cycles = network.folding.total_multipliers, frames.cycles_per_avatar
    assert multipliers <= MAX_MULTIPLIERS
    assert cycles <= MAX_CYCLES
    assert frames.latency_cycles <= MAX_LATENCY
    assert useful_macs(network.integers.config) / (multipliers * cycles) >= MIN_MACS


@pytest.mark.slow
def test_paper_runs_from_the_same_sources(tmp_path):
    z = draw_z(1, seed=2)
    frames = draw("paper", z, "verilator", folder=tmp_path)
    assert first_difference(frames.pixels, golden("paper", z)) is None
