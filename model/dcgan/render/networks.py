# SPDX-License-Identifier: Apache-2.0
"""Back ends of a file: the float network, and the integers of the hardware."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from safetensors import SafetensorError, safe_open

from dcgan.core.checkpoint import load_checkpoint
from dcgan.core.files import check_regular
from dcgan.core.images import planes_first, to_pixels
from dcgan.core.latents import Z_SCALE, draw_z
from dcgan.core.renderer import Draw, Renderer
from dcgan.core.shapes import LAYER_NUMBERS
from dcgan.quant.fake_quant import FakeQuantGenerator
from dcgan.quant.golden import GoldenGenerator
from dcgan.quant.int_generator import IntegerGenerator, load_integer

CHECKED, CHECK_SEED = 8, 2026
MOST_AT_ONCE = 512


def is_integer(path: Path) -> bool:
    """Whether a safetensors file holds an integer generator. ValueError if it is neither kind."""
    try:
        if Path(path).exists():
            check_regular(path)
        with safe_open(path, "np") as file:
            keys = set(file.keys())
    except (OSError, ValueError, SafetensorError) as error:
        raise ValueError(
            f"{path} is not a checkpoint ({error}): give a .safetensors file of model/train.py "
            "or model/quantize.py"
        ) from error
    if "layer1.weight" not in keys:
        raise ValueError(f"{path} holds no Generator: it has {', '.join(sorted(keys)[:4])}, ...")
    return "tanh.table" in keys


def open_checkpoint(path: Path) -> Renderer:
    """The float network or the integers of the hardware, whichever the file holds."""
    path = Path(path)
    return IntegerRenderer(load_integer(path)) if is_integer(path) else FloatRenderer(path)


class IntegerRenderer(Renderer):
    """The golden integers, at several times the speed of dcgan.quant.golden.

    The fake-quantised twin computes the same numbers in floating point, which is exact while no
    accumulator can pass the mantissa: float32 up to 2^23, float64 beyond. Its first avatars are
    compared with the golden's at every opening; RuntimeError if one pixel differs.
    """

    def __init__(self, ig: IntegerGenerator):
        super().__init__(ig.about)
        self.ig = ig

    def open(self) -> Draw:
        ig = self.ig
        twin = FakeQuantGenerator(ig).eval().requires_grad_(False)
        wide = max(ig.acc_bound(layer) for layer in LAYER_NUMBERS) >= 2**23
        kind = torch.float64 if wide else torch.float32
        twin.to(kind)
        half = 1 << (ig.tanh_index_bits - 1)

        def draw(z: np.ndarray) -> np.ndarray:
            x = ig.first_step(z).astype(np.int64)
            planes = [torch.from_numpy(x + v).to(kind) for v in ig.plane_offsets()]
            index = twin.index(torch.cat(planes))[:, 0].to(torch.int64).numpy() + half
            pixels = ig.tanh_table[index].reshape(3, len(z), *index.shape[1:])
            return np.ascontiguousarray(pixels.swapaxes(0, 1))

        z = draw_z(CHECKED, CHECK_SEED)
        if not np.array_equal(draw(z), GoldenGenerator(ig).rgb(z)):
            raise RuntimeError(
                "the fast integers differ from the golden model: a fault of this program"
            )
        return in_parts(draw)


class FloatRenderer(Renderer):
    """The float network of a checkpoint, rounded to 8 bits as the last step only."""

    def __init__(self, path: Path):
        self.checkpoint = load_checkpoint(path)
        super().__init__(self.checkpoint.about)

    def open(self) -> Draw:
        checkpoint, generator = self.checkpoint, self.checkpoint.generator()

        @torch.no_grad()
        def draw(z: np.ndarray) -> np.ndarray:
            latents = torch.from_numpy(z.astype(np.float32) * np.float32(Z_SCALE))
            return planes_first(to_pixels(generator.rgb(latents, checkpoint.v1, checkpoint.v2)))

        return in_parts(draw)


def in_parts(draw: Draw) -> Draw:
    """`draw` of at most MOST_AT_ONCE latents at a time: it bounds the memory used."""

    def part_by_part(z: np.ndarray) -> np.ndarray:
        if len(z) <= MOST_AT_ONCE:
            return draw(z)
        starts = range(0, len(z), MOST_AT_ONCE)
        return np.concatenate([draw(z[start : start + MOST_AT_ONCE]) for start in starts])

    return part_by_part
