# SPDX-License-Identifier: Apache-2.0
"""The same avatars by PyTorch float, by the golden model and by the Verilated RTL, in images/s."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import torch
from dcgan.core.checkpoint import load_checkpoint
from dcgan.core.latents import draw_z
from dcgan.quant.golden import GoldenGenerator

from tb.lib.network import Network, twin
from tb.sim.run import build_program, draw_fast

REPEATS = 3
SEED = 5


def best_rate(avatars: int, draw: Callable[[], object]) -> float:
    """Images a second of the fastest of a few repeats, after one to warm up."""
    draw()
    seconds = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        draw()
        seconds.append(time.perf_counter() - began)
    return round(avatars / min(seconds), 1)


def float_rate(path: Path, batch: int) -> float:
    """PyTorch float32 on one thread."""
    checkpoint = load_checkpoint(path)
    generator = checkpoint.generator()
    z = torch.from_numpy(draw_z(64, SEED).astype(np.float32) / 32)

    def draw() -> None:
        with torch.inference_mode():
            for part in z.split(batch):
                generator.rgb(part, checkpoint.v1, checkpoint.v2)

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        return best_rate(len(z), draw)
    finally:
        torch.set_num_threads(before)


def golden_rate(chosen: Network) -> float:
    """Integer golden model in NumPy."""
    golden, z = GoldenGenerator(chosen.integers), draw_z(64, SEED)
    return best_rate(len(z), lambda: golden.rgb(z))


def rtl_rate(base: Network, packed: bool, avatars: int = 60) -> float:
    """Verilated RTL on one thread, start included, compilation not."""
    chosen = base if packed else twin(base)
    build_program(chosen)
    z = draw_z(avatars, SEED)
    return best_rate(avatars, lambda: draw_fast(chosen, z))


def all_rates(chosen: Network, progress: Callable[[str], None]) -> dict[str, float]:
    """Images a second of one network, one thread each; without its float network no float rate."""
    measures: dict[str, Callable[[], float]] = {}
    if chosen.float_path is not None:
        for batch in (1, 64):
            path = chosen.float_path
            measures[f"PyTorch float, batch {batch}"] = partial(float_rate, path, batch)
    measures |= {
        "golden model, integers": partial(golden_rate, chosen),
        "Verilated RTL, behavioural multipliers": partial(rtl_rate, chosen, packed=False),
        "Verilated RTL, packed multipliers": partial(rtl_rate, chosen, packed=True),
    }
    measured = {}
    for title, measure in measures.items():
        progress(title)
        measured[title] = measure()
    return measured
