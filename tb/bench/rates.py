# SPDX-License-Identifier: Apache-2.0
"""The same avatars by the float network, the golden model and the Verilated RTL, in images/s."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from itertools import product
from pathlib import Path

import numpy as np
import torch
from dcgan.core.latents import draw_z
from dcgan.quant.golden import GoldenGenerator

from tb.bench import float_network
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


def float_rate(path: Path, way: str, batch: int) -> float:
    """The float32 network in one way of float_network.py, on one thread."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        draw, z = float_network.BY[way](path), draw_z(64, SEED).astype(np.float32) / 32
        return best_rate(len(z), lambda: [draw(part) for part in np.split(z, len(z) // batch)])
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
        for way, batch in product(float_network.BY, (1, 64)):
            measures[f"{way} float32, batch {batch}"] = partial(
                float_rate, chosen.float_path, way, batch
            )
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
