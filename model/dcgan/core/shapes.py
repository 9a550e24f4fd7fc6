# SPDX-License-Identifier: Apache-2.0
"""The shapes of the Generator: which networks exist and how large they are."""

from __future__ import annotations

import re
from dataclasses import dataclass

LAYERS = 4
"""Transposed convolutions in the Generator, numbered 1..4 everywhere in this project."""

LAYER_NUMBERS = range(1, LAYERS + 1)

SIDES = (1, 4, 8, 16, 32)
"""SIDES[l] is the height and width of the map that layer l puts out; SIDES[0] is the latent."""

IMAGE_SIZE = SIDES[LAYERS]

LATENT = 100
"""Entries of z (paper, section 4.4)."""

MOST_CHANNELS = 4096
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")


@dataclass(frozen=True)
class NetworkConfig:
    """A Generator: `channels[0]` latent entries in, `channels[l]` maps out of layer l."""

    name: str
    channels: tuple[int, int, int, int, int]

    def __post_init__(self) -> None:
        # Names and shapes come from files: a name becomes part of paths and of generated sources.
        if not isinstance(self.name, str) or not NAME.fullmatch(self.name) or ".." in self.name:
            raise ValueError(
                f"the network's name {self.name!r} must be 1 to 64 letters, digits, '.', '_' or '-'"
            )
        counts = self.channels
        whole = all(type(count) is int and 1 <= count <= MOST_CHANNELS for count in counts)
        if len(counts) != LAYERS + 1 or not whole:
            raise ValueError(
                f"network '{self.name}' needs {LAYERS + 1} channel counts from 1 to "
                f"{MOST_CHANNELS}, got {list(counts)}"
            )
        if (counts[0], counts[-1]) != (LATENT, 1):
            raise ValueError(
                f"network '{self.name}' must go from {LATENT} latent entries to 1 plane, "
                f"got {list(counts)}"
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
