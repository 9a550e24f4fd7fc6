# SPDX-License-Identifier: Apache-2.0
"""Pictures as sums of what a few categorical attributes say, each pixel by itself.

    P(material at pixel p | values v_a of attributes a) = softmax(base_p + sum_a weight_p,a[v_a])

The attributes of every picture are unknown: `annealing.py` looks for them. A group lasso over
(attribute, pixel) lets an attribute speak of few pixels, and so each attribute keeps to a part.
Everything is in nats a picture; pixels that are equal in all pictures count together.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

LASSO = 0.01
"""Nats a picture for a unit of weight norm of one attribute at one pixel."""
REDUNDANCY = 2.0
"""Nats a picture for one nat that two attributes tell of each other."""
RATE = 0.3


class FactorModel:
    """Labels of all pictures, one column an attribute, and weights fitted to them.

    Weights have a column for each *event*, a material at a pixel that some picture shows.
    """

    def __init__(self, maps: np.ndarray) -> None:
        """`maps`: materials of pixels, int64 [N, pixels]; ValueError if they are all alike."""
        columns, counts = np.unique(maps, axis=1, return_counts=True)
        varying = (columns != columns[:1]).any(0)
        if not varying.any():
            raise ValueError("the pictures are all alike: there is nothing to tell them apart by")
        columns, counts = columns[:, varying], counts[varying]
        shown = [column[:, None] == np.unique(column) for column in columns.T]
        pixel = np.repeat(np.arange(len(shown)), [part.shape[1] for part in shown])
        self.pictures = len(columns)
        self.heard = torch.ones(self.pictures)  # 0: the fit does not listen to this picture
        self.shown = torch.from_numpy(np.concatenate(shown, 1)).float()  # [N, events]
        self.pixel = functional.one_hot(torch.from_numpy(pixel)).float()  # [events, pixels]
        self.counts = torch.from_numpy(counts.astype(np.float32))  # equal pixels, [pixels]
        self.weighed = self.shown * (self.pixel @ self.counts)
        self.base = torch.log(self.shown.mean(0))
        self.sizes: list[int] = []
        self.labels = torch.empty((self.pictures, 0), dtype=torch.int64)
        self.weight = torch.zeros((0, self.shown.shape[1]))

    def copy(self) -> FactorModel:
        """An independent copy; what never changes is shared."""
        other = object.__new__(FactorModel)
        other.__dict__ = {**self.__dict__, "sizes": list(self.sizes)}
        return other

    def add(self, labels: Tensor, size: int) -> None:
        """One more attribute of `size` values: labels int64 [N]."""
        self.sizes.append(size)
        self.labels = torch.cat((self.labels, labels[:, None]), 1)
        self.weight = torch.cat((self.weight, torch.zeros(size, self.weight.shape[1])))

    def extend(self, attribute: int, values: int, random: torch.Generator) -> None:
        """Room for more values of an attribute; they begin as copies of values that it has."""
        self._copy(attribute, torch.randint(self.sizes[attribute], (values,), generator=random))

    def split(self, attribute: int, value: int, pictures: Tensor) -> None:
        """Give `pictures` (indices) a new value of an attribute, at first a copy of `value`."""
        self.labels = self.labels.clone()
        self.labels[pictures, attribute] = self.sizes[attribute]
        self._copy(attribute, torch.tensor([value]))

    def _copy(self, attribute: int, values: Tensor) -> None:
        """New values of an attribute, copies of `values` (int64 [n]), behind those that it has."""
        parts = list(self.weight.split(self.sizes))
        parts[attribute] = torch.cat((parts[attribute], parts[attribute][values]))
        self.weight = torch.cat(parts)
        self.sizes[attribute] += len(values)

    def keep(self, attributes: list[int]) -> None:
        """Forget all other attributes, and values that no picture has."""
        labels, weights, sizes = [], [], []
        for attribute in attributes:
            used, column = torch.unique(self.labels[:, attribute], return_inverse=True)
            if len(used) > 1:
                labels.append(column)
                weights.append(self.weight[self._rows(attribute)][used])
                sizes.append(len(used))
        self.labels = torch.stack(labels, 1) if labels else self.labels[:, :0]
        self.weight = torch.cat(weights) if weights else self.weight[:0]
        self.sizes = sizes

    def fit(self, steps: int) -> None:
        """Fit base and weights to the labels as they are."""
        chosen = self._one_hot()
        base, weight = self.base.clone().requires_grad_(), self.weight.clone().requires_grad_()
        optimiser = torch.optim.Adam((base, weight), RATE, (0.8, 0.95))
        for step in range(steps):
            for group in optimiser.param_groups:
                group["lr"] = RATE * (1 - step / steps) + 0.02
            logits = chosen @ weight + base
            loss = self._nats(logits) @ self.heard / self.heard.sum()
            loss = loss + LASSO * self._norms(weight)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        self.base, self.weight = base.detach(), weight.detach()

    def costs(self, attribute: int) -> Tensor:
        """Nats of every picture, were this attribute each of its values: [N, size]."""
        rows = self._rows(attribute)
        own = self.weight[rows]
        logits = self._logits() - own[self.labels[:, attribute]]
        return torch.stack([self._nats(logits + value) for value in own], 1)

    def reassign(self, temperature: float = 0.0, random: torch.Generator | None = None) -> None:
        """Give every picture the best value of each attribute in turn, or draw it if it is hot."""
        for attribute, size in enumerate(self.sizes):
            count = torch.bincount(self.labels[:, attribute], minlength=size) + 0.5
            costs = self.costs(attribute) - torch.log(count / count.sum())
            if temperature:
                noise = torch.rand(costs.shape, generator=random).clamp_min(1e-9)
                costs = costs + temperature * torch.log(-torch.log(noise))
            self.labels = self.labels.clone()
            self.labels[:, attribute] = costs.argmin(1)

    def objective(self) -> float:
        """Nats a picture of pixels, weights, labels and of what attributes repeat."""
        nats = float(self._nats(self._logits()).sum()) / self.pictures
        labels = self.labels.numpy()
        told = sum(entropy(column) for column in labels.T)
        twice = sum(
            mutual_information(labels[:, i], labels[:, j])
            for i in range(len(self.sizes))
            for j in range(i)
        )
        return nats + LASSO * float(self._norms(self.weight)) + told + REDUNDANCY * twice

    def residuals(self) -> Tensor:
        """What is shown less its probability, by the root of how many pixels: [N, events]."""
        odds = torch.exp(self._logits().clamp(-60, 60))
        told = odds / ((odds @ self.pixel + 1e-30) @ self.pixel.T)
        return (self.shown - told) * (self.pixel @ self.counts).sqrt()

    def wrong_pixels(self) -> Tensor:
        """Pixels whose likeliest material is not the one they have: [N]."""
        logits = self._logits()
        likeliest = torch.full((self.pictures, self.pixel.shape[1]), -torch.inf)
        pixel = self.pixel.argmax(1).expand_as(logits)
        likeliest = likeliest.scatter_reduce(1, pixel, logits, "amax")
        right = (self.shown * (logits >= likeliest.gather(1, pixel))) @ self.pixel
        return (1 - right) @ self.counts

    def pixels_of(self, attribute: int) -> float:
        """Pixels that an attribute speaks of, by how much it says."""
        norms = self._by_pixel(self.weight[self._rows(attribute)])
        return float((norms * self.counts).sum())

    def _rows(self, attribute: int) -> slice:
        first = sum(self.sizes[:attribute])
        return slice(first, first + self.sizes[attribute])

    def _one_hot(self) -> Tensor:
        parts = [functional.one_hot(self.labels[:, a], size) for a, size in enumerate(self.sizes)]
        return torch.cat([self.labels[:, :0], *parts], 1).float()

    def _logits(self) -> Tensor:
        return self._one_hot() @ self.weight + self.base

    def _nats(self, logits: Tensor) -> Tensor:
        """What each picture costs: [N, events] -> [N]."""
        normaliser = torch.log(torch.exp(logits.clamp(-60, 60)) @ self.pixel + 1e-30)
        return normaliser @ self.counts - (logits * self.weighed).sum(1)

    def _by_pixel(self, weight: Tensor) -> Tensor:
        return ((weight.square() @ self.pixel).sum(0) + 1e-3).sqrt()

    def _norms(self, weight: Tensor) -> Tensor:
        parts = weight.split(self.sizes) if self.sizes else ()
        return sum(((self._by_pixel(part) * self.counts).sum() for part in parts), torch.zeros(()))


def entropy(labels: np.ndarray) -> float:
    """Of the values of int64 [N], in nats."""
    share = np.unique(labels, return_counts=True)[1] / len(labels)
    return float(-(share * np.log(share)).sum())


def mutual_information(a: np.ndarray, b: np.ndarray) -> float:
    """Nats that two columns int64 [N] tell of each other, less what chance makes of so few
    pictures (Miller and Madow)."""
    joint = entropy(a * (int(b.max()) + 1) + b)
    chance = (len(np.unique(a)) - 1) * (len(np.unique(b)) - 1) / (2 * len(a))
    return max(0.0, entropy(a) + entropy(b) - joint - chance)
