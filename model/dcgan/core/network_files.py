# SPDX-License-Identifier: Apache-2.0
"""Which file a network's name stands for: a preset's shipped weights, or a file of one's own."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from dcgan.core.shapes import PRESETS, preset

SUFFIX = ".safetensors"


def shipped(folder: str) -> Path:
    """`checkpoints` or `folding`: beside the package in a checkout, inside it once installed."""
    package = Path(str(files("dcgan")))
    inside = package / folder
    return inside if inside.is_dir() else package.parent / folder


def is_file_name(network: str | Path) -> bool:
    """Whether `network` is meant as a file, not as the name of a preset."""
    return str(network) not in PRESETS and str(network).endswith(SUFFIX)


def float_file(network: str | Path) -> Path:
    """The float checkpoint: `network` itself if it is a file, else that of the preset.

    ValueError that lists the presets if there is none of this name.
    """
    return _file(network, "")


def integer_file(network: str | Path) -> Path:
    """The integer checkpoint, likewise."""
    return _file(network, "_int")


def _file(network: str | Path, kind: str) -> Path:
    if is_file_name(network):
        return Path(network)
    return shipped("checkpoints") / f"{preset(str(network)).name}{kind}{SUFFIX}"
