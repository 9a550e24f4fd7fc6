# SPDX-License-Identifier: Apache-2.0
"""ROMs are found again in the block RAMs of a bitstream, and a changed bit is noticed."""

from __future__ import annotations

import shutil
from collections import Counter

import pytest
from synth_flow import readback
from synth_flow.boards import FlowError

from tb.lib.network import exported


@pytest.fixture(scope="module")
def rom_dir():
    return exported("tiny").rom_dir


def contents(rom_dir) -> Counter:
    """What a bitstream of the ROMs would hold: weights and offsets 36 bits wide, tanh 9."""
    found: Counter = Counter()
    for path in rom_dir.glob("*.hex"):
        words, width = readback.read_rom(path)
        found.update(readback.slices(words, width, 9 if path.name == "tanh.hex" else 36))
    return found


def test_every_rom_is_found(rom_dir):
    found = readback.compare(contents(rom_dir), rom_dir)
    assert set(found) == {path.name for path in rom_dir.glob("*.hex")}
    assert found["layer1.hex"] == 12 and found["tanh.hex"] == 1


def test_a_changed_bit_in_a_rom_is_noticed(rom_dir, tmp_path):
    roms = tmp_path / "rom"
    shutil.copytree(rom_dir, roms)
    lines = (roms / "layer2.hex").read_text().splitlines()
    lines[7] = f"{int(lines[7], 16) ^ 1:0{len(lines[7])}x}"
    (roms / "layer2.hex").write_text("\n".join(lines) + "\n")
    with pytest.raises(FlowError, match=r"does not hold layer2\.hex"):
        readback.compare(contents(rom_dir), roms)


def test_blocks_of_a_configuration_are_read(rom_dir):
    words = ["1ff", "000", "0a5", *["000"] * 2045]
    rows = "\n".join(" ".join(words[i : i + 8]) for i in range(0, 2048, 8))
    text = f".device LFE5U-85F\n\n.bram_init 3\n{rows}\n\n.bram_init 4\n{rows}\n\n.tile X\n"
    found = readback.blocks(text)
    ((block, count),) = found.items()
    assert count == 2 and len(block) == 2048 and block[:3] == (0x1FF, 0, 0xA5)
