# SPDX-License-Identifier: Apache-2.0
"""The attribute code of a latent: its first entries code the attributes, by their signs.

    attribute    k entries read as a binary number c, positive is 1, lowest bit first
                 value = the number of limits that c has reached

The limits share out the 2^k numbers among the values: evenly, floor(c n / 2^k), or as often as
values occur. Later entries code nothing.

A Generator is continuous in its latent: between a latent with long hair and one with short hair
lie some with both. Of binary (Rademacher) latents, none lies between.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import torch
from scipy.stats import chisquare
from torch import Tensor

from dcgan.core.latents import LATENT

SPARE_BITS = 2
UNEVEN = 0.01
"""Probability, were all values equally likely, below which frequencies are coded as they are."""


def bits_of(size: int) -> int:
    """Entries of a latent that code one of `size` values evenly."""
    needed = (size - 1).bit_length()
    return needed if size == 1 << needed else needed + SPARE_BITS


@dataclass(frozen=True)
class LatentCode:
    """How many of the numbers of its entries mean each value, for every attribute."""

    numbers: tuple[tuple[int, ...], ...]

    def __post_init__(self) -> None:
        for counts in self.numbers:
            total = sum(counts)
            if not counts or min(counts) < 1 or total & (total - 1):
                raise ValueError(f"an attribute's numbers are above 0, in all 2^k: {list(counts)}")
        if self.entries > LATENT:
            raise ValueError(
                f"labels of {self.entries} bits do not fit into {LATENT} entries of a latent"
            )

    @classmethod
    def even(cls, sizes: Sequence[int]) -> LatentCode:
        """Attributes of `sizes` values, no value more than a quarter more often than another."""
        return cls(tuple(_even(size) for size in sizes))

    @classmethod
    def as_often(cls, counts: Sequence[Sequence[int]]) -> LatentCode:
        """Attributes whose values occur `counts` times; evenly where that is as likely."""
        return cls(tuple(_as_often(list(part)) for part in counts))

    @property
    def sizes(self) -> tuple[int, ...]:
        """The number of values of every attribute."""
        return tuple(map(len, self.numbers))

    @property
    def bits(self) -> tuple[int, ...]:
        """The entries of a latent that code each attribute."""
        return tuple(sum(counts).bit_length() - 1 for counts in self.numbers)

    @property
    def entries(self) -> int:
        """How many entries code attributes."""
        return sum(self.bits)

    def attributes(self, z: Tensor) -> Tensor:
        """What latents [N, 100] code: int64 [N, attributes]."""
        columns = []
        parts = (z[:, : self.entries] >= 0).long().split(self.bits, 1)
        for counts, part in zip(self.numbers, parts, strict=True):
            number = (part << torch.arange(part.shape[1], device=z.device)).sum(1)
            limits = torch.tensor(np.cumsum(counts), device=z.device)
            columns.append(torch.searchsorted(limits, number, right=True))
        return torch.stack(columns, 1) if columns else z.new_zeros((len(z), 0)).long()

    def asking_for(self, z: np.ndarray, values: Mapping[int, int], seed: int) -> np.ndarray:
        """Latents int8 [N, 100] like `z` whose signs code `values`: {attribute: value}.

        Only signs of entries that code these attributes change. Of the numbers that mean a value
        one is drawn; an entry of 0 counts as positive and becomes -1 where it has to be negative.
        """
        z, random = z.copy(), np.random.default_rng(seed)
        for attribute, value in values.items():
            first, width = sum(self.bits[:attribute]), self.bits[attribute]
            limits = np.cumsum((0, *self.numbers[attribute]))
            number = random.integers(limits[value], limits[value + 1], len(z))
            positive = (number[:, None] >> np.arange(width)) & 1 == 1
            length = np.abs(z[:, first : first + width])
            z[:, first : first + width] = np.where(positive, length, -np.maximum(length, 1))
        return z


def _even(size: int) -> tuple[int, ...]:
    numbers = 1 << bits_of(size)
    limits = [-(-value * numbers // size) for value in range(size + 1)]
    return tuple(b - a for a, b in pairwise(limits))


def _as_often(counts: list[int]) -> tuple[int, ...]:
    """Numbers by the largest remainders, at least one for each value."""
    if len(counts) < 2 or chisquare(counts).pvalue >= UNEVEN:
        return _even(len(counts))
    numbers = 1 << (len(counts) - 1).bit_length() + SPARE_BITS
    wanted = np.array(counts) / sum(counts) * (numbers - len(counts))
    shares = 1 + wanted.astype(int)
    left = np.argsort(wanted.astype(int) - wanted, kind="stable")[: numbers - shares.sum()]
    shares[left] += 1
    return tuple(shares.tolist())
