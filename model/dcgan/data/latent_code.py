# SPDX-License-Identifier: Apache-2.0
"""The attribute code of a latent: its first entries code the attributes, by their signs.

    attribute with n values    k entries read as a binary number c, positive is 1, lowest bit first
                               value = floor(c n / 2^k)

k is log2 n where that is whole, else two more than needed, so that no value comes more than a
quarter more often than another. Later entries code nothing.

A Generator is continuous in its latent: between a latent with long hair and one with short hair
lie some with both. Of binary (Rademacher) latents, none lies between.
"""

from __future__ import annotations

import torch
from torch import Tensor

from dcgan.core.latents import LATENT

SPARE_BITS = 2


def bits_of(size: int) -> int:
    """Entries of a latent that code one of `size` values."""
    needed = (size - 1).bit_length()
    return needed if size == 1 << needed else needed + SPARE_BITS


def coded_attributes(z: Tensor, sizes: tuple[int, ...]) -> Tensor:
    """What latents [N, 100] code: int64 [N, attributes] for attributes of `sizes` values.

    ValueError if the labels do not fit into a latent.
    """
    bits = [bits_of(size) for size in sizes]
    if sum(bits) > LATENT:
        raise ValueError(f"labels of {sum(bits)} bits do not fit into {LATENT} entries of a latent")
    columns = []
    for size, part in zip(sizes, (z[:, : sum(bits)] >= 0).long().split(bits, 1), strict=True):
        number = (part << torch.arange(part.shape[1], device=z.device)).sum(1)
        columns.append(number * size >> part.shape[1])
    return torch.stack(columns, 1)
