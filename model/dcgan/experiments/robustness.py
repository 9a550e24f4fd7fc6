# SPDX-License-Identifier: Apache-2.0
"""How much depends on v1 and v2: other draws before training, disturbance after training."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from dcgan.core.checkpoint import load_checkpoint
from dcgan.core.images import psnr, to_images, to_pixels
from dcgan.core.latents import LATENT, Z_SCALE, draw_v, draw_z, quantise_z, to_float
from dcgan.core.shapes import NetworkConfig
from dcgan.data.training_set import training_images
from dcgan.experiments import latent_geometry
from dcgan.experiments.decoders import fit_regression
from dcgan.metrics import classifier

DIMENSIONS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
LENGTHS = (0.0, 0.3, 1.0, 3.0, 10.0, 30.0)
NETWORK = NetworkConfig("small", (LATENT, 32, 24, 16, 1))
AFFORDABLE = {"draws": 3, "iterations": 150, "samples": 20000, "avatars": 128}
QUICK = {"draws": 1, "iterations": 8, "samples": 2000, "avatars": 8}
Advance = Callable[[int], object]


def theory(samples: int, seed: int = 0) -> dict[str, list[dict[str, float]]]:
    """Closed forms beside samples, against d (with |v| = sqrt(d)) and against |v| (d = 100)."""
    by_dimension = []
    for d in DIMENSIONS:
        length = d**0.5
        steps = quantise_z(np.full(d, length / d**0.5))
        by_dimension.append(
            {
                "dimension": d,
                "norm_closed": latent_geometry.mean_norm(d),
                "moved_norm_closed": latent_geometry.mean_norm(d, length),
                "spread_closed": latent_geometry.norm_spread(d),
                "bayes_error_closed": latent_geometry.bayes_error(length),
                "log10_collision": latent_geometry.log10_collision(steps),
                "log10_collision_closed": latent_geometry.log10_collision_closed(d, length),
                "norm": (plain := latent_geometry.sampled(d, 0.0, samples, seed))["norm"],
                "spread": plain["norm_spread"],
                **{
                    f"moved_{k}": x
                    for k, x in latent_geometry.sampled(d, length, samples, seed).items()
                },
            }
        )
    by_length = []
    for length in LENGTHS:
        v = draw_v(seed, length)[0]
        actual = float(np.linalg.norm(to_float(v)))
        by_length.append(
            {
                "length": length,
                "length_on_grid": actual,
                "moved_norm_closed": latent_geometry.mean_norm(LATENT, length),
                "bayes_error_closed": latent_geometry.bayes_error(length),
                "log10_collision": latent_geometry.log10_collision(v),
                "log10_collision_closed": latent_geometry.log10_collision_closed(LATENT, actual),
                **{
                    f"moved_{k}": x
                    for k, x in latent_geometry.sampled(LATENT, length, samples, seed).items()
                },
            }
        )
    return {"dimension": by_dimension, "length": by_length}


def layouts(seed: int, length: float) -> dict[str, np.ndarray]:
    """Ways to place v1 and v2 (int8 [2, 100]) at one length."""
    one, two = draw_v(seed, length)
    return {
        "random": np.stack([one, two]),
        "opposite (v2 = -v1)": np.stack([one, -one]),
        "in line (v2 = 2 v1)": np.stack([one // 2, one // 2 * 2]),
        "the same (v2 = v1)": np.stack([one, one]),
    }


@dataclass(frozen=True)
class Trial:
    """One training with its own v: fit of the training images, and colour that came out."""

    layout: str
    length: float
    seed: int
    psnr: float
    colourfulness: float


def trainings(draws: int, iterations: int, advance: Advance = lambda _: None) -> list[Trial]:
    """L2 fits of a small network to the training images for lengths, draws and layouts of v.

    L2 fits instead of GAN trainings: seconds instead of an hour each, without the variance of
    adversarial training, and they ask the same question: can one network keep three roles apart?
    """
    images = to_images(training_images())
    plans = [("random", n, draw_v(s, n), s) for n in LENGTHS for s in range(draws)]
    for name, v in layouts(0, 10.0).items():
        plans += [(name, 10.0, v, s) for s in range(draws) if name != "random"]
    trials = []
    for name, length, v, seed in plans:
        fit = fit_regression(NETWORK, images, torch.from_numpy(to_float(v)), iterations, seed=seed)
        drawn = fit.render(draw_z(64, 7)).astype(np.float64)
        trials.append(Trial(name, length, seed, fit.psnr, float(drawn.std(axis=1).mean())))
        advance(1)
    return trials


def _avatars(generator, v: Tensor, z: Tensor) -> np.ndarray:
    with torch.no_grad():
        return np.moveaxis(to_pixels(generator.rgb(z, v[0], v[1])), -1, 1)


def disturb(checkpoint: Path, avatars: int, seed: int = 0, advance: Advance = lambda _: None):
    """What happens to a trained Generator when its v is changed afterwards.

    Returns (rows, pictures): a row names the disturbance, its length |delta|, the PSNR to the
    undisturbed avatars, and the attribute confidence; pictures hold six avatars of some rows.
    """
    trained = load_checkpoint(checkpoint)
    generator = trained.generator()
    v = torch.stack([trained.v1, trained.v2])
    z = torch.from_numpy(to_float(draw_z(avatars, seed)))
    random = torch.Generator().manual_seed(seed)
    direction = torch.randn(v.shape, generator=random)
    direction /= direction.norm(dim=1, keepdim=True)
    length = float(v.norm(dim=1).mean())
    cases = [("none", v)]
    cases += [(f"noise of length {r:g}", v + r * direction) for r in (0.1, 0.3, 1, 3, 10)]
    cases += [(f"grid of 1/{int(1 / g)}", torch.round(v / g) * g) for g in (1 / 8, 1 / 4, 1 / 2)]
    cases += [(f"scaled by {f:g}", v * f) for f in (0.5, 0.9, 1.1, 1.5)]
    cases += [(f"bit {bit} of one entry flipped", _flipped(v, bit)) for bit in (0, 3, 6, 7)]
    other = torch.from_numpy(to_float(draw_v(seed + 999, length)))
    cases += [("v1 and v2 exchanged", v.flip(0)), ("another draw", other), ("zero", v * 0)]
    reader = classifier.load_classifier()
    clean = _avatars(generator, v, z)
    rows, pictures = [], {}
    for name, changed in cases:
        images = _avatars(generator, changed, z)
        rows.append(
            {
                "disturbance": name,
                "length": float((changed - v).norm(dim=1).mean()),
                "psnr": min(99.0, psnr(images, clean)),
                "confidence": classifier.confidence(classifier.read(reader, images)[1]),
            }
        )
        pictures[name] = images[:6]
        advance(1)
    return rows, pictures


DISTURBANCES = 20
"""Cases of ``disturb``, for the progress bar."""


def _flipped(v: Tensor, bit: int) -> Tensor:
    """One ROM bit wrong: the entry of v1 and of v2 that is nearest to zero, as int8."""
    steps = torch.round(v / Z_SCALE).to(torch.int16)
    for row in steps:
        k = int(row.abs().argmin())
        value = (int(row[k]) & 0xFF) ^ (1 << bit)
        row[k] = value - 256 if value > 127 else value
    return steps.float() * Z_SCALE
