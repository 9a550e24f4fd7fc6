# SPDX-License-Identifier: Apache-2.0
"""Contents of 7-series block RAMs exchanged, whatever way a tool has cut the ROMs into them.

Which bits of a word go where is the tool's own business, and nothing says it. But the hardware of
a preset is built with markers in its ROMs (memories.py), random words: what one data line of a
block RAM gives out over all its addresses, a column, is then one bit of one ROM and no other. So a
column is known by what it holds, and another network is other columns in the same places.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .boards import FlowError
from .readback import read_rom

DATA_BITS = {"RAMB36E1": 32768, "RAMB18E1": 16384}
PARITY_SHARE = 8
"""Data bits for each bit of INITP, in the widths that have any."""

PARAMETER_BITS = 256
PARAMETER = re.compile(r"(INITP?)_([0-9A-F]{2}) (?:\d+'h)?([0-9a-fA-F]+)$")

Bits = np.ndarray
Line = tuple[str, str, int]
"""A data line: cell, INIT or INITP, number."""


@dataclass(frozen=True)
class Cell:
    """A block RAM at power-up: `arrays` are the bits of INIT and INITP, `width` those of a word."""

    name: str
    kind: str
    width: int
    arrays: dict[str, Bits]

    def views(self) -> Iterator[tuple[str, Bits]]:
        """INIT and INITP as [addresses, data lines]; a change of a view changes the cell."""
        parity = self.width // (PARITY_SHARE + 1) if self.width % (PARITY_SHARE + 1) == 0 else 0
        for name, lines in (("INIT", self.width - parity), ("INITP", parity)):
            if lines:
                yield name, self.arrays[name].reshape(-1, lines)


@dataclass(frozen=True)
class Place:
    """Where a data line finds what it holds: a bit of the words of a ROM from `first` on."""

    rom: str
    bit: int
    first: int


def parse(text: str) -> list[Cell]:
    """What vivado_blocks.tcl wrote: `cell NAME KIND WIDTHS...`, then a parameter a line."""
    cells: list[Cell] = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("cell "):
            _, name, kind, *widths = line.split()
            if kind not in DATA_BITS:
                raise FlowError(f"line {number}: {kind} is no block RAM that is known here")
            sizes = {"INIT": DATA_BITS[kind], "INITP": DATA_BITS[kind] // PARITY_SHARE}
            arrays = {key: np.zeros(bits, np.uint8) for key, bits in sizes.items()}
            cells.append(Cell(name, kind, max(map(int, widths)), arrays))
        elif cells and (match := PARAMETER.match(line)):
            start = PARAMETER_BITS * int(match[2], 16)
            value = int(match[3], 16).to_bytes(PARAMETER_BITS // 8, "little")
            bits = np.unpackbits(np.frombuffer(value, np.uint8), bitorder="little")
            cells[-1].arrays[match[1]][start : start + PARAMETER_BITS] = bits
        else:
            raise FlowError(f"line {number} of the block RAMs' contents: {line[:40]!r}")
    return cells


def find(cells: list[Cell], markers: Path) -> dict[Line, Place]:
    """Data line -> what it holds; FlowError if a bit of a ROM is nowhere."""
    roms = _read(markers)
    known: dict[int, dict[bytes, Place]] = {}
    found: dict[Line, Place] = {}
    for cell in cells:
        for array, view in cell.views():
            depth = len(view)
            if depth not in known:
                known[depth] = _columns(roms, depth)
            for line in range(view.shape[1]):
                if place := known[depth].get(np.packbits(view[:, line]).tobytes()):
                    found[cell.name, array, line] = place
    _check_whole(roms, cells, found)
    return found


def fill(cells: list[Cell], found: dict[Line, Place], rom_dir: Path) -> None:
    """Put the ROMs of `rom_dir` where those of the markers were found, in place."""
    roms = _read(rom_dir)
    for _, place, column in _marked(cells, found):
        column[:] = _column(roms[place.rom], place, len(column))


def commands(before: list[Cell], after: list[Cell]) -> str:
    """Tcl that sets what differs, for `source` in Vivado."""
    lines = []
    for old, new in zip(before, after, strict=True):
        changes = []
        for array, bits in new.arrays.items():
            for number in range(len(bits) // PARAMETER_BITS):
                part = slice(PARAMETER_BITS * number, PARAMETER_BITS * (number + 1))
                if not np.array_equal(old.arrays[array][part], bits[part]):
                    value = np.packbits(bits[part], bitorder="little").tobytes()[::-1].hex()
                    changes.append(f"{array}_{number:02X} {PARAMETER_BITS}'h{value}")
        if changes:
            lines.append(f"set_property -dict {{{' '.join(changes)}}} [get_cells {{{old.name}}}]")
    return "\n".join(lines) + "\n"


def compare(cells: list[Cell], found: dict[Line, Place], rom_dir: Path) -> dict[str, int]:
    """ROM -> how many data lines hold it; FlowError names a line that holds something else."""
    roms = _read(rom_dir)
    counts = dict.fromkeys(roms, 0)
    for cell, place, column in _marked(cells, found):
        if not np.array_equal(column, _column(roms[place.rom], place, len(column))):
            raise FlowError(
                f"{cell.name} does not hold bit {place.bit} of {place.rom}: the bitstream was not "
                "kept"
            )
        counts[place.rom] += 1
    return counts


def _marked(cells: list[Cell], found: dict[Line, Place]) -> Iterator[tuple[Cell, Place, Bits]]:
    """Every data line that holds a bit of a ROM, as a view that can be written."""
    for cell in cells:
        for array, view in cell.views():
            for line in range(view.shape[1]):
                if place := found.get((cell.name, array, line)):
                    yield cell, place, view[:, line]


def _read(folder: Path) -> dict[str, Bits]:
    """ROM -> its bits [words, width], the lowest first."""
    roms = {}
    for path in sorted(folder.glob("*.hex")):
        words, width = read_rom(path)
        raw = b"".join(word.to_bytes(-(-width // 8), "little") for word in words)
        bits = np.frombuffer(raw, np.uint8).reshape(len(words), -1)
        roms[path.name] = np.unpackbits(bits, axis=1, bitorder="little")[:, :width]
    return roms


def _column(rom: Bits, place: Place, depth: int) -> Bits:
    """What a data line with `depth` addresses holds; behind the ROM's end it is zero."""
    column = np.zeros(depth, np.uint8)
    words = rom[place.first : place.first + depth, place.bit]
    column[: len(words)] = words
    return column


def _columns(roms: dict[str, Bits], depth: int) -> dict[bytes, Place]:
    """Every column that block RAMs with `depth` addresses may hold."""
    places: dict[bytes, Place] = {}
    for name, rom in roms.items():
        for first in range(0, len(rom), depth):
            for bit in range(rom.shape[1]):
                place = Place(name, bit, first)
                column = np.packbits(_column(rom, place, depth)).tobytes()
                if not any(column):
                    continue  # above the word's width: hexadecimal digits are whole
                if column in places:
                    raise FlowError(
                        f"two bits of the ROMs have equal markers: {name}, of {len(rom)} words, "
                        "is too short to be told from others"
                    )
                places[column] = place
    return places


def _check_whole(roms: dict[str, Bits], cells: list[Cell], found: dict[Line, Place]) -> None:
    depths = {(cell.name, name): len(view) for cell in cells for name, view in cell.views()}
    seen = {name: np.zeros(rom.shape, bool) for name, rom in roms.items()}
    for (cell, array, _), place in found.items():
        seen[place.rom][place.first : place.first + depths[cell, array], place.bit] = True
    for name, rom in roms.items():
        lacking = np.flatnonzero(rom.any(axis=0) & ~seen[name].all(axis=0))
        if len(lacking):
            raise FlowError(
                f"no block RAM of the routed design holds bit {lacking[0]} of {name}: is it in "
                "registers or look-up tables?"
            )
