# SPDX-License-Identifier: Apache-2.0
"""The shapes of the Generator: which networks exist and how large they are."""

from __future__ import annotations

from dataclasses import dataclass

LAYERS = 4
"""Transposed convolutions in the Generator, numbered 1..4 everywhere in this project."""

LAYER_NUMBERS = range(1, LAYERS + 1)

SIDES = (1, 4, 8, 16, 32)
"""SIDES[l] is the height and width of the map that layer l puts out; SIDES[0] is the latent."""

IMAGE_SIZE = SIDES[LAYERS]


@dataclass(frozen=True)
class NetworkConfig:
    """A Generator: `channels[0]` latent entries in, `channels[l]` maps out of layer l."""

    name: str
    channels: tuple[int, int, int, int, int]

    def __post_init__(self) -> None:
        if len(self.channels) != LAYERS + 1 or min(self.channels) < 1:
            raise ValueError(
                f"network '{self.name}' needs {LAYERS + 1} positive channel counts, "
                f"got {self.channels}"
            )


PRESETS = {
    config.name: config
    for config in (
        NetworkConfig("paper", (100, 512, 256, 128, 1)),
        NetworkConfig("compact", (100, 128, 64, 32, 1)),
        NetworkConfig("tiny", (100, 16, 8, 8, 1)),
    )
}


def preset(name: str) -> NetworkConfig:
    """The preset called `name`; ValueError that lists the presets if there is none."""
    if name not in PRESETS:
        raise ValueError(f"no network is called '{name}': choose one of {', '.join(PRESETS)}")
    return PRESETS[name]
