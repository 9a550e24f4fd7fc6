# SPDX-License-Identifier: Apache-2.0
"""What is figure and what is background: colour keys, cutting out, laying on a colour.

A key is the colour of the background of pictures without transparency. It is taken away where it is
connected with the border of the picture, so that the same colour inside a figure stays.
"""

from __future__ import annotations

import re
from collections import Counter

import numpy as np
from scipy import ndimage

Colour = tuple[int, int, int]

NAMES: dict[str, Colour] = {"black": (0, 0, 0), "white": (255, 255, 255)}
KEY_SHARE = 1 / 3
"""A key that is found must hold this share of all border pixels."""


def parse_colour(text: str, what: str) -> Colour:
    """'#ff00ff', 'black' or 'white' -> (r, g, b); ValueError, which names `what`, else."""
    word = text.strip().lower()
    if word in NAMES:
        return NAMES[word]
    match = re.fullmatch(r"#?([0-9a-f]{6})", word)
    if not match:
        raise ValueError(f"{what} '{text}': give a colour like '#ff00ff', or {', '.join(NAMES)}")
    return tuple(bytes.fromhex(match[1]))


def colour_text(colour: Colour | np.ndarray) -> str:
    """(255, 0, 255) -> '#ff00ff'."""
    return "#" + bytes(int(value) for value in colour).hex()


def packed(pixels: np.ndarray) -> np.ndarray:
    """uint8 [..., 4] -> uint32 [...], one number a pixel, to compare and count."""
    return np.ascontiguousarray(pixels).view(np.uint32)[..., 0]


def distinct_colours(pixels: np.ndarray) -> np.ndarray:
    """uint8 [..., 3] -> the different colours, sorted, uint8 [colours, 3]."""
    return np.unique(pixels.reshape(-1, 3), axis=0)


def colour_steps(rgba: np.ndarray) -> np.ndarray:
    """How much every row [H, W, 4] differs from the one before, float [H]; 0 for the first."""
    steps = np.zeros(len(rgba))
    for start in range(0, len(rgba) - 1, 256):  # in strips, to need little memory
        rows = rgba[start : start + 257].astype(np.int16)
        change = np.abs(np.diff(rows, axis=0)).sum(axis=(1, 2), dtype=np.int64)
        steps[start + 1 : start + 1 + len(change)] = change
    return steps


def border_colours(rgba: np.ndarray) -> Counter[Colour]:
    """How often each opaque colour lies on the border of a picture [H, W, 4]."""
    sides = (rgba[0], rgba[-1], rgba[1:-1, 0], rgba[1:-1, -1])
    border = np.concatenate(sides)
    numbers, counts = np.unique(packed(border), return_counts=True)
    colours = numbers[:, None].view(np.uint8).reshape(-1, 4)
    return Counter(
        {
            tuple(int(value) for value in colour[:3]): int(count)
            for colour, count in zip(colours, counts, strict=True)
            if colour[3] == 255
        }
    )


def most_common(colours: Counter[Colour]) -> Colour | None:
    """The colour with most pixels, if it has `KEY_SHARE` of them: then it is the background."""
    if not colours:
        return None
    colour, count = min(colours.items(), key=lambda item: (-item[1], item[0]))
    return colour if count >= KEY_SHARE * colours.total() else None


def drawn_mask(rgba: np.ndarray, key: Colour | None, find: bool) -> np.ndarray | None:
    """What of a sheet is drawn, bool [H, W]: by transparency, else by its background colour, `key`
    or found. None if it has neither."""
    opaque = rgba[:, :, 3] > 0
    if not opaque.all():
        find = False
    if find:
        key = most_common(border_colours(rgba))
    if key is not None:
        return opaque & (packed(rgba) != packed(np.array([[*key, 255]], np.uint8))[0])
    return None if opaque.all() else opaque


def outside(mask: np.ndarray) -> np.ndarray:
    """The part of a mask [H, W] that is connected with the border, by sides and not corners."""
    parts, count = ndimage.label(mask)
    touching = np.zeros(count + 1, bool)
    for side in (parts[0], parts[-1], parts[:, 0], parts[:, -1]):
        touching[side] = True
    touching[0] = False
    return touching[parts]


def cut_out(rgba: np.ndarray, key: Colour) -> np.ndarray:
    """A copy [H, W, 4] that is transparent (and black) where `key` comes in from the border.

    What is transparent already lets it through.
    """
    wanted = packed(np.array([[*key, 255]], np.uint8))[0]
    numbers = packed(rgba)
    cut = rgba.copy()
    cut[outside((numbers == wanted) | (rgba[:, :, 3] == 0))] = 0
    return cut


def cut_out_near(rgb: np.ndarray, background: Colour, tolerance: int) -> np.ndarray:
    """[H, W, 3] -> [H, W, 4], transparent where colours close to `background` come in.

    Close: no channel differs by more than `tolerance`.
    """
    away = np.abs(rgb.astype(np.int16) - np.array(background, np.int16)).max(axis=2)
    rgba = np.dstack((rgb, np.full(rgb.shape[:2], 255, np.uint8)))
    rgba[outside(away <= tolerance)] = 0
    return rgba


def lay_on(rgba: np.ndarray, background: Colour) -> np.ndarray:
    """[..., 4] on a colour: uint8 [..., 3], rounded to the nearest."""
    alpha = rgba[..., 3:].astype(np.uint32)
    below = np.array(background, np.uint32) * (255 - alpha)
    return ((rgba[..., :3] * alpha + below + 127) // 255).astype(np.uint8)
