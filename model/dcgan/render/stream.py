# SPDX-License-Identifier: Apache-2.0
"""Avatars as a stream: one interface over every back end, and a torch dataset on top of it.

    render = open_render(Path("model/checkpoints/compact_int.safetensors"))
    loader = DataLoader(AvatarStream(render, seed=1), batch_size=64)
    for images, z in islice(loader, 100): ...

A back end is any function int8 [N, 100] -> uint8 [N, 3, 32, 32]: the float network, the golden
integers, a simulation of the hardware, or the board behind its serial line. They can be exchanged
because they draw the same pixels from the same z (the float network up to rounding).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import torch
from safetensors import SafetensorError, safe_open
from torch.utils.data import IterableDataset, get_worker_info

from dcgan.core.checkpoint import load_checkpoint
from dcgan.core.files import check_regular
from dcgan.core.images import planes_first, to_pixels
from dcgan.core.latents import Z_SCALE, draw_z
from dcgan.core.renderer import Renderer
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


def open_render(path: Path) -> Renderer:
    """The float network or the integers of the hardware, whichever the file holds."""
    path = Path(path)
    return integer_render(load_integer(path)) if is_integer(path) else float_render(path)


def integer_render(ig: IntegerGenerator) -> Renderer:
    """The golden integers, at several times the speed of dcgan.quant.golden.

    The fake-quantised twin computes the same numbers in floating point, which is exact while no
    accumulator can pass the mantissa: float32 up to 2^23, float64 beyond. Its first avatars are
    compared with the golden's at every opening; RuntimeError if one pixel differs.
    """
    twin = FakeQuantGenerator(ig).eval().requires_grad_(False)
    wide = max(ig.acc_bound(layer) for layer in LAYER_NUMBERS) >= 2**23
    kind = torch.float64 if wide else torch.float32
    twin.to(kind)
    half = 1 << (ig.tanh_index_bits - 1)

    def render(z: np.ndarray) -> np.ndarray:
        x = ig.first_step(z).astype(np.int64)
        planes = [torch.from_numpy(x + v).to(kind) for v in ig.plane_offsets()]
        index = twin.index(torch.cat(planes))[:, 0].to(torch.int64).numpy() + half
        pixels = ig.tanh_table[index].reshape(3, len(z), *index.shape[1:])
        return np.ascontiguousarray(pixels.swapaxes(0, 1))

    z = draw_z(CHECKED, CHECK_SEED)
    if not np.array_equal(render(z), GoldenGenerator(ig).rgb(z)):
        raise RuntimeError(
            "the fast integers differ from the golden model: a fault of this program"
        )
    return Renderer(_in_parts(render), ig.about)


def float_render(path: Path) -> Renderer:
    """The float network of a checkpoint, rounded to 8 bits as the last step only."""
    checkpoint = load_checkpoint(path)
    generator = checkpoint.generator()

    @torch.no_grad()
    def render(z: np.ndarray) -> np.ndarray:
        latents = torch.from_numpy(z.astype(np.float32) * np.float32(Z_SCALE))
        return planes_first(to_pixels(generator.rgb(latents, checkpoint.v1, checkpoint.v2)))

    return Renderer(_in_parts(render), checkpoint.about)


def _in_parts(render: Callable[[np.ndarray], np.ndarray]) -> Callable[[np.ndarray], np.ndarray]:
    """`render` of at most MOST_AT_ONCE latents at a time: it bounds the memory used."""

    def part_by_part(z: np.ndarray) -> np.ndarray:
        if len(z) <= MOST_AT_ONCE:
            return render(z)
        starts = range(0, len(z), MOST_AT_ONCE)
        return np.concatenate([render(z[start : start + MOST_AT_ONCE]) for start in starts])

    return part_by_part


class AvatarStream(IterableDataset):
    """Endless (image uint8 [3, 32, 32], z int8 [100]) pairs from a back end.

    Every avatar depends on ``seed`` and its own number alone. Worker ``w`` of ``n`` takes the
    numbers w, w + n, ...: with one worker or several, the same avatars come, in another order.
    ``count`` ends the stream; ``batch`` is how many latents a back end is given at once.
    """

    def __init__(self, render: Renderer, seed: int, count: int | None = None, batch: int = 16):
        if batch < 1 or (count is not None and count < 0):
            raise ValueError(f"batch must be at least 1 and count not negative: {batch}, {count}")
        self.render, self.seed, self.count, self.batch = render, seed, count, batch

    def latent(self, number: int) -> np.ndarray:
        """z of avatar ``number``: int8 [100]."""
        return draw_z(1, [self.seed, number])[0]

    def __iter__(self) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        worker = get_worker_info()
        number, stride = (worker.id, worker.num_workers) if worker else (0, 1)
        while self.count is None or number < self.count:
            numbers = [number + i * stride for i in range(self.batch)]
            if self.count is not None:
                numbers = [n for n in numbers if n < self.count]
            z = np.stack([self.latent(n) for n in numbers])
            for image, latent in zip(self.render(z), z, strict=True):
                yield torch.from_numpy(image.copy()), torch.from_numpy(latent.copy())
            number += stride * self.batch
