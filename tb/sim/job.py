# SPDX-License-Identifier: Apache-2.0
"""The main job: simulate, compare, report. scripts/simulate.py is its command line."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
from dcgan.core.checkpoint import load_checkpoint
from dcgan.core.files import write_atomically
from dcgan.core.latents import draw_z
from dcgan.core.progress import progress
from dcgan.quant.golden import GoldenGenerator
from dcgan.quant.ptq import float_pixels
from rich.console import Console
from rich.table import Table

from tb.lib.network import ROOT, Network, exported
from tb.sim.report import figures, first_difference, picture, rom_problems
from tb.sim.run import draw, sim_folder

TITLES = {
    "avatars": "avatars",
    "pixels_compared": "pixels compared",
    "mismatches": "pixels that differ",
    "psnr_float_db": "golden against float, dB",
    "cycles_per_avatar": "cycles an avatar",
    "latency_cycles": "latency, cycles",
    "multipliers": "multipliers",
    "lanes": "lanes",
    "useful_macs_per_avatar": "useful MACs an avatar",
    "utilisation": "useful MACs / (lanes x cycles)",
    "macs_per_multiplier_cycle": "useful MACs / (multipliers x cycles)",
    "simulation_seconds": "simulation, seconds",
}


def run(network: str, simulator: str, avatars: int, seed: int, out: Path | None = None) -> int:
    """Draw `avatars` avatars in simulation; 0 if every pixel is right, 1 if not.

    Results go to `out`, or to sim/<simulator> of the network's build folder.

    The simulation reads the ROM files as they are on disk: one that was changed is named, and its
    effect on the pixels shown.
    """
    console = Console()
    chosen = exported(network)
    changed = rom_problems(chosen)
    for problem in changed:
        console.print(f"error: {problem}", style="red", markup=False, soft_wrap=True)
    if not chosen.trained:
        console.print(f"note: {chosen.name} has no trained integers; its weights are random")
    z = draw_z(avatars, seed)
    with progress(f"{chosen.name} on {simulator}", avatars) as bar:
        frames = draw(network, z, simulator, seed, progress=bar.set)
    golden = GoldenGenerator(chosen.integers).rgb(z)
    drawn = draw_float(chosen, z)
    report = figures(chosen, simulator, frames, golden, drawn, seed)
    folder = out or sim_folder(chosen, simulator)
    write(folder, report, z, frames.pixels, golden, drawn)
    _print_table(console, report)
    difference = first_difference(frames.pixels, golden)
    if difference:
        console.print(f"error: {difference}", style="red", markup=False, soft_wrap=True)
    shown = folder.relative_to(ROOT) if folder.is_relative_to(ROOT) else folder
    console.print(f"{shown}/avatars.png  avatars.npz  report.json", soft_wrap=True)
    return 1 if difference or changed else 0


def draw_float(network: Network, z: np.ndarray) -> np.ndarray | None:
    """The float network's pixels [N, 3, 32, 32], None if only integers exist."""
    if network.float_path is None:
        return None
    return float_pixels(load_checkpoint(network.float_path), z).astype(np.uint8)


def write(
    folder: Path,
    report: dict[str, Any],
    z: np.ndarray,
    rtl: np.ndarray,
    golden: np.ndarray,
    drawn: np.ndarray | None,
) -> None:
    """avatars.png, avatars.npz and report.json, each whole or not at all."""
    images = {} if drawn is None else {"float": drawn}
    arrays, image_file = io.BytesIO(), io.BytesIO()
    np.savez_compressed(arrays, z=z, rtl=rtl, golden=golden)
    picture({**images, "golden": golden, "RTL": rtl}).save(image_file, format="PNG", optimize=True)
    write_atomically(folder / "avatars.npz", arrays.getvalue())
    write_atomically(folder / "avatars.png", image_file.getvalue())
    write_atomically(folder / "report.json", json.dumps(report, indent=2) + "\n")


def _print_table(console: Console, report: dict[str, Any]) -> None:
    table = Table(title=f"{report['network']} on {report['simulator']}", title_justify="left")
    table.add_column("figure")
    table.add_column("value", justify="right")
    for key, title in TITLES.items():
        value = report[key]
        table.add_row(title, "-" if value is None else f"{value:,}")
    console.print(table)
