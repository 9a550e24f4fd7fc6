# SPDX-License-Identifier: Apache-2.0
"""Avatars drawn anew without ghosts: what labels of the training images are good for.

A Generator adds its features up. Between two accessories it draws some of both, and discriminators
that have seen 275 images do not say clearly which one should go. Labels do: a reader reads the
attributes that an avatar comes nearest to, a painter paints the clean avatar that has them, and the
Generator is drawn towards it. Both learn from the training images and their labels alone, not from
the program that drew them; neither becomes hardware.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from dcgan import classifier
from dcgan.classifier import soft_labels
from dcgan.config import IMAGE_SIZE
from dcgan.losses import drifting_shares

PIXELS = IMAGE_SIZE**2
LAYERS = 32
"""Flat colours that a picture can have; the drawn avatars have 21."""
HIDDEN = 128
DROPOUT = 0.3
READER_WIDTHS = (32, 64, 128)
LARGEST_GHOST = 0.5
"""Share of a second avatar above which the first is no longer the one meant."""
BALANCE = 2.0
"""Logits an attribute loses for each e-fold that it is read too often."""
MEMORY = 0.01
"""Weight of the newest batch in what has been read of late."""
RAREST = 1e-6
GRAIN = 0.06
"""Standard deviation of the noise in what the reader learns from, in [-1, 1] units."""


class Painter(nn.Module):
    """Labels -> clean avatars: every pixel chooses, by shape, one of `LAYERS` flat colours.

        masks   = softmax over layers of (linear + one hidden layer)(labels)    [N, LAYERS, 32, 32]
        colours = tanh of linear(labels)                                        [N, 3, LAYERS]
        image   = colours * masks                                               [N, 3, 32, 32]

    That is what flat sprites are, and why 275 of them teach it the other 240,000.
    """

    def __init__(self, sizes: tuple[int, ...]) -> None:
        super().__init__()
        values = sum(sizes)
        self.shapes = nn.Linear(values, LAYERS * PIXELS)
        self.meetings = nn.Sequential(
            nn.Linear(values, HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, LAYERS * PIXELS)
        )
        self.colours = nn.Linear(values, 3 * LAYERS)
        for linear, spread in ((self.shapes, 0.01), (self.meetings[-1], 0.01), (self.colours, 0.3)):
            nn.init.normal_(linear.weight, 0.0, spread)

    def forward(self, labels: Tensor, random: torch.Generator | None = None) -> Tensor:
        """One-hot labels [N, values] -> [N, 3, 32, 32] in [-1, 1]; with `random`, dropout."""
        hidden = self.meetings[:2](labels)
        if random is not None:
            kept = torch.rand(hidden.shape, generator=random) >= DROPOUT
            hidden = hidden * kept.to(hidden) / (1 - DROPOUT)
        masks = self.shapes(labels) + self.meetings[2](hidden)
        masks = masks.view(-1, LAYERS, PIXELS).softmax(1)
        colours = torch.tanh(self.colours(labels)).view(-1, 3, LAYERS)
        return (colours @ masks).view(-1, 3, IMAGE_SIZE, IMAGE_SIZE)


class Tidier(nn.Module):
    """A reader and a painter, which learn together and then tidy avatars up."""

    def __init__(self, sizes: tuple[int, ...]) -> None:
        """`sizes`: the number of values of every attribute."""
        super().__init__()
        self.sizes = sizes
        self.painter = Painter(sizes)
        blocks: list[nn.Module] = []
        for fan, width in zip((3, *READER_WIDTHS), READER_WIDTHS, strict=False):
            blocks += [nn.Conv2d(fan, width, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)]
        blocks += [nn.Flatten(), nn.Linear(READER_WIDTHS[-1] * 16, HIDDEN), nn.ReLU()]
        self.reader = nn.Sequential(*blocks, nn.Linear(HIDDEN, sum(sizes)))
        self.register_buffer("usage", torch.empty(sum(sizes)))
        self.forget()

    def forget(self) -> None:
        """Take every value for read equally often of late."""
        self.usage.copy_(torch.cat([torch.full((n,), 1 / n) for n in self.sizes]))

    def optimiser(self) -> torch.optim.Optimizer:
        """AdamW; the painter is held back from leaning on single pixels."""
        return torch.optim.AdamW(
            [
                {"params": self.painter.parameters(), "lr": 0.01, "weight_decay": 0.03},
                {"params": self.reader.parameters(), "lr": 0.003, "weight_decay": 0.001},
            ]
        )

    def losses(self, images: Tensor, labels: Tensor, random: torch.Generator) -> dict[str, Tensor]:
        """What to descend on: the painter repaints `images`, the reader looks through ghosts.

        `images` [N, 3, 32, 32], `labels` int64 [N, attributes]. The reader's own avatars are
        painted with any attributes, each under a fainter one that shares half of them.
        """
        painted = self.painter(soft_labels(labels, self.sizes), random)
        clear, faint = (self._any_labels(len(labels), random).to(images.device) for _ in range(2))
        shared = torch.rand(clear.shape, generator=random) < 0.5
        faint = torch.where(shared.to(images.device), clear, faint)
        with torch.no_grad():
            avatars, ghosts = self.painter(
                soft_labels(torch.cat((clear, faint)), self.sizes)
            ).chunk(2)
        shares = LARGEST_GHOST * drifting_shares(avatars, random)
        grain = GRAIN * torch.randn(avatars.shape, generator=random)
        logits = self.reader(torch.lerp(avatars, ghosts, shares) + grain.to(images.device))
        read = [
            functional.cross_entropy(part, label)
            for part, label in zip(logits.split(self.sizes, 1), clear.T, strict=True)
        ]
        return {"painter": (painted - images).abs().mean(), "reader": torch.stack(read).mean()}

    @torch.no_grad()
    def forward(self, images: Tensor, before: Tensor, wanted: Tensor) -> Tensor:
        """Each avatar as it ought to have been drawn: [N, 3, 32, 32] -> the same shape.

        Left to itself the reader would take a blurred crown for none, and so would the Generator
        before long. So it also reads what the same latents drew `before`, at the round's start.
        What has of late been read more often than the share `wanted` [values] of avatars says is
        read less readily.
        """
        doubt = BALANCE * (self.usage.clamp_min(RAREST) / wanted.clamp_min(RAREST)).log()
        scores = self.reader(images) + self.reader(before) - doubt
        chosen = soft_labels(classifier.labels(scores, self.sizes), self.sizes)
        self.usage.lerp_(chosen.mean(0), MEMORY)
        return self.painter(chosen)

    def _any_labels(self, count: int, random: torch.Generator) -> Tensor:
        columns = [torch.randint(size, (count,), generator=random) for size in self.sizes]
        return torch.stack(columns, 1)
