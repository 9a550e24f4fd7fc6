# SPDX-License-Identifier: Apache-2.0
"""ablation.json and ablation.png: settings side by side, and density against quality."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from matplotlib import pyplot

from dcgan.core.files import write_json
from dcgan.core.images import contact_sheet, planes_last, to_images
from dcgan.core.latents import draw_z
from dcgan.core.markdown import table
from dcgan.data.training_set import training_images
from dcgan.experiments import ablation, report
from dcgan.experiments.evaluation_report import TITLES, drawn_reference
from dcgan.render.networks import FloatRenderer
from dcgan.train.run_folder import CHECKPOINT

SHOWN = ("frechet", "classifier_frechet", "precision", "coverage", "recall")
ACTIVITY = ("density1", "density2", "density3", "cycles")
PICTURED = 24


def run(out: Path, seeds: list[int], iterations: int, samples: int) -> dict | None:
    """Every variant with every seed; None if it was interrupted. Seeds are the outer loop."""
    reference = drawn_reference(samples)
    images = to_images(training_images())
    scores: dict[str, list[dict[str, float]]] = {v.name: [] for v in ablation.VARIANTS}
    for seed in seeds:  # every run shows its own progress
        for variant in ablation.VARIANTS:
            row = ablation.run(variant, seed, iterations, images, reference, samples, out)
            if row is None:
                return None
            scores[variant.name].append(row)
    result = {
        "iterations": iterations,
        "seeds": seeds,
        "samples": samples,
        "variants": {
            variant.name: {"changes": variant.changes, "scores": scores[variant.name]}
            for variant in ablation.VARIANTS
        },
    }
    write_json(out / "ablation.json", result)
    report.write_figure(out / "ablation.png", _figure(result, out))
    return result


def _column(result: dict, name: str, metric: str) -> np.ndarray:
    return np.array([row[metric] for row in result["variants"][name]["scores"]])


def _figure(result: dict, out: Path):
    """Error bars over training seeds; density against quality; avatars of the first seed."""
    figure = pyplot.figure(figsize=(17, 9), layout="constrained")
    top, bottom = figure.subfigures(2, 1, height_ratios=(1, 1))
    names = list(result["variants"])
    axes = top.subplots(1, 4)
    for ax, metric in zip(axes, ("frechet", "precision", "coverage"), strict=False):
        columns = [_column(result, name, metric) for name in names]
        ax.errorbar(
            [c.mean() for c in columns],
            range(len(names)),
            xerr=[c.std() for c in columns],
            fmt="o",
            color=report.BLUE,
            capsize=4,
        )
        ax.set_yticks(range(len(names)), names if metric == "frechet" else [""] * len(names))
        ax.invert_yaxis()
        ax.set_title(TITLES[metric], fontsize=9)
    for variant in ablation.DENSITIES:
        cycles, quality = (
            _column(result, variant.name, metric) for metric in ("cycles", "frechet")
        )
        axes[3].scatter(cycles, quality, label=variant.name)
    axes[3].set_xlabel("cycles an avatar, predicted")
    axes[3].set_title(TITLES["frechet"], fontsize=9)
    axes[3].legend(fontsize=8)
    for ax, name in zip(bottom.subplots(1, len(names)), names, strict=True):
        folder = ablation.folder_of(out, name, result["seeds"][0])
        render = FloatRenderer(folder / CHECKPOINT)
        z = draw_z(PICTURED, ablation.SAMPLING_SEED)
        shown = planes_last(render(z))
        report.show(ax, contact_sheet(shown, 4, 4), name)
    return figure


def tables(result: dict) -> str:
    """Markdown: what each part of the recipe is worth, and what zeros cost."""
    parts = [[v.name, *_cells(result, v.name, SHOWN)] for v in ablation.PARTS]
    zeros = [[v.name, *_cells(result, v.name, (*ACTIVITY, *SHOWN[:4]))] for v in ablation.DENSITIES]
    words = {name: name.replace("_", " ") for name in (*SHOWN, *ACTIVITY)}
    return "\n\n".join(
        (
            f"{result['iterations']:,} iterations, training seeds "
            f"{', '.join(map(str, result['seeds']))}, {result['samples']:,} avatars; "
            "± is the standard deviation between training seeds.",
            table(["setting", *(words[name] for name in SHOWN)], parts),
            table(["setting", *(words[name] for name in (*ACTIVITY, *SHOWN[:4]))], zeros),
        )
    )


def _cells(result: dict, name: str, metrics: tuple[str, ...]) -> list[str]:
    cells = []
    for metric in metrics:
        values = _column(result, name, metric)
        digits = 0 if metric == "cycles" else 2 if values.mean() < 10 else 1
        spread = f" ± {values.std(ddof=1):.{digits}f}" if len(values) > 1 else ""
        cells.append(f"{values.mean():,.{digits}f}{spread}")
    return cells
