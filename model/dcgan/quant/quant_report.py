# SPDX-License-Identifier: Apache-2.0
"""How close an IntegerGenerator is to its float Generator, and how it uses its formats."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from dcgan.core.checkpoint import Checkpoint
from dcgan.core.files import write_atomically
from dcgan.core.images import psnr_of
from dcgan.core.latents import draw_z
from dcgan.core.shapes import LAYER_NUMBERS
from dcgan.quant.golden import PLANES, GoldenGenerator
from dcgan.quant.int_generator import IntegerGenerator
from dcgan.quant.ptq import float_pixels

MEASURE_SEED = 20_000  # latents that neither calibration nor fine-tuning has seen
BATCH = 32


def measure(checkpoint: Checkpoint, ig: IntegerGenerator, avatars: int = 256) -> dict[str, Any]:
    """Run both networks on `avatars` fresh latents; everything returned is plain JSON.

    psnr_db: over all pixels of all avatars, golden against the 8-bit float image; psnr_worst_db:
    of the worst avatar; layers: density and saturation of the activations (share of maps that is
    not zero, share at the top), widths, and the largest accumulator that occurred.
    """
    golden = GoldenGenerator(ig)
    latents = draw_z(avatars, MEASURE_SEED)
    squares = np.empty(avatars)
    largest, live, full = np.zeros(4, np.int64), np.zeros((3, 3)), np.zeros(3)
    difference = 0
    for start in range(0, avatars, BATCH):
        z = latents[start : start + BATCH]
        planes = golden.run_planes(z)
        got = np.stack([maps.pixels for maps in planes], axis=1).astype(np.int64)
        error = got - float_pixels(checkpoint, z)
        squares[start : start + BATCH] = (error**2).mean(axis=(1, 2, 3))
        difference = max(difference, int(np.abs(error).max()))
        for plane, maps in enumerate(planes):
            accs = (maps.acc1, maps.acc2, maps.acc3, maps.acc4)
            largest = np.maximum(largest, [int(np.abs(acc).max()) for acc in accs])
            for index, act in enumerate((maps.act1, maps.act2, maps.act3)):
                live[plane, index] += (act > 0).mean() * len(z) / avatars
                full[index] += (act == ig.activation_max).mean() * len(z) / avatars / 3
    return {
        "network": ig.config.name,
        "avatars": avatars,
        "latent_seed": MEASURE_SEED,
        "psnr_db": psnr_of(squares.mean()),
        "psnr_worst_db": psnr_of(squares.max()),
        "largest_pixel_difference": difference,
        "layers": [_layer(ig, layer, largest, live, full) for layer in LAYER_NUMBERS],
    }


def _layer(ig: IntegerGenerator, layer: int, largest, live, full) -> dict[str, Any]:
    weight, _, bits = ig.layer(layer)
    row = {
        "layer": layer,
        "weight_bits": bits,
        "largest_weight": int(np.abs(weight.astype(int)).max()),
        "zero_weights": float((weight == 0).mean()),
        "shift": ig.shifts[layer - 1],
        "acc_width": ig.acc_width(layer),
        "acc_bound": ig.acc_bound(layer),
        "acc_largest_seen": int(largest[layer - 1]),
    }
    if layer < 4:
        row["density"] = float(live[:, layer - 1].mean())
        row["density_by_plane"] = dict(zip(PLANES, live[:, layer - 1].tolist(), strict=True))
        row["saturated"] = float(full[layer - 1])
    return row


def save_report(path: Path, report: dict[str, Any]) -> None:
    """Write what `measure` found as JSON, whole or not at all."""
    write_atomically(path, (json.dumps(report, indent=2) + "\n").encode())


def table(report: dict[str, Any]) -> str:
    """The report as a text table."""
    lines = [
        f"{report['network']}: golden against float {report['psnr_db']:.2f} dB over "
        f"{report['avatars']} avatars (worst {report['psnr_worst_db']:.2f} dB, largest difference "
        f"{report['largest_pixel_difference']} of 255)",
        "layer  weights  shift  accumulator  largest sum  density  saturated",
    ]
    for row in report["layers"]:
        tail = "        -          -"
        if "density" in row:
            tail = f"{100 * row['density']:8.1f}%  {100 * row['saturated']:8.3f}%"
        lines.append(
            f"{row['layer']:5}  {row['weight_bits']:2} bits  {row['shift']:5}  "
            f"{row['acc_width']:6} bits  {row['acc_largest_seen']:11}{tail}"
        )
    return "\n".join(lines)
