# SPDX-License-Identifier: Apache-2.0
"""Labels of avatars as numbers: one attribute is one head of `sizes[i]` values."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from dcgan.data.avatars import CHOICES

SIZES = tuple(len(names) for names in CHOICES.values())
"""Number of values of each attribute of the drawn avatars."""


def one_hot(labels: Tensor, sizes: tuple[int, ...] = SIZES) -> Tensor:
    """int64 [N, attributes] -> one-hot rows of all heads side by side, float [N, sum(sizes)]."""
    parts = [functional.one_hot(labels[:, i], size) for i, size in enumerate(sizes)]
    return torch.cat(parts, dim=1).float()
