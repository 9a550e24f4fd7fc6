# SPDX-License-Identifier: Apache-2.0
"""Names that files of earlier versions use, and what they are called now.

Checkpoints, run folders and recipes are kept for years, so what was written under an old name is
still read. Nothing is written under one. This table is the only place that knows the old names.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

LATENT_KINDS = {"signs": "binary"}
"""Kinds of latents in the metadata of checkpoints."""

SETTINGS = {
    "mirror": "odd_kernel_rate",
    "blends": "mixup_negatives",
    "penalty": "gradient_penalty",
    "overshoot_weight": "pre_tanh_penalty",
    "start_iterations": "pretraining_iterations",
    "anchors": "reconstructions",
    "painter_iterations": "teacher_iterations",
    "painted_weight": "teacher_weight",
}
"""Settings of a recipe."""

FIXED_SETTINGS: dict[str, Any] = {
    "v_length": 10.0,
    "calibration": 2048,
    "penalty_every": 4,
    "anchor_weight": 10.0,
    "latent_rate": 0.02,
    "weight_bits": (),
    "saturation_weight": 0.0,
    "rest": 0,
}
"""Settings that are constants today, each with the only value that is still understood."""

STATE_PARTS = {"anchors": "image_latents", "painter": "teacher"}
"""Networks and optimisers in the state of a run."""

STATE_TENSORS = {"meetings.": "interactions."}
"""Beginnings of tensor names in the state of a run."""


def latent_kind(name: str) -> str:
    """The present name of a kind of latents."""
    return LATENT_KINDS.get(name, name)


def settings(table: Mapping[str, Any], where: str) -> dict[str, Any]:
    """`table` with the present names of its settings, and without those that are constants now.

    ValueError, which names `where` it was found, if a constant is asked to be something else or a
    setting is given under both of its names.
    """
    found: dict[str, Any] = {}
    for name, value in table.items():
        if name in FIXED_SETTINGS:
            kept = FIXED_SETTINGS[name]
            if (tuple(value) if isinstance(value, list) else value) != kept:
                raise ValueError(f"{where}: {name} is fixed at {kept}, got {value!r}")
            continue
        present = SETTINGS.get(name, name)
        if present in found:
            raise ValueError(f"{where} sets {present} twice, once as '{name}'")
        found[present] = value
    if "codes" not in found and {"name", "iterations", "teacher_weight"} <= found.keys():
        # A complete recipe of the time in which the weight alone said whether there is a teacher.
        found["codes"] = "labels" if found["teacher_weight"] else "none"
    return found


def state(saved: Mapping[str, Any]) -> dict[str, Any]:
    """The state of a Trainer with the present names of its parts and tensors."""
    parts = {STATE_PARTS.get(name, name): value for name, value in saved.items()}
    parts["recipe"] = settings(parts["recipe"], "the saved recipe")
    parts["optimisers"] = {STATE_PARTS.get(n, n): value for n, value in parts["optimisers"].items()}
    if "teacher" in parts:
        parts["teacher"] = {_tensor(name): value for name, value in parts["teacher"].items()}
    return parts


def _tensor(name: str) -> str:
    for old, new in STATE_TENSORS.items():
        if name.startswith(old):
            return new + name[len(old) :]
    return name
