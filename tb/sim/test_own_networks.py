# SPDX-License-Identifier: Apache-2.0
"""Networks of one's own beside the shipped one: each keeps its own ROMs and results."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from dcgan.core.shapes import NetworkConfig, preset
from dcgan.hw.folding import default_folding
from dcgan.quant.int_generator import save_integer
from dcgan.quant.random_network import random_integer

from tb.lib.network import NETWORKS, exported, network, network_name
from tb.sim import job
from tb.sim.run import sim_folder


@pytest.fixture
def own(tmp_path):
    """Two integer files of the shape of `tiny`."""
    paths = [tmp_path / f"{name}_int.safetensors" for name in ("first", "second")]
    for seed, path in enumerate(paths):
        save_integer(path, random_integer(preset("tiny"), seed + 5))
    return [str(path) for path in paths]


def report(name: str) -> dict:
    return json.loads((sim_folder(network(name), "verilator") / "report.json").read_text())


def test_two_own_networks_and_the_shipped_one_keep_their_own_results(own):
    names = [*own, "tiny"]
    for name in (*names, names[0]):
        assert job.run(name, "verilator", avatars=1, seed=1) == 0
    found = [report(name) for name in names]
    assert [r["network"] for r in found] == [network(name).name for name in names]
    assert len({r["network"] for r in found}) == 3
    assert all(r["mismatches"] == 0 for r in found)
    roms = [(exported(name).rom_dir / "layer2.hex").read_bytes() for name in names]
    assert len(set(roms)) == 3


def test_a_changed_file_is_another_network(own, tmp_path):
    before = network(own[0])
    save_integer(tmp_path / "first_int.safetensors", random_integer(preset("tiny"), 9))
    network.cache_clear()
    after = network(own[0])
    assert before.name != after.name and before.rom_dir != after.rom_dir
    assert after.name.startswith("first_int-")


def test_a_folding_of_its_own_makes_a_network_of_its_own(own, tmp_path):
    folding = replace(default_folding(preset("tiny")), skip_zeros=False)
    text = {"layers": [vars(fold) for fold in folding.layers], "skip_zeros": False}
    (tmp_path / "fold.json").write_text(json.dumps(text))
    dense = network(network_name(own[0], tmp_path / "fold.json"))
    assert not dense.folding.skip_zeros
    assert dense.name != network(own[0]).name


def test_a_shape_that_no_preset_has_gets_a_folding_that_fits(tmp_path):
    config = NetworkConfig("wide", (100, 24, 12, 6, 1))
    save_integer(tmp_path / "wide_int.safetensors", random_integer(config, 1))
    chosen = network(str(tmp_path / "wide_int.safetensors"))
    chosen.folding.check(config)
    assert chosen.folding.total_multipliers <= 156
    assert job.run(str(tmp_path / "wide_int.safetensors"), "verilator", avatars=1, seed=1) == 0


def test_labels_are_plain_words_whatever_the_file_is_called(own, tmp_path):
    odd = tmp_path / "作品 $(x)_int.safetensors"
    odd.write_bytes((tmp_path / "first_int.safetensors").read_bytes())
    label = network(str(odd)).name
    assert label.isascii() and "/" not in label and " " not in label
    assert np.array_equal(network(str(odd)).integers.v1, network(own[0]).integers.v1)
    assert network(str(odd)).folder.parent == NETWORKS
