# SPDX-License-Identifier: Apache-2.0
"""Block RAM contents exchanged, in a routed configuration or in a netlist.

The netlist of a preset is synthesised with markers in its ROMs: random words, so that no two slices
of them are the same. A block is then known by what it holds, wherever it was placed, and another
network is other contents in the place of the markers.
"""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from pathlib import Path
from typing import Any

from dcgan.core.files import write_all
from dcgan.hw.rom import MANIFEST, PACKAGE

from . import readback
from .bitstream import WORD_BITS, Block
from .boards import FlowError
from .readback import BLOCK, SLICES, read_rom, slices

BLOCK_RAM = "DP16KD"
PARTS = 64  # INITVAL_00 .. INITVAL_3F
PAIRS, PAIR_BITS = 16, 20  # of words in a part; two bits of a pair are not used


def write_markers(rom_dir: Path, package: Path, folder: Path) -> None:
    """ROMs of the shapes of those in `rom_dir`, filled with markers; the package without banner.

    Whatever network they are made from: networks of one preset give the same files.
    """
    files = json.loads((rom_dir / MANIFEST).read_text())["files"]
    texts = {folder / PACKAGE: _without_comments(package.read_text())}
    for name, entry in files.items():
        if name.endswith(".hex"):
            dice, width = random.Random(name), entry["width"]
            words = (f"{dice.getrandbits(width):0{-(-width // 4)}x}" for _ in range(entry["words"]))
            texts[folder / name] = "\n".join(words) + "\n"
    folder.mkdir(parents=True, exist_ok=True)
    write_all(texts)


def _without_comments(package: str) -> str:
    lines = package.splitlines()
    return "\n".join(line for line in lines if not line.lstrip().startswith("//")) + "\n"


def exchanged(present: Counter[Block], markers: Path, rom_dir: Path) -> dict[Block, Block]:
    """Block with markers -> the block that `rom_dir` wants in its place, for every ROM."""
    found: dict[Block, Block] = {}
    for path in sorted(markers.glob("*.hex")):
        (old, width), (new, new_width) = read_rom(path), read_rom(rom_dir / path.name)
        if (len(old), width) != (len(new), new_width):
            raise FlowError(f"{rom_dir / path.name} is of another shape than the hardware's")
        for bits in SLICES:
            marked = slices(old, width, bits)
            if all(block in present for block in marked):
                found.update(zip(marked, slices(new, width, bits), strict=True))
                break
        else:
            raise FlowError(f"no set of block RAMs of the routed design is the ROM {path.name}")
    return found


def fill_configuration(config: str, markers: Path, rom_dir: Path) -> str:
    """A routed text configuration with the contents of `rom_dir`."""
    wanted = exchanged(readback.blocks(config), markers, rom_dir)

    def filled(match: re.Match) -> str:
        block = readback.words(match[2])
        if block not in wanted:
            return match[0]
        return f".bram_init {match[1]}\n{readback.rows(wanted[block], match[2])}"

    return BLOCK.sub(filled, config)


def fill_netlist(module: dict[str, Any], markers: Path, rom_dir: Path) -> int:
    """The same for a flat module of a Yosys netlist, in place; how many blocks were filled."""
    blocks = [cell for cell in module["cells"].values() if cell["type"] == BLOCK_RAM]
    present = [block_of(cell) for cell in blocks]
    wanted = exchanged(Counter(present), markers, rom_dir)
    count = 0
    for cell, block in zip(blocks, present, strict=True):
        if block in wanted:
            cell["parameters"].update(_parameters(wanted[block]))
            count += 1
    return count


def block_of(cell: dict[str, Any]) -> Block:
    """What a block RAM of a netlist holds at power-up, as words of nine bits."""
    words: list[int] = []
    for part in range(PARTS):
        text = cell["parameters"].get(f"INITVAL_{part:02X}", "0").replace("x", "0")
        value = int(text, 2)
        for pair in range(PAIRS):
            two = value >> (PAIR_BITS * pair)
            words += [two & 0x1FF, two >> WORD_BITS & 0x1FF]
    return tuple(words)


def _parameters(block: Block) -> dict[str, str]:
    found = {}
    for part in range(PARTS):
        value = 0
        for pair in range(PAIRS):
            low, high = block[2 * (PAIRS * part + pair) :][:2]
            value |= (high << WORD_BITS | low) << (PAIR_BITS * pair)
        found[f"INITVAL_{part:02X}"] = f"{value:0{PAIRS * PAIR_BITS}b}"
    return found
