# SPDX-License-Identifier: Apache-2.0
"""The GAN beside the same graph as VAE and as L2 regression: decoders.json and decoders.png."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from matplotlib import pyplot

from dcgan.core.checkpoint import Checkpoint, config_hash, load_checkpoint, save_checkpoint
from dcgan.core.files import write_json
from dcgan.core.images import contact_sheet, planes_last, to_images
from dcgan.core.latents import draw_z
from dcgan.core.markdown import table
from dcgan.core.progress import progress
from dcgan.core.shapes import NetworkConfig
from dcgan.data.training_set import training_images
from dcgan.experiments import report
from dcgan.experiments.decoders import fit_regression, fit_vae
from dcgan.experiments.evaluation_report import drawn_reference
from dcgan.metrics.classifier import fingerprint
from dcgan.metrics.evaluation import Reference, judge
from dcgan.render.networks import FloatRenderer

SHOWN = (
    "sharpness",
    "coverage",
    "precision",
    "density",
    "frechet",
    "classifier_frechet",
    "confidence",
)
SEED = 101
STRIP = 5


def run(
    checkpoint: Path,
    out: Path,
    iterations: int,
    samples: int,
    seed: int = 0,
) -> dict:
    """Train VAE and regression with the checkpoint's network and v, judge all three alike.

    The two are kept as checkpoints in ``out``; a later run with the same settings takes them over.
    """
    trained = load_checkpoint(checkpoint)
    v = torch.stack([trained.v1, trained.v2])
    images = to_images(training_images())
    reconstruction, renders = {}, {"GAN": FloatRenderer(checkpoint)}
    for name, stem, fit in (
        ("VAE", "vae", fit_vae),
        ("L2 regression", "regression", fit_regression),
    ):
        path = out / f"{stem}.safetensors"
        settings = {
            "recipe": stem,
            "iterations": iterations,
            "seed": seed,
            "avatars": fingerprint(),
            "v_hash": config_hash({"v": v.tolist()}),
        }
        earlier = _earlier(path, trained.config, settings)
        if earlier is None:
            with progress(name, iterations) as bar:
                fitted = fit(trained.config, images, v, iterations, seed=seed, step=bar.set)
            settings["reconstruction_psnr"] = fitted.psnr
            state = fitted.generator.state_dict()
            earlier = Checkpoint(trained.config, state, trained.v1, trained.v2, settings)
            save_checkpoint(path, earlier)
        reconstruction[name], renders[name] = (
            earlier.metadata["reconstruction_psnr"],
            FloatRenderer(path),
        )
    reference = drawn_reference(samples)
    rows, sheets = {}, {}
    with progress("judging", len(renders) * samples) as bar:
        for name, render in renders.items():
            scores, shown = judge(render, reference, samples, (SEED,), bar.advance)
            rows[name] = {key: scores[key]["mean"] for key in SHOWN}
            sheets[name] = (shown[:16], render(_strip(seed)))
    rows |= {name: {k: row[k] for k in SHOWN} for name, row in _floors(reference).items()}
    result = {
        "checkpoint": checkpoint.name,
        "channels": list(trained.config.channels),
        "iterations": iterations,
        "samples": samples,
        "seed": seed,
        "reconstruction_psnr": reconstruction,
        "rows": rows,
    }
    write_json(out / "decoders.json", result)
    report.write_figure(out / "decoders.png", _figure(result, sheets, reference))
    return result


def _earlier(path: Path, config: NetworkConfig, settings: dict) -> Checkpoint | None:
    """A decoder trained before, if everything that made it is the same."""
    try:
        found = load_checkpoint(path)
    except (OSError, ValueError):
        return None
    same = all(found.metadata.get(key) == value for key, value in settings.items())
    return found if same and found.config.channels == config.channels else None


def _floors(reference: Reference) -> dict[str, dict[str, float]]:
    """The held-out avatars themselves, and their average: the two ends of the scale."""
    mean = np.floor(reference.real.mean(axis=0) + 0.5).astype(np.uint8)
    return {
        "training set": reference.scores(reference.train),
        "mean image": reference.scores(np.repeat(mean[None], 100, axis=0)),
    }


def _strip(seed: int) -> np.ndarray:
    """Four strips z(t) = (1 - t) z1 + t z2 of five points, ends included (equation 12)."""
    ends = draw_z(8, 500 + seed).reshape(4, 2, -1).astype(np.float64)
    t = np.linspace(0, 1, STRIP)[:, None]
    inner = np.concatenate([(1 - t) * a + t * b for a, b in ends])
    return np.floor(inner + 0.5).astype(np.int8)


def _figure(result: dict, sheets: dict, reference: Reference):
    figure, axes = pyplot.subplots(2, 4, figsize=(17, 8.5), layout="constrained")
    for i, (name, (shown, strip)) in enumerate(sheets.items()):
        report.show(axes[0, i], contact_sheet(planes_last(shown), 4, 6), f"{name}: unselected")
        title = f"{name}: between two z"
        report.show(axes[1, i], contact_sheet(planes_last(strip), STRIP, 6), title)
    shown = planes_last(reference.real[:16])
    report.show(axes[0, 3], contact_sheet(shown, 4, 6), "held-out avatars")
    real = reference.scores(reference.train)["sharpness"]
    names = list(result["rows"])
    places = np.arange(len(names))
    for j, (key, label, colour) in enumerate(
        (
            ("sharpness", "sharpness / real", report.BLUE),
            ("coverage", "coverage", report.ORANGE),
            ("confidence", "attribute confidence", report.GREEN),
        )
    ):
        heights = [result["rows"][n][key] / (real if key == "sharpness" else 1) for n in names]
        axes[1, 3].bar(places - 0.27 + 0.27 * j, heights, 0.25, label=label, color=colour)
    axes[1, 3].set_xticks(places, names, fontsize=8)
    axes[1, 3].legend(fontsize=8)
    return figure


def decoder_table(result: dict) -> str:
    """Markdown: one row a decoder, and the floors."""
    header = ["decoder", *(key.replace("_", " ") for key in SHOWN)]
    return table(
        header, [[name, *(row[key] for key in SHOWN)] for name, row in result["rows"].items()]
    )
