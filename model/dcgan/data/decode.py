# SPDX-License-Identifier: Apache-2.0
"""Picture files as pixels: PNG in all its forms, GIF, WebP, BMP and NPY, and nothing else.

    16 bits a sample     the high byte
    palette, tRNS        RGBA; a transparent grey level or colour is compared at its own depth
    animation            its first picture
    NPY                  uint8 [H, W, 3|4], one picture or sheet, or [N, H, W, 3|4], a stack

Files decide by their content, not by their names. What cannot be used is refused with a ValueError
that names the file and the reason.
"""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
from PIL import Image, UnidentifiedImageError

from dcgan.core.files import check_regular

FORMATS = ("PNG", "GIF", "WEBP", "BMP")
SUFFIXES = (".png", ".gif", ".webp", ".bmp", ".npy")
"""Names of files in a folder that are taken for pictures."""

MAX_PIXELS = 1 << 26
"""A picture of more is refused before it is decoded: 8192 x 8192, 256 MiB."""

NPY_MAGIC = b"\x93NUMPY"
GREY_DEPTHS = {"L;2": 3, "L;4": 15}
"""Largest sample of the grey PNG files whose samples Pillow stretches to 255, but not tRNS."""


def read_picture(path: Path) -> tuple[np.ndarray, int]:
    """The picture, uint8 [H, W, 4], and how many pictures the file holds (animations: several).

    The colour of pixels that are wholly transparent is black.
    """
    if is_npy(path):
        array = read_array(path)
        if array.ndim == 4:
            raise ValueError(
                f"{path} is a stack of {len(array)} pictures: give it to --data by itself"
            )
        return as_rgba(array), 1
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(path, formats=FORMATS) as image:
                _check_size(path, *image.size)
                frames = getattr(image, "n_frames", 1)
                return _clean(_decoded(image)), frames
    except UnidentifiedImageError as error:
        raise ValueError(f"{path} is no PNG, GIF, WebP or BMP picture") from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise ValueError(f"{path} has more than {MAX_PIXELS} pixels") from error
    except Exception as error:  # a decoder may raise anything when a file is damaged
        if str(path) in str(error):
            raise ValueError(str(error)) from error
        raise ValueError(f"{path} cannot be read ({error or type(error).__name__})") from error


def is_npy(path: Path) -> bool:
    """Whether the file is an NPY array; ValueError if it is no regular file, or empty."""
    check_regular(path)
    try:
        with path.open("rb") as file:
            head = file.read(len(NPY_MAGIC))
    except OSError as error:
        raise ValueError(f"{path} cannot be read ({error.strerror})") from error
    if not head:
        raise ValueError(f"{path} is empty (0 bytes)")
    return head == NPY_MAGIC


def read_array(path: Path) -> np.ndarray:
    """An NPY file, uint8 [H, W, 3|4] or [N, H, W, 3|4], mapped into memory; never unpickled."""
    try:
        array = np.lib.format.open_memmap(path, mode="r")
    except (ValueError, OSError, EOFError, SyntaxError, TypeError, OverflowError) as error:
        raise ValueError(f"{path} cannot be read ({error})") from error
    if array.dtype != np.uint8 or array.ndim not in (3, 4) or array.shape[-1] not in (3, 4):
        shape = ", ".join(map(str, array.shape))
        raise ValueError(
            f"{path} must be uint8 [N, H, W, 3 or 4] or [H, W, 3 or 4], got {array.dtype} [{shape}]"
        )
    if not array.size:
        raise ValueError(f"{path} holds no pixels")
    _check_size(path, array.shape[-2], array.shape[-3])
    return array


def as_rgba(pixels: np.ndarray) -> np.ndarray:
    """uint8 [H, W, 3|4] -> a copy [H, W, 4], black where it is wholly transparent."""
    rgba = np.full((*pixels.shape[:2], 4), 255, np.uint8)
    rgba[:, :, : pixels.shape[2]] = pixels
    return _clean(rgba)


def _check_size(path: Path, width: int, height: int) -> None:
    if width * height > MAX_PIXELS:
        raise ValueError(f"{path} is {width}x{height}: it has more than {MAX_PIXELS} pixels")


def _clean(rgba: np.ndarray) -> np.ndarray:
    rgba[rgba[:, :, 3] == 0] = 0
    return rgba


def _decoded(image: Image.Image) -> np.ndarray:
    """uint8 [H, W, 4]; Pillow's own conversion wherever it heeds depth and transparency."""
    raw = image.tile[0].args if image.format == "PNG" and image.tile else ""
    clear = image.info.get("transparency")
    if image.mode.startswith("I"):  # grey of 16 bits
        levels = np.asarray(image).astype(np.uint16)
        return _with_alpha((levels >> 8).astype(np.uint8), None if clear is None else levels, clear)
    if raw in GREY_DEPTHS and clear is not None:
        levels = np.asarray(image)
        return _with_alpha(levels, levels, clear * 255 // GREY_DEPTHS[raw])
    if raw == "RGB;16B" and clear is not None:
        levels = np.asarray(image)
        high = np.array([sample >> 8 for sample in clear], np.uint8)
        return _with_alpha(levels, levels, high)
    return np.array(image.convert("RGBA"))


def _with_alpha(colour: np.ndarray, compared: np.ndarray | None, clear: object) -> np.ndarray:
    """`colour` [H, W] or [H, W, 3] as RGBA, transparent where `compared` equals `clear`."""
    rgba = np.full((*colour.shape[:2], 4), 255, np.uint8)
    rgba[:, :, :3] = colour if colour.ndim == 3 else colour[:, :, None]
    if compared is not None:
        same = compared == clear
        rgba[same.all(axis=2) if same.ndim == 3 else same, 3] = 0
    return rgba
