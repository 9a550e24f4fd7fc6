# SPDX-License-Identifier: Apache-2.0
"""Training images: the drawn set, or any folder of PNG files."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from PIL import Image

from dcgan.core.shapes import IMAGE_SIZE
from dcgan.data.avatars import draw_set

DRAWN_COUNT = 275
"""Size of the paper's training set (section 4.2)."""

DRAWN_SEED = 0
"""Seed of the training set; held-out sets use other seeds."""

FEWEST_IMAGES = 16


def training_images(folder: Path | None = None) -> np.ndarray:
    """The images to train on, uint8 [N, 32, 32, 3].

    Without a folder, the drawn training set. With one, all its PNG files in order of their names;
    transparency is laid on black, and other sizes are resized with a notice on stderr.
    ValueError, with what to do, for a folder that cannot be used.
    """
    if folder is None:
        return draw_set(DRAWN_COUNT, DRAWN_SEED)[0]
    folder = Path(folder)
    if not folder.is_dir():
        raise ValueError(f"{folder} is not a folder: give --data a folder of PNG files")
    paths = sorted(path for path in folder.iterdir() if path.suffix.lower() == ".png")
    if len(paths) < FEWEST_IMAGES:
        raise ValueError(
            f"{folder} holds {len(paths)} PNG files: training needs at least {FEWEST_IMAGES}"
        )
    images = [_read(path) for path in paths]
    others = sorted({image.size for image in images} - {(IMAGE_SIZE, IMAGE_SIZE)})
    if others:
        sizes = ", ".join(f"{width}x{height}" for width, height in others[:5])
        sizes += ", ..." if len(others) > 5 else ""
        print(f"note: resizing images of {sizes} to {IMAGE_SIZE}x{IMAGE_SIZE}", file=sys.stderr)
    return np.stack([np.asarray(_resized(image)) for image in images])


def training_labels(folder: Path | None = None) -> np.ndarray | None:
    """Attributes of `training_images(folder)`, int64 [N, 7]; None for a folder, which has none."""
    return draw_set(DRAWN_COUNT, DRAWN_SEED)[1] if folder is None else None


def _read(path: Path) -> Image.Image:
    """One PNG on black, RGB."""
    try:
        with Image.open(path) as file:
            image = file.convert("RGBA")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise ValueError(f"{path} cannot be read ({error}): repair or remove it") from error
    black = Image.new("RGBA", image.size, (0, 0, 0, 255))
    return Image.alpha_composite(black, image).convert("RGB")


def _resized(image: Image.Image) -> Image.Image:
    """Small pictures are enlarged with crisp pixels, large ones shrunk by averaging.

    The picture keeps its proportions: the rest of the square is black.
    """
    if image.size == (IMAGE_SIZE, IMAGE_SIZE):
        return image
    side = max(image.size)
    square = Image.new("RGB", (side, side))
    square.paste(image, ((side - image.width) // 2, (side - image.height) // 2))
    method = Image.Resampling.NEAREST if side < IMAGE_SIZE else Image.Resampling.BOX
    return square.resize((IMAGE_SIZE, IMAGE_SIZE), method)
