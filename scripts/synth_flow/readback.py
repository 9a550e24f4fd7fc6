# SPDX-License-Identifier: Apache-2.0
"""ROMs found again in the block RAMs of a design, and compared with the hex files of a network.

A block RAM is 2,048 words of 9 bits; nextpnr writes it as `.bram_init`. A ROM of W bits a word lies
in slices of w = 36, 18 or 9 bits: address a of slice k holds bits [wk, wk + w) of word a, as w / 9
consecutive words of the block, low bits first. A bitstream is right if every slice of every ROM is
the content of one of its blocks (yosys.py makes all of them block RAM).
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from .bitstream import WORD_BITS, WORDS, Block
from .boards import FlowError

SLICES = (36, 18, 9)
BLOCK = re.compile(r"^\.bram_init (\d+)\n((?:[0-9a-f]{3}[ \n])+)", re.MULTILINE)
TEXTS = tuple(f"{word:03x}" for word in range(1 << WORD_BITS))
NUMBERS = {text: word for word, text in enumerate(TEXTS)}


def blocks(config: str) -> Counter[Block]:
    """Contents of all block RAMs of a text configuration, with how often each occurs."""
    return Counter(words(match[2]) for match in BLOCK.finditer(config))


def words(text: str) -> Block:
    """Words of one block, as a configuration has them."""
    return tuple(map(NUMBERS.__getitem__, text.split()))


def rows(block: Block, text: str) -> str:
    """The reverse: `text` with other words, in rows as long as before."""
    across = len(text.split("\n", 1)[0].split())
    texts = [TEXTS[word] for word in block]
    lines = (" ".join(texts[at : at + across]) for at in range(0, len(texts), across))
    return "\n".join(lines) + "\n"


def slices(rom: list[int], width: int, bits: int) -> list[Block]:
    """A ROM of `width` bits a word as blocks of `bits` a slice; what is not used is zero."""
    parts = bits // WORD_BITS
    depth = WORDS // parts
    found = []
    for first in range(0, len(rom), depth):
        for low in range(0, width, bits):
            content = [0] * WORDS
            pieces = [(word >> low) & ((1 << bits) - 1) for word in rom[first : first + depth]]
            for part in range(parts):
                shift = WORD_BITS * part
                content[part : parts * len(pieces) : parts] = [p >> shift & 0x1FF for p in pieces]
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
        rom, width = read_rom(path)
        for bits in SLICES:
            wanted = slices(rom, width, bits)
            if all(block in contents for block in wanted):
                found[path.name] = len(wanted)
                break
        else:
            raise FlowError(
                f"the bitstream does not hold {path.name}: its block RAMs were read back, and no "
                "set of them is this ROM; remove the board's folder below build/synth and try again"
            )
    return found
