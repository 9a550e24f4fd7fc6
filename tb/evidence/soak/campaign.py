# SPDX-License-Identifier: Apache-2.0
"""Avatars by seed, each with other stalls and power-up values, against the golden model."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from dcgan.core.files import write_json
from dcgan.core.latents import draw_z
from dcgan.quant.golden import GoldenGenerator

from tb.evidence.faults.registers import sources
from tb.evidence.files import BUILD, read_json
from tb.evidence.files import digest as digest_of_files
from tb.lib.network import Network, digest, exported, twin
from tb.sim.run import HARNESS, draw_fast

FOLDER = BUILD / "soak"
NETWORK = "compact"
AVATARS = 100
"""Of a seed; the first half comes and goes at full speed."""
PATTERNS = ("never", "half", "fifteen of sixteen", "bursts")
PAIRS = tuple(product(range(len(PATTERNS)), repeat=2))

Pixels = Callable[[np.ndarray], np.ndarray]


def key(chosen: Network) -> str:
    """Of everything that a result depends on."""
    return digest_of_files([*sources(), HARNESS], digest(chosen.integers, chosen.folding))


def soak(
    seeds: int,
    say: Callable[[str], None],
    name: str = NETWORK,
    avatars: int = AVATARS,
    folder: Path = FOLDER,
    golden: Pixels | None = None,
) -> dict[str, Any]:
    """Wrong pixels of each seed; goes on where an earlier run of the same files ended."""
    chosen = exported(name)
    hardware = twin(chosen)
    golden = golden or GoldenGenerator(chosen.integers).rgb
    path, run = folder / "soak.json", folder / "run"
    report = read_json(path)
    about = {"key": key(chosen), "network": name, "avatars": avatars}
    if not report or any(report[word] != value for word, value in about.items()):
        report = {**about, "seeds": {}}
    report["count"] = seeds
    for seed in range(1, seeds + 1):
        if str(seed) in report["seeds"]:
            continue
        z = draw_z(avatars, seed)
        pair = PAIRS[seed % len(PAIRS)]
        frames = draw_fast(
            hardware,
            z,
            seed=seed,
            full_speed=avatars // 2,
            folder=run,
            stalls=pair,
            random_start=True,
        )
        wrong = int((frames.pixels != golden(z)).sum())
        cycles = int(frames.last_cycles[-1])
        report["seeds"][str(seed)] = {"stalls": pair, "wrong": wrong, "cycles": cycles}
        write_json(path, report)
        if seed % 10 == 0:
            say(f"soak: {seed} of {seeds} seeds")
    write_json(path, report)
    return report


def report() -> dict[str, Any] | None:
    """What was measured, if anything was."""
    return read_json(FOLDER / "soak.json")


def is_fresh(result: dict[str, Any]) -> bool:
    """Whether a report is of the files that are here, and whole."""
    whole = len(result["seeds"]) >= result["count"] > 0
    return whole and result["key"] == key(exported(result["network"]))
