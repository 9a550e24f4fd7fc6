# SPDX-License-Identifier: Apache-2.0
"""The same avatars by PyTorch float, by the golden model and by the Verilated RTL, in images/s."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import torch
from dcgan.core.checkpoint import load_checkpoint
from dcgan.core.latents import draw_z
from dcgan.core.networks import Generator
from dcgan.quant.golden import GoldenGenerator

from tb.lib.network import ROOT, network, twin
from tb.sim.run import build_program, draw_fast

NETWORK = "compact"
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


def float_rate(batch: int) -> float:
    """PyTorch float32 on one thread."""
    checkpoint = load_checkpoint(ROOT / "model" / "checkpoints" / f"{NETWORK}.safetensors")
    generator = Generator(checkpoint.config)
    generator.load_state_dict(checkpoint.state)
    generator.eval()
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


def golden_rate() -> float:
    """Integer golden model in NumPy."""
    integers = network(NETWORK).integers
    golden, z = GoldenGenerator(integers), draw_z(64, SEED)
    return best_rate(len(z), lambda: golden.rgb(z))


def rtl_rate(packed: bool, avatars: int = 60) -> float:
    """Verilated RTL on one thread, start included, compilation not."""
    chosen = network(NETWORK) if packed else twin(network(NETWORK))
    build_program(chosen)
    z = draw_z(avatars, SEED)
    return best_rate(avatars, lambda: draw_fast(chosen, z))


def all_rates(progress: Callable[[str], None]) -> dict[str, float]:
    """Images a second, one thread each."""
    measured = {}
    for title, measure in (
        ("PyTorch float, batch 1", lambda: float_rate(1)),
        ("PyTorch float, batch 64", lambda: float_rate(64)),
        ("golden model, integers", golden_rate),
        ("Verilated RTL, behavioural multipliers", lambda: rtl_rate(packed=False)),
        ("Verilated RTL, packed multipliers", lambda: rtl_rate(packed=True)),
    ):
        progress(title)
        measured[title] = measure()
    return measured
