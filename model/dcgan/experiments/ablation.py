# SPDX-License-Identifier: Apache-2.0
"""One setting of the recipe changed at a time, over several seeds: what each of them is worth.

Two questions share the runs. Which parts of the recipe earn their place? And what do zeros cost:
the hardware skips them, so a lower share of positive activations is fewer cycles, but also less
that the network can say.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import torch
from torch import Tensor

from dcgan.core.checkpoint import Checkpoint, config_hash, load_checkpoint
from dcgan.core.files import write_json
from dcgan.core.latents import draw_z, element_bits, to_float
from dcgan.core.networks import plane_inputs
from dcgan.hw.cycle_model import stage_cycles
from dcgan.hw.folding import default_folding
from dcgan.metrics.evaluation import SAMPLING_SEEDS, Reference, judge
from dcgan.render.networks import FloatRenderer
from dcgan.train import run_folder
from dcgan.train.recipe import RECIPES, Recipe
from dcgan.train.trainer import Trainer

SAMPLING_SEED = SAMPLING_SEEDS[0]
MEASURED = 64  # avatars whose activations are counted
SAVE_EVERY = 250
SCORES = "scores.json"


@dataclass(frozen=True)
class Variant:
    """The recipe without codes, `normal`, with `changes`."""

    name: str
    changes: dict[str, Any]


DEFAULT = Variant("default", {})
PARTS = (
    DEFAULT,
    Variant("no GLO pretraining", {"pretraining_iterations": 0, "reconstructions": 0}),
    Variant("free odd kernels", {"odd_kernel_rate": 1.0}),
    Variant("no mixup negatives", {"mixup_negatives": 0}),
)
DENSITIES = (
    Variant("density 0.20", {"density": 0.20}),
    DEFAULT,
    Variant("density free", {"density_weight": 0.0}),
)
VARIANTS = tuple({variant.name: variant for variant in (*PARTS, *DENSITIES)}.values())


def run(
    variant: Variant,
    seed: int,
    iterations: int,
    images: Tensor,
    reference: Reference,
    samples: int,
    out: Path,
    base: Recipe | None = None,
) -> dict[str, float] | None:
    """Train one variant in a run folder below `out` and judge it; None if it was interrupted.

    `images` float [N, 3, 32, 32]. What was trained or judged before is taken over.
    """
    recipe = replace(
        base or RECIPES["normal"],
        **variant.changes,
        seed=seed,
        iterations=iterations,
        schedule=iterations,
    )
    folder = folder_of(out, variant.name, seed)
    key = config_hash({**asdict(recipe), "samples": samples})
    earlier = _earlier(folder / SCORES, key)
    if earlier is not None:
        return earlier
    trainer = Trainer(recipe, images)
    if (folder / run_folder.STATE).exists():
        run_folder.restore(folder, trainer, run_folder.read_state(folder))
    elif not (folder / run_folder.CONFIG).exists():
        run_folder.create(folder, recipe)
    if not run_folder.train(folder, trainer, SAVE_EVERY, None):
        return None
    path = folder / run_folder.CHECKPOINT
    found, _ = judge(FloatRenderer(path), reference, samples, (SAMPLING_SEED,))
    scores = {name: value["mean"] for name, value in found.items()}
    scores |= activity(load_checkpoint(path))
    write_json(folder / SCORES, {"key": key, "scores": scores})
    return scores


def folder_of(out: Path, name: str, seed: int) -> Path:
    """The run folder of one training."""
    return out / f"{name.replace(' ', '_')}-{seed}"


def _earlier(path: Path, key: str) -> dict[str, float] | None:
    try:
        found = json.loads(path.read_text())
        return found["scores"] if found["key"] == key else None
    except (OSError, ValueError, KeyError):
        return None


@torch.no_grad()
def activity(checkpoint: Checkpoint) -> dict[str, float]:
    """Share of positive activations after each ReLU, and the cycles an avatar that follow.

    Cycles are those that hw/cycle_model.py predicts with the shipped folding of the network.
    """
    generator = checkpoint.generator()
    z = torch.from_numpy(to_float(draw_z(MEASURED, SAMPLING_SEED)))
    planes = []
    inputs = plane_inputs(generator.first_step(z), checkpoint.v1, checkpoint.v2)
    for x in inputs.chunk(3):
        maps, x = {}, x[:, :, None, None]
        for layer in (1, 2, 3):
            x = torch.relu(getattr(generator, f"layer{layer}")(x))
            maps[f"act{layer}"] = x.numpy()
        planes.append(SimpleNamespace(**maps))
    result = {
        f"density{layer}": float(
            np.mean([(getattr(maps, f"act{layer}") > 0).mean() for maps in planes])
        )
        for layer in (1, 2, 3)
    }
    folding = default_folding(checkpoint.config)
    result["cycles"] = stage_cycles(
        checkpoint.config, folding, tuple(planes), element_bits(checkpoint.latents)
    ).steady_state
    return result
