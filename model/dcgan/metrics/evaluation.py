# SPDX-License-Identifier: Apache-2.0
"""All metrics of one set of images against one reference, and the verdict on a generator."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from dcgan.core.latents import draw_z, interpolate
from dcgan.core.renderer import Renderer
from dcgan.metrics import classifier, set_metrics
from dcgan.metrics.classifier import AttributeClassifier
from dcgan.metrics.features import random_features
from dcgan.metrics.nearest_avatar import MEASURED, off_manifold_pixels

SAMPLING_SEEDS = (101, 102, 103)
BETWEEN = "off_manifold_between"
"""Off-manifold pixels of what lies between avatars, as in figure 7."""
INNER = 3
"""Points between two latents that are judged."""


@dataclass(frozen=True)
class Target:
    """A wanted value of ``metric``, divided by that of the training images if ``relative``."""

    title: str
    metric: str
    relative: bool
    target: float
    stretch: float
    smaller: bool

    def verdict(self, value: float, training: float) -> dict:
        figure = value / training if self.relative else value
        sign = 1 if self.smaller else -1
        return {
            "title": self.title,
            "figure": figure,
            "target": self.target,
            "stretch": self.stretch,
            "met": sign * figure <= sign * self.target,
            "stretch_met": sign * figure <= sign * self.stretch,
        }


# A copy is a sample nearer to a training image than 99% of the held-out avatars are, so that honest
# avatars score 1% by definition. "No copies" is therefore: no more of them than real avatars have.
TARGETS = (
    Target("random-feature FD / that of the training images", "frechet", True, 1.0, 0.6, True),
    Target(
        "classifier FD / that of the training images", "classifier_frechet", True, 2.0, 0.9, True
    ),
    Target("coverage", "coverage", False, 0.85, 0.95, False),
    Target("precision", "precision", False, 0.95, 0.99, False),
    Target("copies (share)", "copies", False, 0.0125, 0.01, True),
    Target("off-manifold pixels", "off_manifold_pixels", False, 20.0, 5.0, True),
    Target("off-manifold pixels between avatars", BETWEEN, False, 20.0, 5.0, True),
)


# Against a part of a folder that was held out: as near to what real pictures score, the training
# images, as 0.85 of it.
HELD_OUT_TARGETS = tuple(
    Target(f"{name} / that of the training images", name, True, 0.85, 0.95, False)
    for name in ("precision", "coverage")
)


class Reference:
    """A held-out set and the training set, with everything that is computed from them once.

    A folder of PNGs has no held-out part: pass its images as both. Copies are then judged by the
    distances among the training images, and the three-sample test has no third sample.
    """

    def __init__(
        self, real: np.ndarray, train: np.ndarray, network: AttributeClassifier | None = None
    ) -> None:
        """Images are uint8 [N, 3, 32, 32]; without ``network`` only label-free metrics are made."""
        self.network = network
        self.real, self.train = real, train
        self.real_features, self.train_features = random_features(real), random_features(train)
        self.train_pixels = set_metrics.pixels(train)
        self.held_out = real is not train
        if self.held_out:
            self.honest, _ = set_metrics.nearest(set_metrics.pixels(real), self.train_pixels)
        else:
            self.honest = set_metrics.neighbour_radii(self.train_pixels, 1)
        if network is not None:
            self.real_embedded, self.real_probabilities = classifier.read(network, real)

    def scores(self, images: np.ndarray) -> dict[str, float]:
        """Every metric of one set of images, by name."""
        features = random_features(images)
        spread = set_metrics.manifold(self.real_features, features)
        found = set_metrics.copies(set_metrics.pixels(images), self.train_pixels, self.honest)
        result = {
            "frechet": set_metrics.frechet_distance(features, self.real_features),
            "precision": spread.precision,
            "recall": spread.recall,
            "density": spread.density,
            "coverage": spread.coverage,
            "diversity": set_metrics.pair_distance(features),
            "copies": found.share,
            "nearest_median": found.nearest_median,
            "sharpness": sharpness(images),
        }
        if self.held_out:
            result["three_sample"] = set_metrics.three_sample(
                features, self.real_features, self.train_features
            )
        if self.network is not None:
            embedded, probabilities = classifier.read(self.network, images)
            result |= {
                "classifier_frechet": set_metrics.frechet_distance(embedded, self.real_embedded),
                "confidence": classifier.confidence(probabilities),
                "marginal_distance": classifier.marginal_distance(
                    probabilities, self.real_probabilities
                ),
                "off_manifold_pixels": off_manifold_pixels(
                    images[:MEASURED], classifier.labels(probabilities[:MEASURED]).numpy()
                ),
            }
        return result

    def off_manifold(self, images: np.ndarray) -> float:
        """Mean pixels off the drawn kind of avatars; ValueError without an attribute reader."""
        if self.network is None:
            raise ValueError("off-manifold pixels are of the drawn set")
        _, probabilities = classifier.read(self.network, images)
        return off_manifold_pixels(images, classifier.labels(probabilities).numpy())

    def nearest_training(self, images: np.ndarray) -> tuple[np.ndarray, Tensor]:
        """The training image nearest to each image (pixel RMS), and the distances."""
        distance, index = set_metrics.nearest(set_metrics.pixels(images), self.train_pixels)
        return self.train[index.numpy()], distance


def sharpness(images: np.ndarray) -> float:
    """Variance of the Laplacian of the luminance, mean over images (grey levels squared).

    The usual focus measure: blurring lowers it, grain raises it: compare with that of real images.
    """
    weights = torch.tensor([0.299, 0.587, 0.114])[None, :, None, None]
    grey = (torch.as_tensor(images).float() * weights).sum(dim=1)
    laplacian = (
        grey[:, :-2, 1:-1] + grey[:, 2:, 1:-1] + grey[:, 1:-1, :-2] + grey[:, 1:-1, 2:]
    ) - 4 * grey[:, 1:-1, 1:-1]
    return float(laplacian.flatten(1).var(dim=1).mean())


def summarise(rows: list[dict[str, float]]) -> dict[str, dict]:
    """Mean, standard deviation (of the sampling seeds) and the values themselves, by metric."""
    return {
        name: {
            "mean": float(np.mean(values)),
            "std": float(np.std(values, ddof=1)) if len(values) > 1 else 0.0,
            "values": values,
        }
        for name in rows[0]
        if (values := [row[name] for row in rows])
    }


def judge(
    render: Renderer,
    reference: Reference,
    samples: int,
    seeds: tuple[int, ...] = SAMPLING_SEEDS,
    advance: Callable[[int], object] = lambda _: None,
) -> tuple[dict[str, dict], np.ndarray]:
    """Scores over sampling seeds, and the first 64 unselected images of the first seed.

    ``advance`` is called with the number of images rendered since the last call.
    """
    rows, shown = [], None
    for seed in seeds:
        z = draw_z(samples, seed)
        parts = []
        for start in range(0, samples, 50):
            parts.append(render(z[start : start + 50]))
            advance(len(parts[-1]))
        images = np.concatenate(parts)
        shown = images[:64] if shown is None else shown
        rows.append(reference.scores(images))
        if reference.network is not None:
            rows[-1][BETWEEN] = reference.off_manifold(_between(render, seed))
    return summarise(rows), shown


def _between(render: Renderer, seed: int) -> np.ndarray:
    """`MEASURED` avatars between two others, as in figure 7 of the paper."""
    ends = draw_z(2 * (MEASURED // INNER), seed).reshape(MEASURED // INNER, 2, -1)
    return np.concatenate([render(interpolate(*pair, INNER)[1:-1]) for pair in ends])


def verdicts(
    scores: dict[str, dict], training: dict[str, float], targets: Sequence[Target] = TARGETS
) -> list[dict]:
    """Those of `targets` that these scores can be held against."""
    return [
        target.verdict(scores[target.metric]["mean"], training.get(target.metric, 1.0))
        for target in targets
        if target.metric in scores
    ]
