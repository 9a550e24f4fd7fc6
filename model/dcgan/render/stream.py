# SPDX-License-Identifier: Apache-2.0
"""Avatars as a stream: a torch dataset on top of any back end.

    loader = DataLoader(AvatarStream(render, seed=1), batch_size=64, num_workers=2)
    for images, z in islice(loader, 100): ...

A back end is any function int8 [N, 100] -> uint8 [N, 3, 32, 32]: the float network, the golden
integers, a simulation of the hardware, or the board behind its serial line. They can be exchanged
because they draw the same pixels from the same z (the float network up to rounding).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from torch.utils.data import IterableDataset, get_worker_info

from dcgan.core.latents import draw_z
from dcgan.core.renderer import Draw


class AvatarStream(IterableDataset):
    """Endless (image uint8 [3, 32, 32], z int8 [100]) pairs from a back end.

    Every avatar depends on ``seed`` and its own number alone. Worker ``w`` of ``n`` takes the
    numbers w, w + n, ...: with one worker or several, the same avatars come, in another order.
    ``count`` ends the stream; ``batch`` is how many latents a back end is given at once. A back end
    that workers draw with must be one that can be pickled, unless they are forked.
    """

    def __init__(self, render: Draw, seed: int, count: int | None = None, batch: int = 16):
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
