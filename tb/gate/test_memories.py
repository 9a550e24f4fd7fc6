# SPDX-License-Identifier: Apache-2.0
"""Block RAM contents of a routed design are exchanged, all of them and nothing else; stale designs
are refused."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from dcgan.core.shapes import preset
from dcgan.quant.random_network import random_integer
from synth_flow import memories, readback, retarget
from synth_flow.boards import FlowError, load

from tb.gate.test_readback import bram_init
from tb.lib.network import changed, exported, hardware, network, variant

RAM = tuple(n % 512 for n in range(readback.WORDS))  # of a RAM: it stays as it is


@pytest.fixture(scope="module")
def own():
    tiny = network("tiny")
    return changed(tiny, random_integer(preset("tiny"), 8), tiny.folding)


@pytest.fixture
def markers(tmp_path) -> Path:
    tiny = exported("tiny")
    memories.write_markers(tiny.rom_dir, tiny.package, tmp_path / "markers")
    return tmp_path / "markers"


def rom_blocks(folder: Path) -> list[readback.Block]:
    """What block RAMs hold of the ROMs in a folder: 36 bits wide, the tanh table 9."""
    found = []
    for path in sorted(folder.glob("*.hex")):
        words, width = readback.read_rom(path)
        found += readback.slices(words, width, 9 if path.name == "tanh.hex" else 36)
    return found


def configuration(blocks: list[readback.Block]) -> str:
    """As nextpnr writes it."""
    text = ".device LFE5U-85F\n\n"
    for number, block in enumerate(blocks, 3):
        text += bram_init(number, block)
    return text + ".tile R22C5:EBR\nenum: EBR.MODE DP16KD\n"


def shuffled(folder: Path) -> list[readback.Block]:
    """The blocks of a design: two ports of layer 4 hold the same, and a RAM is among them."""
    words, width = readback.read_rom(folder / "layer4.hex")
    blocks = [*rom_blocks(folder), *readback.slices(words, width, 36), RAM]
    random.Random(3).shuffle(blocks)
    return blocks


def test_every_marked_block_is_filled_and_no_other(own, markers):
    before = configuration(shuffled(markers))
    after = memories.fill_configuration(before, markers, own.rom_dir)
    assert after == configuration(shuffled(own.rom_dir))
    readback.compare(readback.blocks(after), own.rom_dir)


def test_block_rams_of_a_netlist_are_filled_likewise(own, markers):
    cells = {
        f"u_{number}.words": {"type": "DP16KD", "parameters": memories._parameters(block)}
        for number, block in enumerate(shuffled(markers))
    }
    count = memories.fill_netlist({"cells": cells}, markers, own.rom_dir)
    assert count == len(cells) - 1
    found = Counter(map(memories.block_of, cells.values()))
    assert found == Counter(shuffled(own.rom_dir))


def test_networks_of_a_preset_have_the_same_markers(own, markers, tmp_path):
    memories.write_markers(own.rom_dir, own.package, tmp_path / "again")
    names = [path.name for path in sorted(markers.iterdir())]
    assert names == [path.name for path in sorted((tmp_path / "again").iterdir())]
    for name in names:
        assert (markers / name).read_bytes() == (tmp_path / "again" / name).read_bytes(), name
    assert len(set(rom_blocks(markers))) == len(rom_blocks(markers)), "a marker occurs twice"


def test_a_block_that_is_missing_or_of_another_shape_is_named(own, markers):
    blocks = shuffled(markers)
    words, width = readback.read_rom(markers / "layer3.hex")
    blocks.remove(readback.slices(words, width, 36)[1])
    with pytest.raises(FlowError, match=r"the ROM layer3\.hex"):
        memories.fill_configuration(configuration(blocks), markers, own.rom_dir)
    layers = (replace(own.folding.layer(1), elements=50), *own.folding.layers[1:])
    serial = variant("tiny", layers=layers)
    with pytest.raises(FlowError, match="of another shape"):
        memories.fill_configuration(configuration(shuffled(markers)), markers, serial.rom_dir)


def test_a_design_that_is_not_there_stale_or_damaged_is_refused(tmp_path):
    board, advice, config = load("ulx3s_tiny"), "make synth BOARD=ulx3s_tiny", tmp_path / "c.config"
    with pytest.raises(FlowError, match=f"not been routed for this hardware yet: run `{advice}`"):
        retarget.routed(tmp_path, lambda: "key", board, advice)
    config.write_text("routed")
    retarget.remember(tmp_path, "key", config, {}, "")
    assert retarget.routed(tmp_path, lambda: "key", board, advice)["config"] == config.name
    with pytest.raises(FlowError, match=f"sources have changed .*: run `{advice}` again"):
        retarget.routed(tmp_path, lambda: "other", board, advice)
    config.write_text("cut off")
    with pytest.raises(FlowError, match="is damaged"):
        retarget.routed(tmp_path, lambda: "key", board, advice)


def test_a_network_finds_the_hardware_of_its_preset(own):
    assert hardware(own).name == "tiny"
    assert hardware(network("compact")).name == "compact"
    dense = variant("tiny", skip_zeros=False)
    assert hardware(dense).name == dense.name
