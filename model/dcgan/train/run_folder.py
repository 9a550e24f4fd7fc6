# SPDX-License-Identifier: Apache-2.0
"""A training run on disk, and the loop that fills it.

config.toml             the complete recipe
images.npy              the training images as the networks see them, uint8 [N, 32, 32, 3]
held_out.npy            with --fold: the images that were held out
log.jsonl               one line an iteration: number, seconds since the start, losses
samples/000250.png      64 avatars from the same latents every time, listed in samples.json
checkpoint.safetensors  the averaged Generator, ready to draw
state.pt                everything needed to go on (`resume`)
"""

from __future__ import annotations

import hashlib
import io
import json
import math
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from dcgan.core import aliases
from dcgan.core.checkpoint import save_checkpoint
from dcgan.core.files import check_regular, write_atomically
from dcgan.core.images import contact_sheet, save_png, to_pixels
from dcgan.core.latents import draw_z, to_float
from dcgan.core.progress import progress
from dcgan.train.recipe import Recipe
from dcgan.train.recipe_file import to_toml
from dcgan.train.trainer import Trainer

CONFIG, LOG, CHECKPOINT, STATE = "config.toml", "log.jsonl", "checkpoint.safetensors", "state.pt"
IMAGES, HELD_OUT = "images.npy", "held_out.npy"
SAMPLES = 64
SAMPLE_SEED = 2026
SAMPLE_COLUMNS = 16


def create(
    folder: Path,
    recipe: Recipe,
    images: np.ndarray | None = None,
    held_out: np.ndarray | None = None,
) -> None:
    """Start a run in `folder`, with its images uint8 [N, 32, 32, 3] beside it.

    ValueError if it holds one already.
    """
    if (folder / CONFIG).exists():
        raise ValueError(f"{folder} holds a run: give another --out, or --resume {folder}")
    write_atomically(folder / CONFIG, to_toml(recipe).encode())
    write_atomically(folder / LOG, b"")
    for name, stack in ((IMAGES, images), (HELD_OUT, held_out)):
        if stack is not None:
            array = io.BytesIO()
            np.save(array, stack)
            write_atomically(folder / name, array.getvalue())


def save(folder: Path, trainer: Trainer, data: dict[str, Any] | None) -> None:
    """Write pictures, checkpoint and state of this moment; each file appears whole.

    `data`: what `dcgan.data.sources.DataOptions` keeps of the training images.
    """
    checkpoint = trainer.checkpoint()
    z = torch.from_numpy(to_float(draw_z(SAMPLES, SAMPLE_SEED)))
    images = checkpoint.generator().rgb(z, checkpoint.v1, checkpoint.v2)
    save_checkpoint(folder / CHECKPOINT, checkpoint)  # first: it refuses what is not finite
    picture = folder / "samples" / f"{trainer.iteration:06d}.png"
    save_png(picture, contact_sheet(to_pixels(images), SAMPLE_COLUMNS))
    pictures = sorted(path.name for path in picture.parent.glob("*.png"))
    index = {"latents": SAMPLES, "latent_seed": SAMPLE_SEED, "pictures": pictures}
    write_atomically(folder / "samples.json", json.dumps(index, indent=2).encode())
    buffer = io.BytesIO()
    torch.save(
        {
            "trainer": trainer.state_dict(),
            "images": fingerprint(trainer.images),
            "data": data,
        },
        buffer,
    )
    write_atomically(folder / STATE, buffer.getvalue())


def read_state(folder: Path) -> dict[str, Any]:
    """What `save` kept for resuming; ValueError if there is nothing usable."""
    path = folder / STATE
    if not path.exists():
        raise ValueError(f"{folder} holds no {STATE}: there is no run to resume")
    check_regular(path)
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # whatever a damaged or foreign archive brings about
        raise ValueError(f"{path} is damaged, or no program of ours wrote it") from error
    if not isinstance(state, dict) or {"trainer", "images", "data"} - state.keys():
        raise ValueError(f"{path} is not the state of a run")
    trainer = state["trainer"]
    if not isinstance(trainer, dict) or not isinstance(trainer.get("recipe"), dict):
        raise ValueError(f"{path} is not the state of a run: it holds no recipe")
    if not isinstance(state["data"], dict | str | None):
        raise ValueError(f"{path} is not the state of a run: it does not name its images")
    return state


def restore(folder: Path, trainer: Trainer, state: dict[str, Any]) -> None:
    """Put `trainer` where `state` was saved, and forget what the log says of later iterations.

    ValueError if the recipe (apart from its number of iterations) or the images have changed.
    """
    saved = aliases.settings(state["trainer"]["recipe"], f"{folder / STATE}")
    # A setting that is younger than the run has its present value.
    before = {**asdict(trainer.recipe), **saved, "iterations": trainer.recipe.iterations}
    changed = [name for name, value in asdict(trainer.recipe).items() if before.get(name) != value]
    if changed:
        raise ValueError(f"a resumed run cannot change {', '.join(changed)}: start a new one")
    if state["images"] != fingerprint(trainer.images):
        raise ValueError(f"the training images are not those that {folder} was started with")
    try:
        trainer.load_state_dict(state["trainer"])
    except (KeyError, TypeError, ValueError, AttributeError, RuntimeError) as error:
        raise ValueError(f"{folder / STATE} does not hold the networks of this run") from error
    if not trainer.processes.first:
        return
    write_atomically(folder / CONFIG, to_toml(trainer.recipe).encode())
    lines = (folder / LOG).read_text(encoding="utf-8").splitlines(keepends=True)
    write_atomically(folder / LOG, "".join(lines[: trainer.iteration]).encode())


def fingerprint(images: Tensor) -> str:
    """SHA-256 of the training images."""
    return hashlib.sha256(images.cpu().numpy().tobytes()).hexdigest()


def train(folder: Path, trainer: Trainer, save_every: int, data: dict[str, Any] | None) -> bool:
    """Step until the recipe's last iteration; False if a signal asked to stop before.

    The last moment is saved either way. Only the first process writes.
    """
    first = trainer.processes.first
    last = trainer.recipe.iterations
    start = time.monotonic()
    with (
        _stop_requests() as stop,
        progress("training", last, trainer.iteration, quiet=not first) as bar,
        (folder / LOG).open("a", encoding="utf-8", buffering=1) as log,
    ):
        while trainer.iteration < last and not trainer.processes.any(stop()):
            losses = trainer.step()
            check_finite(losses, trainer.iteration, folder)
            if not first:
                continue
            seconds = round(time.monotonic() - start, 2)
            rounded = {name: round(value, 5) for name, value in losses.items()}
            line = {"iteration": trainer.iteration, "seconds": seconds, **rounded}
            log.write(json.dumps(line) + "\n")
            bar.set(trainer.iteration, "  ".join(f"{n} {value:.3f}" for n, value in losses.items()))
            if trainer.iteration % save_every == 0 and trainer.iteration < last:
                save(folder, trainer, data)
    if first:
        save(folder, trainer, data)
    return trainer.iteration >= last


def check_finite(losses: dict[str, float], iteration: int, folder: Path) -> None:
    """FloatingPointError where a loss is not finite; `folder` keeps its last good files."""
    for name, value in losses.items():
        if not math.isfinite(value):
            raise FloatingPointError(
                f"iteration {iteration}: the loss '{name}' is {value}: training diverged; {folder} "
                "keeps the last good checkpoint, lower the rates and start a new run"
            )


@contextmanager
def _stop_requests() -> Iterator[Callable[[], bool]]:
    """A function that tells whether Ctrl-C (or SIGTERM) has come; a second one stops at once."""
    received: list[int] = []
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def remember(number: int, _frame: object) -> None:
        received.append(number)
        signal.signal(number, signal.SIG_DFL)

    for number in before:
        signal.signal(number, remember)
    try:
        yield lambda: bool(received)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
