# SPDX-License-Identifier: Apache-2.0
"""ROMs are found again in the block RAMs of a bitstream, and a changed bit is noticed."""

from __future__ import annotations

import random
import shutil
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from synth_flow import bitstream, readback, tools
from synth_flow.boards import ROOT, FlowError

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


def bram_init(number: int, words: Sequence[int]) -> str:
    """A block RAM as nextpnr writes it."""
    rows = (words[i : i + 8] for i in range(0, len(words), 8))
    lines = (" ".join(f"{word:03x}" for word in row) for row in rows)
    return f".bram_init {number}\n" + "\n".join(lines) + "\n\n"


def test_blocks_of_a_configuration_are_read(rom_dir):
    words = [0x1FF, 0, 0xA5, *[0] * 2045]
    text = f".device LFE5U-85F\n\n{bram_init(3, words)}{bram_init(4, words)}.tile X\n"
    found = readback.blocks(text)
    ((block, count),) = found.items()
    assert count == 2 and len(block) == 2048 and block[:3] == (0x1FF, 0, 0xA5)


def run(name: str, *arguments: str | Path) -> None:
    """A tool of Project Trellis, which sees no file outside the repository."""
    words = [str(a.relative_to(ROOT)) if isinstance(a, Path) else a for a in arguments]
    log = next(a for a in arguments if isinstance(a, Path)).with_name(f"{name}.log")
    tools.run(f"yowasp-{name}", *words, log=log)


@pytest.fixture(scope="module")
def packed():
    """(configuration, bitstream) of a small chip whose block RAMs hold random words."""
    folder, dice = ROOT / "build" / "gate" / "packed", random.Random(5)
    folder.mkdir(parents=True, exist_ok=True)
    text, path = ".device LFE5U-25F\n\n", folder / "some.config"
    for number in (3, 4, 17, 55):
        text += bram_init(number, [dice.getrandbits(9) for _ in range(bitstream.WORDS)])
    path.write_text(text)
    bit = path.with_suffix(".bit")
    run("ecppack", "--compress", "--input", path, "--bit", bit)
    return path, bit


def test_a_bitstream_holds_what_it_was_packed_from(packed):
    config, bit = packed
    found = bitstream.blocks(bit.read_bytes())
    assert sum(found.values()) == 4 and found == readback.blocks(config.read_text())


def test_the_unpacker_of_the_tools_reads_the_same_blocks(packed):
    _, bit = packed
    again = bit.with_name("again.config")
    run("ecpunpack", "--input", bit, "--textcfg", again)
    assert bitstream.blocks(bit.read_bytes()) == readback.blocks(again.read_text())


def test_a_flipped_bit_of_a_block_ram_breaks_its_crc(packed):
    content = bytearray(packed[1].read_bytes())
    start = bitstream.COMMANDS.search(content).start(3)
    dice = random.Random(6)
    size = bitstream.FRAMES * bitstream.FRAME_BYTES
    for at in [start, *(start + dice.randrange(size) for _ in range(20)), start + size + 1]:
        content[at] ^= 1 << at % 8
        with pytest.raises(FlowError, match="wrong CRC after its block RAM 3"):
            bitstream.blocks(content)
        content[at] ^= 1 << at % 8


def test_a_block_ram_that_is_filled_twice_is_refused(packed):
    content = packed[1].read_bytes()
    first, second = list(bitstream.COMMANDS.finditer(content))[:2]
    twice = content[: second.start()] + first[0] + content[second.end() :]
    with pytest.raises(FlowError, match="fills its block RAM 3 twice"):
        bitstream.blocks(twice)
