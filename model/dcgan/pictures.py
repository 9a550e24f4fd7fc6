"""Images on disk: sheets of many avatars, written in one step."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from dcgan.checkpoint import write_atomically

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
    """Write one uint8 picture [H, W, 3]."""
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, format="PNG")
    write_atomically(path, buffer.getvalue())
