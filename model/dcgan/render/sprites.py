# SPDX-License-Identifier: Apache-2.0
"""Avatars as sprites: cut out of the background that a network was trained on, RGBA.

background   flood-filled from the border, with a tolerance, since a network draws it not quite
palette      every pixel of a figure takes the nearest colour of a palette, if there is one
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from scipy.spatial import cKDTree

from dcgan.core.images import planes_last, save_png
from dcgan.data import decode
from dcgan.data.background import Colour, cut_out_near, distinct_colours, parse_colour
from dcgan.data.sources import DataOptions, open_source

TOLERANCE = 24
"""A channel of the background may be off by so much, and by half the distance of the nearest colour
of the palette."""


def background_of(about: Mapping[str, Any]) -> Colour:
    """The background that a network remembers; networks before it was a choice have black."""
    return parse_colour(about.get("background", "black"), "the background of the network")


def palette_of(about: Mapping[str, Any]) -> np.ndarray:
    """The palette that a network remembers, uint8 [colours, 3]; ValueError if there is none."""
    colours = [parse_colour(text, "a palette's") for text in about.get("palette", ())]
    if not colours:
        raise ValueError(
            "the network keeps no palette (its training images have many colours, or it is older "
            "than palettes): give --palette a folder or a sheet"
        )
    return np.array(colours, np.uint8)


def source_colours(path: Path, most: int = 4096) -> np.ndarray:
    """The different colours of a folder, a picture or an NPY file: uint8 [colours, 3]."""
    path = Path(path)
    if path.is_dir():
        readers = [read for _, read in open_source(DataOptions(path)).pictures]
    elif decode.is_npy(path):
        array = decode.read_array(path)
        stack = array if array.ndim == 4 else array[None]
        readers = [partial(decode.as_rgba, picture) for picture in stack]
    else:
        readers = [lambda: decode.read_picture(path)[0]]
    colours = np.empty((0, 3), np.uint8)
    for read in readers:
        rgba = read()
        shown = rgba[rgba[:, :, 3] > 127][:, :3]
        colours = distinct_colours(np.concatenate((colours, shown)))
        if len(colours) > most:
            raise ValueError(f"{path} has more than {most} colours: it is no palette")
    if not len(colours):
        raise ValueError(f"{path} shows nothing: it is no palette")
    return colours


def sprites(
    pixels: np.ndarray, background: Colour, palette: np.ndarray | None = None
) -> np.ndarray:
    """uint8 [N, 3, 32, 32] -> uint8 [N, 32, 32, 4], black where transparent."""
    tolerance = TOLERANCE
    if palette is not None:
        distances = np.abs(palette.astype(int) - np.array(background)).max(axis=1)
        tolerance = min(TOLERANCE, int(distances[distances > 0].min(initial=2 * TOLERANCE)) // 2)
    cut = np.stack([cut_out_near(image, background, tolerance) for image in planes_last(pixels)])
    if palette is not None:
        figure = cut[..., 3] > 0
        nearest = cKDTree(palette.astype(float)).query(cut[figure][:, :3].astype(float))[1]
        cut[figure, :3] = palette[nearest]
    return cut


def write_sprites(
    stem: Path, cut: np.ndarray, columns: int, sheet: bool
) -> list[dict[str, int | str]]:
    """Write `STEM_0000.png` and so on, or all side by side as `STEM.png`.

    Returns the cells: number, row, column and file of every sprite.
    """
    count, height, width, _ = cut.shape
    cells = []
    whole = np.zeros((-(-count // columns) * height, min(columns, count) * width, 4), np.uint8)
    for number, image in enumerate(cut):
        row, column = divmod(number, columns)
        name = f"{stem.name}.png" if sheet else f"{stem.name}_{number:04d}.png"
        cells.append({"number": number, "row": row, "column": column, "file": name})
        whole[row * height :, column * width :][:height, :width] = image
        if not sheet:
            save_png(stem.with_name(name), image)
    if sheet:
        save_png(stem.with_name(f"{stem.name}.png"), whole)
    return cells
