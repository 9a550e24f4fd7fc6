# SPDX-License-Identifier: Apache-2.0
"""From a checkpoint to a verdict on disk: evaluation.json and evaluation.png."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
from matplotlib import pyplot

from dcgan.core.files import write_json
from dcgan.core.images import contact_sheet, planes_first, planes_last, psnr
from dcgan.core.latents import draw_z
from dcgan.core.markdown import table
from dcgan.core.progress import progress
from dcgan.data.decode import read_array
from dcgan.data.training_set import training_images
from dcgan.experiments import report
from dcgan.metrics.classifier import load_classifier
from dcgan.metrics.evaluation import (
    BETWEEN,
    HELD_OUT_TARGETS,
    TARGETS,
    Reference,
    judge,
    verdicts,
)
from dcgan.metrics.reference_sets import FRESH_SEED, HELD_OUT_SEED, control_sets, drawn
from dcgan.metrics.set_metrics import SAMPLES
from dcgan.render.networks import FloatRenderer, is_integer, open_checkpoint
from dcgan.train.run_folder import HELD_OUT, IMAGES

TITLES = {
    "frechet": "Frechet distance, random features",
    "classifier_frechet": "Frechet distance, classifier features",
    "precision": "precision",
    "recall": "recall",
    "density": "density",
    "coverage": "coverage",
    "diversity": "diversity (pair distance)",
    "confidence": "attribute confidence",
    "marginal_distance": "attribute marginal distance",
    "off_manifold_pixels": "off-manifold pixels",
    BETWEEN: "off-manifold pixels between avatars",
    "copies": "copies (share)",
    "three_sample": "three-sample test C_T",
    "nearest_median": "distance to nearest training image",
    "sharpness": "sharpness (Laplacian variance)",
}
PSNR_TARGETS = (46.0, 48.0)
PSNR_SAMPLES = 128


def drawn_reference(samples: int) -> Reference:
    """Held-out drawn avatars, the drawn training set and the attribute classifier."""
    return Reference(
        drawn(samples, HELD_OUT_SEED)[0], planes_first(training_images()), load_classifier()
    )


def held_out_reference(run: Path) -> Reference:
    """The part of its images that a run of `--fold` held out, and those that it learnt from."""
    stacks = []
    for name in (HELD_OUT, IMAGES):
        if not (run / name).exists():
            raise ValueError(f"{run} holds no {name}: train with --fold, as in --fold 1/5")
        stacks.append(planes_first(read_array(run / name)))
    return Reference(*stacks)


def evaluate(
    checkpoint: Path,
    out: Path,
    data: Path | None,
    samples: int,
    seeds: tuple[int, ...],
    float_checkpoint: Path | None = None,
    run: Path | None = None,
) -> dict:
    """Judge ``checkpoint`` and write evaluation.json and evaluation.png into ``out``.

    With ``run`` the reference is what that run held out, and there are as many avatars as it had
    training images: coverage grows with their number, and the floor is that of those images.
    """
    render = open_checkpoint(checkpoint)
    if run is not None:
        reference, floors = held_out_reference(run), {}
        samples = len(reference.train)
    elif data is None:
        reference = drawn_reference(samples)
        floors = {"fresh real": reference.scores(drawn(samples, FRESH_SEED)[0])}
    else:
        images = planes_first(training_images(data, render.about.get("background", "black")))
        reference, floors = Reference(images, images), {}
    floors["training set"] = reference.scores(reference.train)
    comparable = run is not None or (data is None and samples == SAMPLES)
    targets = HELD_OUT_TARGETS if run is not None else TARGETS
    with progress(f"{len(seeds)} x {samples} avatars", len(seeds) * samples) as bar:
        scores, shown = judge(render, reference, samples, seeds, bar.advance)
    result = {
        "checkpoint": checkpoint.name,
        "sha256": hashlib.sha256(checkpoint.read_bytes()).hexdigest(),
        "kind": "integer" if is_integer(checkpoint) else "float",
        "reference": _reference_name(data, run),
        "samples": samples,
        "sampling_seeds": list(seeds),
        "scores": scores,
        "floors": floors,
        "targets": verdicts(scores, floors["training set"], targets) if comparable else [],
    }
    sibling = float_checkpoint or checkpoint.with_name(checkpoint.name.replace("_int.", "."))
    if result["kind"] == "integer" and sibling != checkpoint and sibling.exists():
        z = draw_z(PSNR_SAMPLES, seeds[0])
        figure = psnr(render(z), FloatRenderer(sibling)(z))
        result["psnr_to_float"] = figure
        result["targets"].append(
            {
                "title": "PSNR to the float network (dB)",
                "figure": figure,
                "target": PSNR_TARGETS[0],
                "stretch": PSNR_TARGETS[1],
                "met": figure >= PSNR_TARGETS[0],
                "stretch_met": figure >= PSNR_TARGETS[1],
            }
        )
    write_json(out / "evaluation.json", result)
    report.write_figure(out / "evaluation.png", _figure(result, shown, reference))
    return result


def _reference_name(data: Path | None, run: Path | None) -> str:
    if run is not None:
        return f"held out of {run.name}"
    return "drawn avatars, held out" if data is None else f"folder {data.name}"


def _figure(result: dict, shown: np.ndarray, reference: Reference):
    """64 unselected samples, what each is nearest to, and the metrics beside their floors."""
    nearest, distance = reference.nearest_training(shown)
    figure = pyplot.figure(figsize=(17, 9.5), layout="constrained")
    panels = figure.subplot_mosaic(
        [["samples", "nearest", "bars"]], width_ratios=[1, 1, 0.75], empty_sentinel="."
    )
    report.show(
        panels["samples"],
        contact_sheet(planes_last(shown), 8, 8),
        f"{result['checkpoint']}: 64 unselected avatars (seed {result['sampling_seeds'][0]})",
    )
    report.show(
        panels["nearest"],
        contact_sheet(planes_last(nearest), 8, 8),
        f"the nearest training images (median distance {float(distance.median()):.1f} of 255)",
    )
    names = [name for name in TITLES if name in result["scores"]]
    axes = panels["bars"]
    axes.barh(range(len(names)), [1.0] * len(names), color="#eeeeee")
    columns = {"Generator": report.BLUE, "training set": report.ORANGE, "fresh real": report.GREEN}
    rows = {"Generator": {n: result["scores"][n]["mean"] for n in names}, **result["floors"]}
    for i, name in enumerate(names):
        values = {c: rows[c][name] for c in columns if name in rows.get(c, {})}
        top = max(abs(v) for v in values.values()) or 1.0
        for j, (column, value) in enumerate(values.items()):
            y = i - 0.27 + 0.27 * j
            label = None if i else column
            axes.barh(y, abs(value) / top, 0.24, color=columns[column], label=label)
            axes.text(0.02, y, f"{value:.3g}", va="center", fontsize=7)
    axes.set_yticks(range(len(names)), [TITLES[n] for n in names], fontsize=8)
    axes.invert_yaxis()
    axes.set_xticks([])
    axes.set_title("each metric, scaled to its longest bar", fontsize=9)
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.01), ncols=3, fontsize=8, frameon=False)
    return figure


def score_table(result: dict) -> str:
    """Markdown: the Generator beside the floors."""
    floors = result["floors"]
    rows = [
        [
            TITLES[name],
            f"{score['mean']:.3f} ± {score['std']:.3f}",
            *[floor.get(name, "") for floor in floors.values()],
        ]
        for name in TITLES
        if (score := result["scores"].get(name))
    ]
    return table(["metric", "Generator", *floors], rows)


def target_table(result: dict) -> str:
    """Markdown: each target and whether it is met."""
    words = {True: "met", False: "**missed**"}
    rows = [
        [
            target["title"],
            target["figure"],
            f"{target['target']:g}: {words[target['met']]}",
            f"{target['stretch']:g}: {words[target['stretch_met']]}",
        ]
        for target in result["targets"]
    ]
    return table(["figure", "measured", "target", "stretch target"], rows)


def text_summary(result: dict) -> str:
    """What the command prints, ready to be pasted into a README."""
    seeds = len(result["sampling_seeds"])
    head = (
        f"`{result['checkpoint']}` ({result['kind']}, sha256 {result['sha256'][:12]}), "
        f"{result['samples']} avatars for each of {seeds} sampling seeds; ± between seeds:"
    )
    parts = [head, score_table(result)]
    return "\n\n".join([*parts, target_table(result)] if result["targets"] else parts)


def control_table(out: Path, samples: int) -> str:
    """Every metric of the control sets: controls.json, controls.png and a Markdown table."""
    reference = drawn_reference(samples)
    sets = control_sets(reference.real, drawn(samples, FRESH_SEED)[0], reference.train)
    scores = {}
    with progress("judging the controls", len(sets)) as bar:
        for name, images in sets.items():
            scores[name] = reference.scores(images)
            bar.advance()
    write_json(out / "controls.json", {"samples": samples, "scores": scores})
    figure, axes = pyplot.subplots(1, len(sets), figsize=(15, 3.4), layout="constrained")
    for panel, (name, images) in zip(axes, sets.items(), strict=True):
        report.show(panel, contact_sheet(planes_last(images[:16]), 4, 4), name)
    report.write_figure(out / "controls.png", figure)
    return table(
        ["metric", *scores],
        [
            [title, *(row[key] for row in scores.values())]
            for key, title in TITLES.items()
            if key in next(iter(scores.values()))
        ],
    )
