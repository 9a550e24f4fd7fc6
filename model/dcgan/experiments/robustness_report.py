# SPDX-License-Identifier: Apache-2.0
"""robustness.json and robustness.png from the three parts of robustness.py."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
from matplotlib import pyplot

from dcgan.core.files import write_json
from dcgan.core.images import contact_sheet
from dcgan.core.markdown import table
from dcgan.core.progress import progress
from dcgan.experiments import latent_geometry, report, robustness
from dcgan.metrics.classifier import fingerprint

SHOWN = ("none", "noise of length 1", "noise of length 3", "another draw", "zero")


def run(checkpoint: Path, out: Path, quick: bool, fresh: bool, seed: int = 0) -> dict:
    """All three parts. Trainings of an earlier run with the same settings are taken over.

    They do not depend on the checkpoint; ``fresh`` repeats them all the same.
    """
    size = robustness.QUICK if quick else robustness.AFFORDABLE
    settings = {
        "draws": size["draws"],
        "iterations": size["iterations"],
        "channels": list(robustness.NETWORK.channels),
        "avatars": fingerprint(),
    }
    with progress("disturbing v", robustness.DISTURBANCES) as bar:
        rows, pictures = robustness.disturb(checkpoint, size["avatars"], seed, bar.advance)
    theory = robustness.theory(size["samples"], seed)
    path = out / "robustness.json"
    trials = None if fresh else _earlier(path, settings)
    if trials is None:
        count = (len(robustness.LENGTHS) + 3) * size["draws"]
        with progress("training with other v", count) as bar:
            trials = [
                asdict(trial)
                for trial in robustness.trainings(size["draws"], size["iterations"], bar.advance)
            ]
    result = {
        "checkpoint": checkpoint.name,
        "seed": seed,
        "theory": theory,
        "training_settings": settings,
        "trainings": trials,
        "disturbances": rows,
    }
    write_json(path, result)
    report.write_figure(out / "robustness.png", _figure(result, pictures))
    return result


def _earlier(path: Path, settings: dict) -> list[dict] | None:
    try:
        earlier = json.loads(path.read_text())
        return earlier["trainings"] if earlier["training_settings"] == settings else None
    except (OSError, ValueError, KeyError):
        return None


def _figure(result: dict, pictures: dict[str, np.ndarray]):
    figure, ((norms, judge, collide), (fit, broken, shown)) = pyplot.subplots(
        2, 3, figsize=(15, 8.5), layout="constrained"
    )
    rows = result["theory"]["dimension"]
    d = [row["dimension"] for row in rows]
    for key, colour, label in (
        ("norm", report.BLUE, "|z|"),
        ("moved_norm", report.ORANGE, "|z - v|"),
    ):
        norms.plot(d, [row[f"{key}_closed"] for row in rows], color=colour, lw=1)
        spread = [row["spread" if key == "norm" else "moved_norm_spread"] for row in rows]
        norms.errorbar(d, [r[key] for r in rows], spread, fmt="o", ms=4, color=colour, label=label)
    norms.set(xscale="log", yscale="log", xlabel="dimension d", title="norms, |v| = sqrt(d)")
    norms.legend()
    rows = result["theory"]["length"]
    lengths = np.linspace(0, 14, 100)
    judge.semilogy(lengths, [latent_geometry.bayes_error(x) for x in lengths], color=report.BLUE)
    seen = [(r["length"], r["moved_bayes_error"]) for r in rows if r["moved_bayes_error"] > 0]
    judge.plot(*zip(*seen, strict=True), "o", color=report.ORANGE, label="samples")
    judge.set(xlabel="|v|", title="telling the R role from the G role: Bayes error")
    judge.legend()
    rows = result["theory"]["dimension"]
    collide.plot(d, [-r["log10_collision_closed"] for r in rows], color=report.BLUE, lw=1)
    collide.plot(d, [-r["log10_collision"] for r in rows], "o", color=report.BLUE, ms=4)
    collide.set(xscale="log", yscale="log", xlabel="dimension d")
    collide.set_title("-log10 of P(z' + v = z'') on the int8 grid")
    trials = result["trainings"]
    for name, colour in zip(
        dict.fromkeys(t["layout"] for t in trials),
        (report.BLUE, report.ORANGE, report.GREEN, report.GREY),
        strict=False,
    ):
        mine = [t for t in trials if t["layout"] == name]
        fit.plot(
            [max(t["length"], 0.1) for t in mine],
            [t["psnr"] for t in mine],
            "o",
            color=colour,
            label=name,
        )
    fit.set(
        xscale="log",
        xlabel="|v| (0 drawn at 0.1)",
        ylabel="dB",
        title="trained with this v: PSNR of the reconstruction",
    )
    fit.legend(fontsize=8)
    rows = [r for r in result["disturbances"] if r["length"] > 0]
    broken.semilogx([r["length"] for r in rows], [r["psnr"] for r in rows], "o", color=report.BLUE)
    for r in rows:
        broken.annotate(r["disturbance"], (r["length"], r["psnr"]), fontsize=5.5)
    broken.set(
        xlabel="|change of v|",
        ylabel="dB",
        title="v changed after training: PSNR to the undisturbed",
    )
    sheet = np.concatenate([pictures[name] for name in SHOWN])
    report.show(
        shown,
        contact_sheet(np.moveaxis(sheet, 1, -1), 6, 6),
        "v: as trained, +1, +3, another draw, zero",
    )
    return figure


def tables(result: dict) -> str:
    """The three tables of the chapter in experiments/README.md."""
    theory = table(
        [
            "\\|v\\|",
            "mean \\|z - v\\|",
            "measured",
            "Bayes error",
            "measured",
            "log10 P(collision)",
        ],
        [
            [
                f"{r['length']:g}",
                r["moved_norm_closed"],
                r["moved_norm"],
                f"{r['bayes_error_closed']:.2g}",
                f"{r['moved_bayes_error']:.2g}",
                f"{r['log10_collision']:.1f}",
            ]
            for r in result["theory"]["length"]
        ],
    )
    groups: dict[tuple[str, float], list[dict]] = {}
    for trial in result["trainings"]:
        groups.setdefault((trial["layout"], trial["length"]), []).append(trial)
    trained = table(
        [
            "placement of v1, v2",
            "\\|v\\|",
            "reconstruction (dB)",
            "spread over draws",
            "colourfulness",
        ],
        [
            [
                name,
                f"{length:g}",
                float(np.mean(values := [t["psnr"] for t in group])),
                f"{np.ptp(values):.2f}",
                float(np.mean([t["colourfulness"] for t in group])),
            ]
            for (name, length), group in groups.items()
        ],
    )
    disturbed = table(
        ["change after training", "\\|change\\|", "PSNR (dB)", "attribute confidence"],
        [
            [r["disturbance"], r["length"], r["psnr"], r["confidence"]]
            for r in result["disturbances"]
        ],
    )
    return "\n\n".join((theory, trained, disturbed))
