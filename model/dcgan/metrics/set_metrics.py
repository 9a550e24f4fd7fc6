# SPDX-License-Identifier: Apache-2.0
"""Label-free metrics of a set of generated avatars. All take and return plain tensors or floats.

    Frechet distance       Heusel et al. 2017      distance of mean and covariance; small is good
    precision, recall      Kynkaanniemi et al. 2019  share inside the other set's k-NN balls
    density, coverage      Naeem et al. 2020       the same, not fooled by outliers
    pair distance          -                       diversity: mean distance between two samples
    copies, C_T            Meehan et al. 2020      memorisation: ``copies``, ``three_sample``

``real`` is always a held-out set that no generator has seen, ``train`` what it was trained on.
Every metric depends on the number of samples, so compare numbers only at the same N (2,000 here).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import torch
from scipy.stats import ranksums
from sklearn.cluster import KMeans
from torch import Tensor

SAMPLES = 2000
NEIGHBOURS = 5
COPY_QUANTILE = 0.01
CELLS = 10
CELL_MINIMUM = 20


def frechet_distance(a: Tensor, b: Tensor) -> float:
    """|mu_a - mu_b|^2 + tr(A + B - 2 (A^1/2 B A^1/2)^1/2) of two feature sets [N, D], [M, D].

    Float64, through symmetric eigenvalues, so that it is exact to about 1e-9 even when a set has
    fewer samples than features (singular covariance). Needs two samples in each set.
    """
    if min(len(a), len(b)) < 2:
        raise ValueError("frechet_distance needs at least two samples in each set")
    a, b = a.double(), b.double()
    shift = (a.mean(0) - b.mean(0)).square().sum()
    cov_a, cov_b = torch.cov(a.T), torch.cov(b.T)
    values, vectors = torch.linalg.eigh(cov_a)
    root = vectors @ torch.diag(values.clamp(min=0).sqrt()) @ vectors.T
    product = root @ cov_b @ root
    cross = torch.linalg.eigvalsh((product + product.T) / 2).clamp(min=0).sqrt().sum()
    return max(0.0, float(shift + cov_a.trace() + cov_b.trace() - 2 * cross))


def _distances(a: Tensor, b: Tensor, batch: int = 500):
    """Yields (rows of a, distances [batch, M]) so that the full matrix never has to exist."""
    for start in range(0, len(a), batch):
        part = a[start : start + batch]
        yield slice(start, start + len(part)), torch.cdist(part, b)


def nearest(a: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    """For each row of ``a``: distance to, and index of, its nearest row of ``b``.

    The search uses the fast matrix form of the distance; the distance returned is recomputed from
    the difference, so that an exact copy is at exactly 0.
    """
    index = torch.cat([d.argmin(dim=1) for _, d in _distances(a, b)])
    return (a - b[index]).norm(dim=1), index


def neighbour_radii(x: Tensor, k: int = NEIGHBOURS) -> Tensor:
    """Distance of each sample to its k-th nearest other sample: [N]. Needs N > k."""
    if len(x) <= k:
        raise ValueError(f"k-nearest-neighbour metrics need more than {k} samples, got {len(x)}")
    # The distance of a sample to itself is the first of the k+1 smallest.
    return torch.cat([d.kthvalue(k + 1, dim=1).values for _, d in _distances(x, x)])


@dataclass(frozen=True)
class Manifold:
    """precision: generated inside the balls of real; recall: real inside the balls of generated;
    density: mean number of real balls around a generated sample, divided by k (may exceed 1);
    coverage: share of real balls that hold a generated sample.
    """

    precision: float
    recall: float
    density: float
    coverage: float


def manifold(real: Tensor, fake: Tensor, k: int = NEIGHBOURS) -> Manifold:
    """k-NN metrics of features [N, D], [M, D] with the same k for all four."""
    real_radius, fake_radius = neighbour_radii(real, k), neighbour_radii(fake, k)
    inside = torch.zeros(len(fake), device=fake.device)
    recalled, covered = 0, 0
    for rows, distance in _distances(real, fake):
        within = distance <= real_radius[rows, None]
        inside += within.sum(dim=0)
        covered += int(within.any(dim=1).sum())
        recalled += int((distance <= fake_radius[None, :]).any(dim=1).sum())
    return Manifold(
        precision=float((inside > 0).float().mean()),
        recall=recalled / len(real),
        density=float(inside.mean()) / k,
        coverage=covered / len(real),
    )


def pair_distance(x: Tensor) -> float:
    """Mean Euclidean distance between two different samples: diversity."""
    if len(x) < 2:
        raise ValueError("pair_distance needs at least two samples")
    x = x - x.mean(dim=0)  # keeps the fast matrix form of the distance exact near zero
    total = sum(float(d.double().sum()) for _, d in _distances(x, x))
    return total / (len(x) * (len(x) - 1))


def pixels(images: np.ndarray | Tensor) -> Tensor:
    """uint8 [N, 3, H, W] -> float32 [N, 3HW], scaled so that distances are RMS errors."""
    flat = torch.as_tensor(images).flatten(1).float()
    return flat / math.sqrt(flat.shape[1])


@dataclass(frozen=True)
class Copies:
    """share of samples within ``threshold`` (pixel RMS, 0..255) of a training image."""

    share: float
    threshold: float
    nearest_median: float


def copies(fake: Tensor, train: Tensor, honest: Tensor) -> Copies:
    """``fake`` and ``train`` are ``pixels``; ``honest`` are distances of new real images to the
    training set: ``nearest(held_out, train)[0]``, or ``neighbour_radii(train, 1)`` where nothing
    was held out. The threshold is what only 1% of them stay below, so that honest new avatars
    score 0.01 and a memorised training set scores 1.
    """
    threshold = float(honest.quantile(COPY_QUANTILE))
    distance, _ = nearest(fake, train)
    return Copies(
        share=float((distance <= threshold).float().mean()),
        threshold=threshold,
        nearest_median=float(distance.median()),
    )


def three_sample(fake: Tensor, real: Tensor, train: Tensor, cells: int = CELLS) -> float:
    """C_T of Meehan, Chaudhuri, Dasgupta 2020: are samples nearer to the training set than held-out
    images are? In each k-means cell of the training set the two distance samples go through a
    Mann-Whitney test; the z scores are averaged with the held-out share of the cell as weight.

    Far below 0 (under -3): copies. Near 0: as new as real images. Far above 0: off the data.
    Cells with fewer than 20 samples of either kind say nothing and are left out.
    """
    means = KMeans(min(cells, len(train)), n_init=4, random_state=0).fit(train.numpy())
    fake_cell, real_cell = means.predict(fake.numpy()), means.predict(real.numpy())
    fake_distance, real_distance = (nearest(x, train)[0].numpy() for x in (fake, real))
    total, weight = 0.0, 0.0
    for cell in range(means.n_clusters):
        ours, theirs = fake_distance[fake_cell == cell], real_distance[real_cell == cell]
        if min(len(ours), len(theirs)) < CELL_MINIMUM:
            continue
        total += len(theirs) * float(ranksums(ours, theirs).statistic)
        weight += len(theirs)
    return total / weight if weight else float(ranksums(fake_distance, real_distance).statistic)
