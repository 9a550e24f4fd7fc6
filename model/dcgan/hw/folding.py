# SPDX-License-Identifier: Apache-2.0
"""How much of each layer the hardware computes in one cycle. Values, not pixels, stay the same.

A layer broadcasts one activation a cycle to couts x phase_rows x phase_cols x windows lanes: output
channels, the rows and columns of the 2x2 output block, and, for windows = 2, the two windows to the
left and right of the pixel column.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from dcgan.core.files import check_regular
from dcgan.core.network_files import shipped
from dcgan.core.shapes import LAYER_NUMBERS, NetworkConfig

FOLDER = shipped("folding")
PACKINGS = ("none", "ecp5", "dsp48")  # position = value of Packing in the shape package


@dataclass(frozen=True)
class LayerFolding:
    """Parallelism of one layer; layer 1 has output channels only."""

    couts: int
    phase_rows: int = 1
    phase_cols: int = 1
    windows: int = 1

    @property
    def lanes(self) -> int:
        """Products a cycle."""
        return self.couts * self.phase_rows * self.phase_cols * self.windows


@dataclass(frozen=True)
class Folding:
    """Parallelism of a network: four layers and three choices that hold for all of them."""

    layers: tuple[LayerFolding, ...]
    skip_zeros: bool = True  # do not issue zero activations
    share_planes: bool = True  # layer 1 once an avatar, W*v added from a ROM
    packing: str = "none"  # two products a multiplier

    def __post_init__(self) -> None:
        if len(self.layers) != len(LAYER_NUMBERS):
            raise ValueError(f"a folding has {len(LAYER_NUMBERS)} layers, got {len(self.layers)}")
        if self.packing not in PACKINGS:
            raise ValueError(f"packing '{self.packing}': choose one of {', '.join(PACKINGS)}")
        for layer, fold in zip(LAYER_NUMBERS, self.layers, strict=True):
            if fold.phase_rows not in (1, 2) or fold.phase_cols not in (1, 2):
                raise ValueError(f"layer {layer}: phase_rows and phase_cols must be 1 or 2")
            if fold.windows not in (1, 2):
                raise ValueError(f"layer {layer}: windows must be 1 or 2")
            if layer == 1 and fold.lanes != fold.couts:
                raise ValueError("layer 1 has output channels only: leave rows, cols, windows at 1")

    def layer(self, layer: int) -> LayerFolding:
        """Folding of layer 1..4."""
        return self.layers[layer - 1]

    def multipliers(self, layer: int) -> int:
        """Hardware multipliers of a layer: one a lane, or one a pair of lanes when packed."""
        lanes = self.layer(layer).lanes
        return lanes if self.packing == "none" else (lanes + 1) // 2

    @property
    def total_multipliers(self) -> int:
        """Hardware multipliers of the whole Generator."""
        return sum(self.multipliers(layer) for layer in LAYER_NUMBERS)

    @property
    def total_lanes(self) -> int:
        """Products a cycle of the whole Generator."""
        return sum(fold.lanes for fold in self.layers)

    def check(self, config: NetworkConfig) -> None:
        """ValueError if the parallelism of a layer does not divide its output channels."""
        for layer in LAYER_NUMBERS:
            couts, channels = self.layer(layer).couts, config.channels[layer]
            if couts < 1 or channels % couts:
                raise ValueError(
                    f"layer {layer}: couts {couts} does not divide {channels} channels"
                )


def load_folding(path: str | Path) -> Folding:
    """Read a folding file: {"layers": [{"couts": 32, ...} x 4], "skip_zeros": true, ...}."""
    try:
        if Path(path).exists():
            check_regular(path)
        fields = json.loads(Path(path).read_text(encoding="utf-8"))
        layers = tuple(LayerFolding(**layer) for layer in fields.pop("layers"))
        return Folding(layers=layers, **fields)
    except FileNotFoundError:
        raise ValueError(f"{path}: no such folding file; see {FOLDER.name}/") from None
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise ValueError(f"{path}: not a folding ({error})") from error


def default_folding(config: NetworkConfig) -> Folding:
    """The folding shipped for a preset, checked against its shapes."""
    folding = load_folding(FOLDER / f"{config.name}.json")
    folding.check(config)
    return folding
