# SPDX-License-Identifier: Apache-2.0
"""A sheet of sprites: its grid, given or found, and its cells.

Rows and columns are searched for apart, by what a seam between two rows (or columns) of pixels cuts
through: the smallest pitch counts whose seams are all clean. Several pitches may do where there is
room between sprites; then those that tile the sheet, or do so with margin and spacing, come before
others. Where sprites touch, colours must change more at the seams than elsewhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import numpy as np

from dcgan.data.background import colour_steps, packed

SMALLEST, LARGEST = 8, 4096
"""Sides of cells."""
LARGEST_GAP = 8
"""Margin and spacing of a grid that is found."""
ODDEST = 3 * LARGEST_GAP
"""Rank of a grid without a regular margin."""
FILLED_SHARE = 0.75
"""At least this share of the rows, and of the columns, of a grid that is found holds something."""
CUT_SHARES = (0.02, 0.1)
"""Clean seams cut through this share of what others cut; the second if the first finds none."""
HELD_SHARE = 0.2
"""A row of cells holds something if it has this share of the drawn pixels of the fullest."""
SOLID_SHARE = 0.99
"""Cells filled to this share are pictures with a background of their own, framed by lines."""
STANDS_OUT, SEAMS_SHARE = 2.0, 0.8
"""Colours change so much more at this share of the seams of touching sprites."""


@dataclass(frozen=True)
class Axis:
    """Rows or columns of a grid: `count` cells of `side` pixels, one every `pitch`."""

    first: int  # pixel at which cell 0 begins; may lie outside the sheet
    pitch: int
    side: int
    count: int

    def scaled(self, factor: int) -> Axis:
        """The same axis of a sheet that is enlarged."""
        return Axis(*(factor * v for v in (self.first, self.pitch, self.side)), self.count)


@dataclass(frozen=True)
class Grid:
    """Places of cells in a sheet."""

    rows: Axis
    columns: Axis

    def cell(self, rgba: np.ndarray, row: int, column: int) -> np.ndarray:
        """Cell [side, side, 4]; transparent where it reaches out of the sheet."""
        spans = []
        wanted = (self.rows, row), (self.columns, column)
        for (axis, number), limit in zip(wanted, rgba.shape, strict=False):
            start = axis.first + number * axis.pitch
            spans.append((start, max(0, start), min(limit, start + axis.side)))
        (top, y0, y1), (left, x0, x1) = spans
        inner = rgba[y0:y1, x0:x1]
        if inner.shape[:2] == (self.rows.side, self.columns.side):
            return inner
        cell = np.zeros((self.rows.side, self.columns.side, *rgba.shape[2:]), rgba.dtype)
        cell[y0 - top : y1 - top, x0 - left : x1 - left] = inner
        return cell


def parse_grid(text: str) -> tuple[int, int]:
    """'32x48' -> (width, height)."""
    match = re.fullmatch(r"(\d{1,6})[x×](\d{1,6})", text.strip().lower())
    sides = tuple(map(int, match.groups())) if match else (0, 0)
    if not all(1 <= side <= LARGEST for side in sides):
        raise ValueError(f"--grid {text}: give WIDTHxHEIGHT of a cell, such as 32x32")
    return sides


def parse_rows(text: str) -> tuple[int, ...]:
    """'0,2-3' -> (0, 2, 3)."""
    rows: set[int] = set()
    for word in text.split(","):
        match = re.fullmatch(r"(\d{1,5})(?:-(\d{1,5}))?", word.strip())
        first, last = (int(match[1]), int(match[2] or match[1])) if match else (1, 0)
        if first > last:
            raise ValueError(f"--rows {text}: give numbers of rows from 0 on, such as 0,2-3")
        rows |= set(range(first, last + 1))
    return tuple(sorted(rows))


def given_grid(name: str, size: tuple[int, int], cell: tuple[int, int], margin: int, gap: int):
    """The grid of cells (width, height) in a sheet of `size` (height, width)."""
    axes = [
        Axis(margin, side + gap, side, max(0, (length - margin + gap) // (side + gap)))
        for length, side in zip(size, cell[::-1], strict=True)
    ]
    if not all(axis.count for axis in axes):
        what = f"--grid {cell[0]}x{cell[1]} --margin {margin}"
        raise ValueError(f"{name} is {size[1]}x{size[0]}: no cell of {what} fits into it")
    return Grid(*axes)


def find_grid(name: str, rgba: np.ndarray, mask: np.ndarray | None) -> Grid:
    """The grid of a sheet; ValueError that asks for --grid if there is none to be seen."""
    if mask is not None and not mask.any():
        raise ValueError(f"{name} is empty: nothing is drawn on it")
    block = _block(packed(rgba))
    rgba = rgba[::block, ::block]
    smallest = max(3, -(-SMALLEST // block))
    views = rgba, rgba.transpose(1, 0, 2)
    found: list[list[Axis]] = [[], []]
    if mask is not None:
        mask = mask[::block, ::block]
        found = [_separate(turned, smallest, block) for turned in (mask, mask.T)]
        for axis, other in ((0, 1), (1, 0)):
            drawn = np.ptp(np.flatnonzero(mask.any(axis=other))) + 1
            if not found[axis] and any(drawn <= a.pitch for a in found[other]):
                found[axis] = [_tiles(len(views[axis]), len(views[axis]))]
    for axis in (0, 1):
        found[axis] = found[axis] or _touching(views[axis], smallest)
    for axis, other in ((0, 1), (1, 0)):
        fitting = [a.pitch for a in found[other] if len(views[axis]) % a.pitch == 0]
        found[axis] = found[axis] or [_tiles(len(views[axis]), p) for p in fitting]  # square
    if not all(found):
        raise ValueError(f"the grid of {name} is not clear: give it, for example --grid 32x32")
    rows, columns = found[0][0], found[1][0]
    loose = any(a.first or a.pitch > a.side for a in (rows, columns))
    if loose and min(rows.count, columns.count) > 1:
        square = [(a, b) for a in found[0] for b in found[1] if a.pitch == b.pitch]
        rows, columns = next(iter(square), (rows, columns))
    return Grid(rows.scaled(block), columns.scaled(block))


def without_frames(grid: Grid, mask: np.ndarray, chosen: list[tuple[int, int]]) -> Grid:
    """`grid` without the lines between its cells, if cells are pictures all over."""
    union = np.logical_or.reduce([grid.cell(mask, *place) for place in chosen])
    axes = []
    for axis, number in ((grid.rows, 0), (grid.columns, 1)):
        places = np.flatnonzero(union.any(axis=1 - number))
        first, side = int(places[0]), int(places[-1] - places[0]) + 1
        axes.append(replace(axis, first=axis.first + first, side=side))
    inner = Grid(*axes)
    solid = all(inner.cell(mask, *place).mean() >= SOLID_SHARE for place in chosen)
    return inner if solid else grid


def _tiles(length: int, pitch: int) -> Axis:
    return Axis(0, pitch, pitch, length // pitch)


def _block(pixels: np.ndarray) -> int:
    """The sheet consists of blocks of so many pixels a side, each of one colour."""
    block = 0
    for turned in (pixels, pixels.T):
        edges = np.flatnonzero((turned[1:] != turned[:-1]).any(axis=1)) + 1
        block = int(np.gcd.reduce(edges, initial=int(np.gcd(block, len(turned)))))
    return block


def _separate(mask: np.ndarray, smallest: int, block: int) -> list[Axis]:
    """Rows of a sheet whose sprites hardly touch, the likeliest first; none if they do or there is
    one row only."""
    length, profile = len(mask), mask.sum(axis=1)
    contact = np.zeros(length)  # pixels that are drawn on both sides of a seam
    contact[1:] = (mask[1:] & mask[:-1]).sum(axis=1)
    usual = contact[profile > 0].mean()
    found: list[tuple[int, int, Axis]] = []  # width of what is drawn, how odd the layout is, axis
    limit = length // 2
    for pitch in range(smallest, limit + 1):
        if pitch > limit:
            break
        tries = (_clean_seams(contact, pitch, share * usual) for share in CUT_SHARES)
        start, run = next((found for found in tries if found[1]), (0, 0))
        if run and _filled(profile, start + run // 2, pitch) >= FILLED_SHARE:
            limit = min(limit, 2 * pitch - 1)  # larger ones hold several sprites
            layouts = _layouts(length, pitch, start, run, block)
            found += [(pitch + 1 - run, odd, axis) for odd, axis in layouts.items()]
    if not found:
        return []
    narrowest = min(drawn for drawn, _, _ in found)
    good = [
        (odd, drawn, axis)
        for drawn, odd, axis in found
        if drawn <= narrowest + (max(2, axis.pitch // 32) if odd < ODDEST else 0)
    ]
    return [_trimmed(g[2], profile) for g in sorted(good, key=lambda g: g[:2])]


def _layouts(length: int, pitch: int, start: int, run: int, block: int) -> dict[int, Axis]:
    """Axes of a pitch whose seams lie in a run of places, by how odd they are: cells side by side
    (0) or of a multiple of 8 pixels with small margin and spacing; else seams amid the run."""
    middle = (start + run // 2) % pitch - pitch
    found = {ODDEST: Axis(middle, pitch, pitch, -((middle - length) // pitch))}
    for margin in range(LARGEST_GAP + 1):
        count = -((2 * margin - length) // pitch)
        gap = 2 * margin + count * pitch - length
        side = pitch - gap
        clean = all((place - start) % pitch < run for place in (margin, margin - gap))
        whole = margin == gap == 0 or side * block % SMALLEST == 0 < side
        if gap <= LARGEST_GAP and clean and whole:
            found.setdefault(margin + gap, Axis(margin, pitch, side, count))
    return found


def _clean_seams(contact: np.ndarray, pitch: int, cut: float) -> tuple[int, int]:
    """The longest run of places 0..pitch-1 where all seams together hardly cut: start, length."""
    padded = np.concatenate((contact, np.zeros(-len(contact) % pitch)))
    seams = np.full(pitch, -(-len(contact) // pitch))
    seams[0] -= 1  # the border of the sheet is none
    seams[len(contact) % pitch or pitch :] -= 1
    bad = np.flatnonzero(padded.reshape(-1, pitch).sum(axis=0) > cut * np.maximum(seams, 1))
    if not len(bad):
        return 0, 0
    gaps = np.diff(bad, append=bad[0] + pitch) - 1
    widest = int(gaps.argmax())
    return (int(bad[widest]) + 1) % pitch, int(gaps[widest])


def _filled(profile: np.ndarray, first: int, pitch: int) -> float:
    """The share of cells that hold something, between the first and the last; 0 for one cell."""
    cells = (np.arange(len(profile)) - first) // pitch
    amounts = np.bincount(cells - cells[0], weights=profile)
    held = np.flatnonzero(amounts >= HELD_SHARE * amounts.max())
    return len(held) / (held[-1] - held[0] + 1) if len(held) > 1 else 0.0


def _trimmed(axis: Axis, profile: np.ndarray) -> Axis:
    """Where it has no regular margin, without empty cells before and after what is drawn."""
    if axis.first >= 0:
        return axis
    cells = (np.flatnonzero(profile) - axis.first) // axis.pitch
    first, last = int(cells[0]), int(cells[-1])
    return replace(axis, first=axis.first + first * axis.pitch, count=last - first + 1)


def _touching(rgba: np.ndarray, smallest: int) -> list[Axis]:
    """Rows of sprites that touch: the smallest divisor nearly all of whose seams stand out."""
    length = len(rgba)
    steps = colour_steps(rgba)
    for pitch in range(smallest, length // 2 + 1):
        seams = np.zeros(length, bool)
        seams[pitch::pitch] = True
        usual = np.median(steps[1:][~seams[1:]])
        if length % pitch == 0 and (steps[seams] > STANDS_OUT * usual).mean() >= SEAMS_SHARE:
            return [_tiles(length, pitch)]
    return []
