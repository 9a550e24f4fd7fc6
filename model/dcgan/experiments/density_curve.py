# SPDX-License-Identifier: Apache-2.0
"""What zeros cost a picture and save the hardware: one Generator fine-tuned to several densities.

The hardware skips activations that are zero, so fewer of them are fewer cycles. Each point is a
fine-tuning of the same float network, `quantize.py --density`, its golden integers are judged as
any Generator is, and the cycles are those that hw/cycle_model.py predicts for the shipped folding.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib import pyplot

from dcgan.core.checkpoint import Checkpoint
from dcgan.core.files import write_json
from dcgan.core.images import contact_sheet, planes_last
from dcgan.core.latents import draw_z
from dcgan.core.markdown import table
from dcgan.experiments import report
from dcgan.hw.cycle_model import stage_cycles
from dcgan.hw.folding import default_folding
from dcgan.metrics.evaluation import SAMPLING_SEEDS, Reference, judge
from dcgan.quant.fake_quant import FakeQuantGenerator, distil
from dcgan.quant.golden import GoldenGenerator
from dcgan.quant.int_generator import IntegerGenerator
from dcgan.quant.ptq import quantise
from dcgan.quant.ptq_layer import QuantOptions
from dcgan.quant.quant_report import measure
from dcgan.render.networks import IntegerRenderer

AVATARS = 32
"""Avatars whose cycles are predicted."""
SHOWN = 16
COLUMNS = {
    "density": "density asked for",
    "layer1": "of layer 1",
    "layer2": "of layer 2",
    "layer3": "of layer 3",
    "cycles": "cycles an avatar, predicted",
    "psnr": "PSNR to the trained network (dB)",
    "off_manifold_pixels": "off-manifold pixels",
    "frechet": "Frechet distance",
    "precision": "precision",
    "coverage": "coverage",
}


def point(
    checkpoint: Checkpoint,
    density: float,
    bits: tuple[int, int, int, int],
    steps: int,
    rate: float,
    reference: Reference,
    samples: int,
    advance: Callable[[], object] = lambda: None,
) -> tuple[dict[str, float], np.ndarray]:
    """Scores of one density, and the first 16 avatars uint8 [16, 3, 32, 32]."""
    ig, layers = quantise(checkpoint, QuantOptions(weight_bits=bits))
    student = FakeQuantGenerator(ig, layers)
    for _ in distil(checkpoint, student, steps, 1, rate, 16, density):
        advance()
    ig = student.integers()
    scores, shown = judge(IntegerRenderer(ig), reference, samples, SAMPLING_SEEDS[:1])
    figures = {name: score["mean"] for name, score in scores.items()}
    figures |= {"density": density, "cycles": _cycles(ig)}
    measured = measure(checkpoint, ig)
    figures |= {"psnr": measured["psnr_db"]}
    figures |= {f"layer{each['layer']}": each["density"] for each in measured["layers"][:3]}
    return figures, shown[:SHOWN]


def finish(
    points: list[tuple[dict[str, float], np.ndarray]], setting: dict[str, Any], out: Path
) -> str:
    """Write density.json and density.png into `out`; returns the table as Markdown."""
    rows = [figures for figures, _ in points]
    write_json(out / "density.json", {**setting, "points": rows})
    figure = pyplot.figure(figsize=(3.2 * len(points), 7), layout="constrained")
    top, bottom = figure.subfigures(2, 1, height_ratios=[1, 1])
    for axes, name in zip(
        top.subplots(1, 3), ("psnr", "off_manifold_pixels", "frechet"), strict=True
    ):
        axes.plot([row["cycles"] for row in rows], [row[name] for row in rows], "o-", c=report.BLUE)
        axes.set_xlabel(COLUMNS["cycles"])
        axes.set_title(COLUMNS[name], fontsize=9)
    panels = bottom.subplots(1, len(points), squeeze=False)[0]
    for axes, (row, shown) in zip(panels, points, strict=True):
        title = f"density {row['density']:g}: {row['cycles']:,.0f} cycles"
        report.show(axes, contact_sheet(planes_last(shown), 4, 4), title)
    report.write_figure(out / "density.png", figure)
    cells = [[_cell(name, row[name]) for name in COLUMNS if name in row] for row in rows]
    return table([COLUMNS[name] for name in COLUMNS if name in rows[0]], cells)


def _cycles(ig: IntegerGenerator) -> float:
    planes = GoldenGenerator(ig).run_planes(draw_z(AVATARS, SAMPLING_SEEDS[0]))
    folding = default_folding(ig.config)
    return float(stage_cycles(ig.config, folding, planes, ig.latent_bits).steady_state)


def _cell(name: str, value: float) -> str:
    digits = {"cycles": 0, "density": 2, "psnr": 1, "off_manifold_pixels": 1}
    return f"{value:,.{digits.get(name, 3)}f}"
