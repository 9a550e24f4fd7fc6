# SPDX-License-Identifier: Apache-2.0
"""Checkpoints of the float Generator: one safetensors file with everything needed to draw.

Tensors  layer{1..4}.weight [Cin, Cout, 4, 4], layer{1..4}.bias [Cout], v1 [100], v2 [100]
Metadata one entry "dcgan", JSON: network name, channels, seed, recipe, hash of the configuration
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor

from dcgan.core import aliases
from dcgan.core.files import write_atomically
from dcgan.core.latents import LATENT, check_kind
from dcgan.core.networks import Generator
from dcgan.core.renderer import check_about
from dcgan.core.shapes import LAYER_NUMBERS, NetworkConfig

METADATA_KEY = "dcgan"


@dataclass(frozen=True)
class Checkpoint:
    """A trained plain Generator with its colour offsets and how it came about."""

    config: NetworkConfig
    state: dict[str, Tensor]
    v1: Tensor
    v2: Tensor
    metadata: dict[str, Any] = field(default_factory=dict)

    @property
    def latents(self) -> str:
        """What its first step makes of z, one of `dcgan.core.latents.KINDS`."""
        return aliases.latent_kind(self.metadata.get("latents", "normal"))

    @property
    def about(self) -> dict[str, Any]:
        """What is known of the training images: background, palette, attributes."""
        return self.metadata.get("data", {})

    def generator(self) -> Generator:
        """The Generator with these weights, in evaluation mode."""
        generator = Generator(self.config, self.latents == "binary")
        generator.load_state_dict(self.state)
        return generator.eval().requires_grad_(False)


def config_hash(config: Mapping[str, Any]) -> str:
    """First 16 hex digits of the SHA-256 of the configuration as canonical JSON."""
    text = json.dumps(config, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def save_checkpoint(path: Path | str, checkpoint: Checkpoint) -> None:
    """Write `checkpoint` to `path`, replacing it in one step.

    ValueError, and nothing written, if a number is not finite.
    """
    tensors = {**checkpoint.state, "v1": checkpoint.v1, "v2": checkpoint.v2}
    tensors = {
        name: value.detach().to("cpu", torch.float32).contiguous()
        for name, value in tensors.items()
    }
    _check_values(Path(path), tensors)
    description = {
        **checkpoint.metadata,
        "network": checkpoint.config.name,
        "channels": list(checkpoint.config.channels),
    }
    write_atomically(
        Path(path), save(tensors, metadata={METADATA_KEY: json.dumps(description, sort_keys=True)})
    )


def load_checkpoint(path: Path | str) -> Checkpoint:
    """Read what `save_checkpoint` wrote.

    FileNotFoundError if there is no such file, ValueError if it is not a whole checkpoint.
    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"no checkpoint at {path}: train one with model/train.py")
    try:
        with safe_open(path, framework="pt") as file:
            description = json.loads((file.metadata() or {})[METADATA_KEY])
            tensors = {name: file.get_tensor(name) for name in file.keys()}
        if not isinstance(description, dict):
            raise TypeError("its description is no JSON object")
        config = NetworkConfig(description.pop("network"), tuple(description.pop("channels")))
        check_kind(aliases.latent_kind(description.get("latents", "normal")))
        check_about(description.get("data", {}))
    except (SafetensorError, KeyError, TypeError, ValueError, OSError, RecursionError) as error:
        raise ValueError(f"{path} is not a checkpoint of this project ({error})") from error
    _check_shapes(path, config, tensors)
    _check_values(path, tensors)
    v1, v2 = tensors.pop("v1"), tensors.pop("v2")
    return Checkpoint(config, tensors, v1, v2, description)


def _check_values(path: Path, tensors: Mapping[str, Tensor]) -> None:
    for name, value in sorted(tensors.items()):
        if value.dtype != torch.float32:
            kind = str(value.dtype).removeprefix("torch.")
            raise ValueError(f"{path}: {name} is {kind}, a checkpoint holds float32")
        if not value.isfinite().all():
            raise ValueError(
                f"{path}: {name} holds numbers that are not finite: the training diverged, so "
                "train again with lower rates"
            )


def _check_shapes(path: Path, config: NetworkConfig, tensors: Mapping[str, Tensor]) -> None:
    expected = {"v1": (LATENT,), "v2": (LATENT,)}
    for layer in LAYER_NUMBERS:
        c_in, c_out = config.channels[layer - 1 : layer + 1]
        expected[f"layer{layer}.weight"] = (c_in, c_out, 4, 4)
        expected[f"layer{layer}.bias"] = (c_out,)
    found = {name: tuple(value.shape) for name, value in tensors.items()}
    if found != expected:
        wrong = sorted(
            name for name in expected.keys() | found.keys() if expected.get(name) != found.get(name)
        )
        raise ValueError(f"{path} does not hold network '{config.name}': see {', '.join(wrong)}")
