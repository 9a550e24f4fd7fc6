# SPDX-License-Identifier: Apache-2.0
"""augment.json and augment.png."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from matplotlib import pyplot

from dcgan.core.files import write_json
from dcgan.core.markdown import table
from dcgan.data.labels import SIZES
from dcgan.experiments import report
from dcgan.experiments.augmentation.arms import summary, verdict
from dcgan.experiments.augmentation.learner import Setting


def finish(rows: list[dict], setting: Setting, checkpoint: Path, out: Path) -> str:
    """Write both files; returns the table and the verdicts as Markdown."""
    entries = summary(rows)
    chance = sum(1 / size for size in SIZES) / len(SIZES)
    sentences = [verdict(entry) for entry in entries if "gain" in entry]
    write_json(
        out / "augment.json",
        {
            "checkpoint": checkpoint.name,
            "setting": asdict(setting),
            "chance": chance,
            "summary": entries,
            "verdicts": sentences,
            "rows": rows,
        },
    )
    figure, axes = pyplot.subplots(figsize=(7.5, 4), layout="constrained")
    for i, entry in enumerate(entries):
        axes.barh(
            i, 100 * entry["accuracy"], xerr=100 * entry["error"], color=report.BLUE, capsize=4
        )
        mine = [100 * row["accuracy"] for row in rows if row["arm"] == entry["arm"]]
        axes.plot(mine, [i] * len(mine), "o", ms=3, color=report.ORANGE)
    axes.axvline(100 * chance, color=report.GREY, ls=":", label="guessing")
    axes.set_yticks(range(len(entries)), [entry["arm"] for entry in entries])
    axes.invert_yaxis()
    axes.set_xlabel("accuracy on new avatars, mean of seven attributes (%)")
    axes.set_title(f"{setting.labels} labelled avatars, {setting.seeds} seeds, standard errors")
    axes.legend()
    report.write_figure(out / "augment.png", figure)
    rows_table = table(
        ["arm", "accuracy (%)", "gain (points)", "over"],
        [
            [
                e["arm"],
                f"{100 * e['accuracy']:.1f} ± {100 * e['error']:.1f}",
                f"{100 * e['gain']:+.1f} ± {100 * e['gain_error']:.1f}" if "gain" in e else "",
                e.get("over", ""),
            ]
            for e in entries
        ],
    )
    return rows_table + "\n\n" + "\n".join(f"- {sentence}" for sentence in sentences)
