# SPDX-License-Identifier: Apache-2.0
"""ROM contents read back from an ECP5 bitstream, and compared with the hex files of a network.

ecpunpack gives, for every block RAM, 2,048 words of 9 bits (`.bram_init`). A ROM of W bits a
word lies in slices of w = 36, 18 or 9 bits: address a of slice k holds bits [wk, wk + w) of word
a, as w / 9 consecutive words of the block, low bits first. The bitstream is right if every slice
of every ROM is the content of one of its blocks (yosys.py makes all of them block RAM).
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from . import tools
from .boards import ROOT, FlowError

WORDS, WORD_BITS = 2048, 9
SLICES = (36, 18, 9)
BLOCK = re.compile(r"^\.bram_init (\d+)\n((?:[0-9a-fA-F]+[ \n])+)", re.MULTILINE)

Block = tuple[int, ...]


def unpack(bitstream: Path) -> Counter[Block]:
    """Contents of all block RAMs of a bitstream, with how often each occurs."""
    config = bitstream.with_suffix(".unpacked")
    tools.run(
        "yowasp-ecpunpack",
        *("--input", str(bitstream.relative_to(ROOT))),
        *("--textcfg", str(config.relative_to(ROOT))),
        log=bitstream.with_name("ecpunpack.log"),
    )
    try:
        return blocks(config.read_text())
    finally:
        config.unlink()


def blocks(config: str) -> Counter[Block]:
    """The same from an unpacked configuration."""
    return Counter(
        tuple(int(word, 16) for word in match[2].split()) for match in BLOCK.finditer(config)
    )


def slices(words: list[int], width: int, bits: int) -> list[Block]:
    """A ROM of `width` bits a word as blocks of `bits` a slice; what is not used is zero."""
    parts = bits // WORD_BITS
    depth = WORDS // parts
    found = []
    for first in range(0, len(words), depth):
        for low in range(0, width, bits):
            content = [0] * WORDS
            for address, word in enumerate(words[first : first + depth]):
                piece = (word >> low) & ((1 << bits) - 1)
                for part in range(parts):
                    content[parts * address + part] = piece >> (WORD_BITS * part) & 0x1FF
            found.append(tuple(content))
    return found


def read_rom(path: Path) -> tuple[list[int], int]:
    """(words, bits a word rounded up to whole digits) of a hex file with a banner."""
    lines = [line for line in path.read_text().splitlines() if not line.startswith("//")]
    return [int(line, 16) for line in lines], 4 * len(lines[0])


def compare(contents: Counter[Block], rom_dir: Path) -> dict[str, int]:
    """ROM -> how many blocks of the bitstream hold it; FlowError names one that is missing."""
    found = {}
    for path in sorted(rom_dir.glob("*.hex")):
        words, width = read_rom(path)
        for bits in SLICES:
            wanted = slices(words, width, bits)
            if all(block in contents for block in wanted):
                found[path.name] = len(wanted)
                break
        else:
            raise FlowError(
                f"the bitstream does not hold {path.name}: its block RAMs were read back, and no "
                "set of them is this ROM; remove the board's folder below build/synth and try again"
            )
    return found


def check(bitstream: Path, rom_dir: Path) -> dict[str, int]:
    """Read `bitstream` back and compare it with the ROMs of `rom_dir`."""
    return compare(unpack(bitstream), ROOT / rom_dir)
