# SPDX-License-Identifier: Apache-2.0
"""Images on disk: sheets of many avatars, written in one step."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from dcgan.core.files import write_atomically

GAP = 2
BACKGROUND = 40


def to_pixels(images: Tensor) -> np.ndarray:
    """Float [N, C, H, W] in [-1, 1] -> uint8 [N, H, W, C], rounded half up."""
    scaled = torch.floor(images.detach().cpu() * 127.5 + 128.0).clamp(0, 255)
    return scaled.to(torch.uint8).permute(0, 2, 3, 1).contiguous().numpy()


def to_images(pixels: np.ndarray) -> Tensor:
    """uint8 [N, H, W, C] -> float [N, C, H, W] in [-1, 1]."""
    return torch.from_numpy(pixels).permute(0, 3, 1, 2).float().div_(127.5).sub_(1.0).contiguous()


def contact_sheet(pixels: np.ndarray, columns: int, enlargement: int = 4) -> np.ndarray:
    """uint8 [N, H, W, 3] -> one uint8 picture, row by row on grey."""
    count, height, width, _ = pixels.shape
    rows = -(-count // columns)
    sheet = np.full(
        (rows * (height + GAP) + GAP, columns * (width + GAP) + GAP, 3), BACKGROUND, np.uint8
    )
    for i, image in enumerate(pixels):
        top, left = (
            GAP + place * (side + GAP)
            for place, side in zip(divmod(i, columns), (height, width), strict=True)
        )
        sheet[top : top + height, left : left + width] = image
    return sheet.repeat(enlargement, axis=0).repeat(enlargement, axis=1)


def save_png(path: Path, pixels: np.ndarray) -> None:
    """Write one uint8 picture [H, W, 3], or [H, W, 4] with transparency."""
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, format="PNG")
    write_atomically(path, buffer.getvalue())


def planes_first(pixels: np.ndarray) -> np.ndarray:
    """uint8 [N, 32, 32, 3] -> uint8 [N, 3, 32, 32]."""
    return np.ascontiguousarray(np.moveaxis(pixels, -1, 1))


def planes_last(images: np.ndarray) -> np.ndarray:
    """uint8 [N, 3, 32, 32] -> uint8 [N, 32, 32, 3], as pictures are stored."""
    return np.ascontiguousarray(np.moveaxis(images, 1, -1))


def as_float_images(images: np.ndarray | Tensor) -> Tensor:
    """uint8 [N, 3, 32, 32] -> float32 in [-1, 1], on the device it came from.

    Raises ValueError if the shape or the type is something else.
    """
    images = torch.as_tensor(images)
    if images.ndim != 4 or tuple(images.shape[1:]) != (3, 32, 32) or images.dtype != torch.uint8:
        raise ValueError(
            f"images must be uint8 [N, 3, 32, 32], got {images.dtype} {list(images.shape)}"
        )
    return images.to(torch.float32) / 127.5 - 1.0


def psnr_of(error: float, peak: float = 255.0) -> float:
    """Peak signal-to-noise ratio of a mean squared error, dB; infinite without error."""
    return float("inf") if error == 0 else float(10 * np.log10(peak**2 / error))


def psnr(a: np.ndarray, b: np.ndarray) -> float:
    """Peak signal-to-noise ratio of two 8-bit image arrays, dB; infinite when they are equal."""
    return psnr_of(
        np.mean((np.asarray(a, dtype=np.float64) - np.asarray(b, dtype=np.float64)) ** 2)
    )
