# SPDX-License-Identifier: Apache-2.0
"""How much of each layer the hardware computes in one cycle. Values, not pixels, stay the same.

A layer broadcasts one activation a cycle to couts x phase_rows x phase_cols x windows lanes: output
channels, the rows and columns of the 2x2 output block, and, for windows = 2, the two windows to the
left and right of the pixel column. With reads = 2 it takes two activations of a pixel's list a
cycle, each with lanes of its own.

Layer 1 has no multipliers. It sums selected weights: in one cycle those of `couts` channels and
`elements` entries of the latent, for `digits` bits of each (of a binary latent one is used).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from dcgan.core.files import check_regular
from dcgan.core.latents import LATENT
from dcgan.core.network_files import shipped
from dcgan.core.shapes import LAYER_NUMBERS, NetworkConfig

FOLDER = shipped("folding")
LEAST_WEIGHT_BITS = 4
"""Of the lanes; a network may have fewer."""
PACKINGS = ("none", "ecp5", "dsp48")  # position = value of Packing in the shape package


@dataclass(frozen=True)
class LayerFolding:
    """Parallelism of one layer. Only layer 1 has elements and digits, only the others the rest."""

    couts: int
    phase_rows: int = 1
    phase_cols: int = 1
    windows: int = 1
    reads: int = 1
    elements: int = 1
    digits: int = 1
    weight_bits: int = 8  # of the hardware: a network may have fewer

    @property
    def lanes(self) -> int:
        """Products a cycle."""
        return self.couts * self.phase_rows * self.phase_cols * self.windows * self.reads

    @property
    def steps(self) -> int:
        """Cycles of layer 1 for one bit of every entry of the latent."""
        return -(-LATENT // self.elements)

    def beats(self, latent_bits: int) -> int:
        """Cycles of layer 1 for `couts` channels of one pixel."""
        return self.steps * latent_bits // min(self.digits, latent_bits)

    @property
    def beat(self) -> int:
        """Channels that leave the layer in one beat."""
        return 2 if self.couts % 2 == 0 else 1

    @property
    def values(self) -> int:
        """Values in one beat: the channels of the beat, each in every phase."""
        return self.phase_rows * self.phase_cols * self.beat


@dataclass(frozen=True)
class Folding:
    """Parallelism of a network: four layers and two choices that hold for all of them."""

    layers: tuple[LayerFolding, ...]
    skip_zeros: bool = True  # do not issue zero activations
    packing: str = "none"  # two products a multiplier

    def __post_init__(self) -> None:
        if len(self.layers) != len(LAYER_NUMBERS):
            raise ValueError(f"a folding has {len(LAYER_NUMBERS)} layers, got {len(self.layers)}")
        if self.packing not in PACKINGS:
            raise ValueError(f"packing '{self.packing}': choose one of {', '.join(PACKINGS)}")
        for layer, fold in zip(LAYER_NUMBERS, self.layers, strict=True):
            if fold.phase_rows not in (1, 2) or fold.phase_cols not in (1, 2):
                raise ValueError(f"layer {layer}: phase_rows and phase_cols must be 1 or 2")
            if fold.windows not in (1, 2) or fold.reads not in (1, 2):
                raise ValueError(f"layer {layer}: windows and reads must be 1 or 2")
            if not LEAST_WEIGHT_BITS <= fold.weight_bits <= 8:
                raise ValueError(f"layer {layer}: weight_bits must be 4 to 8")
            if layer == 1 and fold.lanes != fold.couts:
                raise ValueError("layer 1: leave rows, cols, windows and reads at 1")
            if layer == 1 and not (1 < fold.elements <= LATENT and fold.digits in (1, 2, 4, 8)):
                raise ValueError(f"layer 1: elements must be 2 to {LATENT}, digits 1, 2, 4 or 8")
            if layer > 1 and (fold.elements, fold.digits) != (1, 1):
                raise ValueError(f"layer {layer}: only layer 1 has elements and digits")

    def layer(self, layer: int) -> LayerFolding:
        """Folding of layer 1..4."""
        return self.layers[layer - 1]

    def multipliers(self, layer: int) -> int:
        """Hardware multipliers of a layer: one a lane, or one a pair of lanes when packed."""
        fold = self.layer(layer)
        if layer == 1:
            return 0
        # A pair of lanes shares its activation.
        together = fold.lanes // fold.reads
        return fold.reads * (together if self.packing == "none" else (together + 1) // 2)

    @property
    def total_multipliers(self) -> int:
        """Hardware multipliers of the whole Generator."""
        return sum(self.multipliers(layer) for layer in LAYER_NUMBERS)

    @property
    def total_lanes(self) -> int:
        """Products a cycle of all layers that multiply."""
        return sum(fold.lanes for fold in self.layers[1:])

    def check(self, config: NetworkConfig) -> None:
        """ValueError if the parallelism of a layer does not divide its output channels."""
        for layer in LAYER_NUMBERS:
            couts, channels = self.layer(layer).couts, config.channels[layer]
            if couts < 1 or channels % couts:
                raise ValueError(
                    f"layer {layer}: couts {couts} does not divide {channels} channels"
                )
            if layer == 1 and couts // self.layer(1).beat > self.layer(1).steps:
                raise ValueError(
                    f"layer 1: couts {couts} are more than can leave in the {self.layer(1).steps} "
                    "cycles that they take"
                )
            if layer > 1 and self.layer(layer).reads > self.layer(layer - 1).beat:
                raise ValueError(
                    f"layer {layer}: reads 2 needs even couts in layer {layer - 1}, which then "
                    "writes the lists two entries at a time"
                )


def load_folding(path: str | Path) -> Folding:
    """Read a folding file: {"layers": [{"couts": 2, ...} x 4], "skip_zeros": true, ...}."""
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
