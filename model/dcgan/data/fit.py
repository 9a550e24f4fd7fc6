# SPDX-License-Identifier: Apache-2.0
"""Pictures of any size -> 32x32, without blur wherever whole numbers allow it.

    1  all pictures of one size are cropped to one box, which holds what is drawn in any of them,
       so that figures keep their places relative to each other
    2  what was enlarged k times, so that it consists of k x k blocks of one colour, is undone
    3  what still has more than 32 pixels a side is averaged over areas, with premultiplied alpha
    4  what has at most half of 32 is enlarged by a whole factor, and the rest is transparent

A picture of 32x32 is taken as it is.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from dcgan.core.shapes import IMAGE_SIZE
from dcgan.data.background import packed

Size = tuple[int, int]
"""Height, width."""

EDGES = 12
"""Places where colours change, rows and columns together, that make blocks no accident."""
SMALLEST_DRAWN = 8
"""A figure has at least so many pixels a side; no larger blocks are looked for."""
STRIP = 2.7
"""A drawn part so many times wider than high (or higher than wide) is no single figure."""
SHEET_PARTS = 3
"""Nor is what consists of so many pieces across and down."""
ENLARGED_SHARE = 0.9
"""A common enlargement must suit this share of the pictures."""
WHOLE_RATIO = 1.125
"""Averaging uses the next whole ratio if that makes figures at most so many times smaller."""
FEWEST_DRAWN, DRAWN_SHARE = 4, 1 / 50
"""A picture with fewer drawn pixels, or this share of the usual number, is nearly empty."""


@dataclass(frozen=True)
class Measure:
    """What one picture needs to be fitted together with others."""

    size: Size
    box: tuple[int, int, int, int] | None  # top, left, bottom, right of what is drawn
    drawn: int  # pixels
    parts: tuple[int, int]  # pieces with empty rows, or empty columns, between them
    edges: tuple[np.ndarray, np.ndarray]  # rows, columns that differ from the one before: bool


@dataclass(frozen=True)
class Blocks:
    """Pictures of one size consist of blocks of one colour; `first` row and column begin one."""

    side: int = 1
    first: tuple[int, int] = (0, 0)


@dataclass(frozen=True)
class Plan:
    """How pictures of one size become 32x32: rows and columns to take, then the enlargement."""

    rows: np.ndarray
    columns: np.ndarray
    factor: int = 1

    def text(self, size: Size) -> str:
        """What is done to pictures of `size`, in words."""
        used = f"{size[1]}x{size[0]}"
        if (len(self.rows), len(self.columns)) != size:
            used += f", reduced to {len(self.columns)}x{len(self.rows)}"
        if max(len(self.rows), len(self.columns)) > IMAGE_SIZE:
            return f"{used}, averaged to {IMAGE_SIZE}x{IMAGE_SIZE}"
        return used + (f", enlarged {self.factor} times" if self.factor > 1 else "")


def measure(rgba: np.ndarray) -> Measure:
    """Measure a picture [H, W, 4] whose background is transparent."""
    drawn = rgba[:, :, 3] > 0
    profiles = drawn.any(axis=1), drawn.any(axis=0)
    rows, columns = (np.flatnonzero(profile) for profile in profiles)
    box = None
    if len(rows):
        box = (int(rows[0]), int(columns[0]), int(rows[-1]) + 1, int(columns[-1]) + 1)
    pixels = packed(rgba)
    edges = []
    for before, after in ((pixels[:-1], pixels[1:]), (pixels[:, :-1].T, pixels[:, 1:].T)):
        edges.append(np.concatenate(([False], (before != after).any(axis=1))))
    parts = tuple(int((np.diff(p, prepend=False) & p).sum()) for p in profiles)
    return Measure(rgba.shape[:2], box, int(drawn.sum()), parts, tuple(edges))


def why_unusable(measures: Sequence[Measure]) -> list[str | None]:
    """For every picture None, or why it is no single figure."""
    usual = defaultdict(list)
    for m in measures:
        usual[m.size].append(m.drawn)
    medians = {size: float(np.median(counts)) for size, counts in usual.items()}
    blocks = _blocks(measures)
    return [_why(m, medians[m.size], blocks[m.size].side) for m in measures]


def _why(m: Measure, usual: float, block: int) -> str | None:
    if m.box is None:
        return "is empty"
    if m.drawn < max(FEWEST_DRAWN * block**2, DRAWN_SHARE * usual):
        return f"is nearly empty ({m.drawn} drawn pixels)"
    height, width = m.box[2] - m.box[0], m.box[3] - m.box[1]
    for drawn, sides, parts in (
        ((width, height), m.size[::-1], m.parts[1]),
        ((height, width), m.size, m.parts[0]),
    ):
        elongated = sides[0] >= STRIP * sides[1] or parts > 1  # a lance in a square is no strip
        if drawn[0] > IMAGE_SIZE * block and drawn[0] >= STRIP * drawn[1] and elongated:
            return (
                f"looks like a strip of several pictures (what is drawn is {width}x{height}): "
                "cut it, or give it to --data by itself"
            )
    if max(width, height) > IMAGE_SIZE * block and min(m.parts) >= SHEET_PARTS:
        return "looks like a sheet of several pictures: give it to --data by itself"
    return None


def plans(measures: Sequence[Measure]) -> dict[Size, Plan]:
    """The plan of every size, for pictures that are usable."""
    blocks = _blocks(measures)
    boxes: dict[Size, list[tuple[int, int, int, int]]] = defaultdict(list)
    for m in measures:
        boxes[m.size].append(m.box)
    drawn, whole = {}, {}
    for size, found in boxes.items():
        corners = np.array(found)
        starts, stops = corners[:, :2].min(axis=0), corners[:, 2:].max(axis=0)
        drawn[size] = [_places(starts[a], stops[a], size, a, blocks[size]) for a in (0, 1)]
        whole[size] = [_places(0, size[a], size, a, blocks[size]) for a in (0, 1)]
        if size == (IMAGE_SIZE, IMAGE_SIZE):
            drawn[size] = whole[size]
    common = _common_factor(drawn, Counter(m.size for m in measures))
    return {size: _plan(drawn[size], whole[size], common) for size in boxes}


def fit(rgba: np.ndarray, plan: Plan) -> np.ndarray:
    """One picture [H, W, 4] -> uint8 [32, 32, 4]."""
    part = rgba[plan.rows[:, None], plan.columns]
    if max(part.shape[:2]) > IMAGE_SIZE:
        return _averaged(part)
    part = part.repeat(plan.factor, axis=0).repeat(plan.factor, axis=1)
    top, left = ((IMAGE_SIZE - side) // 2 for side in part.shape[:2])
    fitted = np.zeros((IMAGE_SIZE, IMAGE_SIZE, 4), np.uint8)
    fitted[top : top + part.shape[0], left : left + part.shape[1]] = part
    return fitted


def _blocks(measures: Iterable[Measure]) -> dict[Size, Blocks]:
    """The blocks of every size; only what is larger than 32x32 is looked at."""
    edges: dict[Size, tuple[np.ndarray, np.ndarray]] = {}
    sides: Counter[Size] = Counter()
    found = {}
    for m in measures:
        found[m.size] = Blocks()
        if m.box is not None:
            seen = edges.setdefault(m.size, tuple(np.zeros_like(axis) for axis in m.edges))
            for union, axis in zip(seen, m.edges, strict=True):
                union |= axis
            sides[m.size] = max(sides[m.size], m.box[2] - m.box[0], m.box[3] - m.box[1])
    for size, axes in edges.items():
        places = [np.flatnonzero(axis) for axis in axes]
        if sides[size] > IMAGE_SIZE and sum(map(len, places)) >= EDGES:
            step = int(np.gcd(*(np.gcd.reduce(np.diff(axis)) for axis in places)))
            limit = sides[size] // SMALLEST_DRAWN
            side = max(d for d in range(1, min(step, limit) + 1) if step % d == 0)
            first = tuple(int(axis[0]) % side if len(axis) else 0 for axis in places)
            found[size] = Blocks(side, first)
    return found


def _places(start: int, stop: int, size: Size, axis: int, blocks: Blocks) -> np.ndarray:
    """One row (axis 0) or column (1) of every block between `start` and `stop`."""
    side, first = blocks.side, blocks.first[axis]
    numbers = np.arange((start - first) // side, -((first - stop) // side))
    return np.clip(first + numbers * side + side // 2, 0, size[axis] - 1)


def _common_factor(drawn: dict[Size, list[np.ndarray]], counts: Counter[Size]) -> int:
    """The largest enlargement that suits nearly all pictures that need not be shrunk."""
    sides = {size: max(map(len, axes)) for size, axes in drawn.items()}
    total = sum(counts[size] for size, side in sides.items() if side <= IMAGE_SIZE)
    for factor in range(IMAGE_SIZE, 1, -1):
        suited = sum(counts[size] for size, side in sides.items() if factor * side <= IMAGE_SIZE)
        if suited and suited >= ENLARGED_SHARE * total:
            return factor
    return 1


def _plan(drawn: list[np.ndarray], whole: list[np.ndarray], common: int) -> Plan:
    """Crop only what would not fit whole."""
    side = max(map(len, drawn))
    if side > IMAGE_SIZE:
        return Plan(*drawn)
    factor = min(common, IMAGE_SIZE // side)
    chosen = [
        every if factor * len(every) <= IMAGE_SIZE else some
        for some, every in zip(drawn, whole, strict=True)
    ]
    return Plan(*chosen, factor)


def _averaged(part: np.ndarray) -> np.ndarray:
    """Area averages [H, W, 4] -> [32, 32, 4], by a whole ratio if that is close enough."""
    ratio = max(part.shape[:2]) / IMAGE_SIZE
    if np.ceil(ratio) <= WHOLE_RATIO * ratio:
        ratio = np.ceil(ratio)
    down, across = (_area_weights(side, ratio) for side in part.shape[:2])
    alpha = part[:, :, 3].astype(np.float32)
    cover = down @ alpha @ across.T  # [32, 32], 0..255
    fitted = np.zeros((IMAGE_SIZE, IMAGE_SIZE, 4), np.uint8)
    fitted[:, :, 3] = np.floor(cover + 0.5)
    seen = fitted[:, :, 3] > 0
    for channel in range(3):
        premultiplied = down @ (part[:, :, channel] * alpha) @ across.T
        fitted[seen, channel] = np.floor(premultiplied[seen] / cover[seen] + 0.5).clip(0, 255)
    return fitted


def _area_weights(side: int, ratio: float) -> np.ndarray:
    """float32 [32, side]: the share of each place of a centred axis in each of 32 averages."""
    before = np.floor((IMAGE_SIZE * ratio - side) / 2)  # empty places
    lower = np.arange(IMAGE_SIZE)[:, None] * ratio - before
    places = np.arange(side)
    overlap = np.minimum(lower + ratio, places + 1) - np.maximum(lower, places)
    return (overlap.clip(0) / ratio).astype(np.float32)
