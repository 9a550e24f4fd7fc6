# SPDX-License-Identifier: Apache-2.0
"""The teacher network: labels -> clean avatars, learnt from the labelled training images alone.

A Generator whose latents code labels needs a target for combinations of labels that no training
image has. The teacher gives it. It learns from the training images, not from the program that drew
them, and does not become hardware.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from dcgan.core.shapes import IMAGE_SIZE

PIXELS = IMAGE_SIZE**2
LAYERS = 32
"""Flat colours that a picture can have; the drawn avatars have 21."""
HIDDEN = 128
DROPOUT = 0.3


class Teacher(nn.Module):
    """Every pixel chooses one of `LAYERS` flat colours.

        masks   = softmax over layers of (linear + one hidden layer)(labels)    [N, LAYERS, 32, 32]
        colours = tanh of linear(labels)                                        [N, 3, LAYERS]
        image   = colours * masks                                               [N, 3, 32, 32]

    Sprites are layers of flat colours: this bias lets 275 of them determine the other 240,000.
    """

    def __init__(self, sizes: tuple[int, ...]) -> None:
        """`sizes`: the number of values of every attribute."""
        super().__init__()
        self.sizes = sizes
        values = sum(sizes)
        self.shapes = nn.Linear(values, LAYERS * PIXELS)
        self.interactions = nn.Sequential(
            nn.Linear(values, HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, LAYERS * PIXELS)
        )
        self.colours = nn.Linear(values, 3 * LAYERS)
        for linear, spread in (
            (self.shapes, 0.01),
            (self.interactions[-1], 0.01),
            (self.colours, 0.3),
        ):
            nn.init.normal_(linear.weight, 0.0, spread)

    def optimiser(self) -> torch.optim.Optimizer:
        """AdamW; the weight decay keeps single pixels from deciding."""
        return torch.optim.AdamW(self.parameters(), lr=0.01, weight_decay=0.03)

    def forward(self, labels: Tensor, random: torch.Generator | None = None) -> Tensor:
        """One-hot labels [N, values] -> [N, 3, 32, 32] in [-1, 1]; with `random`, dropout."""
        hidden = self.interactions[:2](labels)
        if random is not None:
            kept = torch.rand(hidden.shape, generator=random) >= DROPOUT
            hidden = hidden * kept.to(hidden) / (1 - DROPOUT)
        masks = self.shapes(labels) + self.interactions[2](hidden)
        masks = masks.view(-1, LAYERS, PIXELS).softmax(1)
        colours = torch.tanh(self.colours(labels)).view(-1, 3, LAYERS)
        return (colours @ masks).view(-1, 3, IMAGE_SIZE, IMAGE_SIZE)
