# SPDX-License-Identifier: Apache-2.0
"""Choose the parallelism of every layer: the fewest cycles that fit a device.

All stages work at once, so the slowest decides. For a cycle limit T each layer takes its cheapest
folding that keeps T, for every T that is the cycle count of some folding. Of the combinations that
fit the multipliers and memory blocks, the fastest by pipeline_model.py is taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from dcgan.core.shapes import LAYER_NUMBERS
from dcgan.hw.block_ram import BRAM18, EBR, BlockMemory, layer_blocks, total_blocks
from dcgan.hw.cycle_model import (
    StageCycles,
    first_layer_cycles,
    layer_cycles,
    stage_cycles,
    stored_counts,
)
from dcgan.hw.folding import LEAST_WEIGHT_BITS, Folding, LayerFolding
from dcgan.hw.pipeline_model import PLANES
from dcgan.quant.golden import GoldenGenerator, PlaneMaps
from dcgan.quant.int_generator import IntegerGenerator

ELEMENTS = (10, 20, 25, 50, 100)
DIGITS = (1, 2, 4)
MOST_FIRST_COUTS = 4
"""What is tried for layer 1."""


@dataclass(frozen=True)
class Device:
    """What a chip offers the Generator."""

    name: str
    multipliers: int
    blocks: int
    memory: BlockMemory
    packing: str


DEVICES = {
    "ecp5-85f": Device("ECP5-85F", 156, 208, EBR, "ecp5"),
    "ecp5-45f": Device("ECP5-45F", 72, 108, EBR, "ecp5"),
    "ecp5-12f": Device("ECP5-12F", 28, 32, EBR, "ecp5"),
    "ecp5-25f": Device("ECP5-25F", 28, 56, EBR, "ecp5"),
    "xc7z020": Device("XC7Z020", 220, 280, BRAM18, "dsp48"),
}


class DoesNotFit(ValueError):
    """No folding fits; the message says which resource is short, and by how much."""


@dataclass(frozen=True)
class Option:
    """One folding of one layer."""

    fold: LayerFolding
    cycles: float
    multipliers: int
    blocks: int
    adders: int  # of layer 1, in look-up tables


@dataclass(frozen=True)
class Solution:
    """The chosen folding with its predictions."""

    folding: Folding
    cycles: StageCycles
    multipliers: int
    blocks: int


def smallest_folding(device: Device, weight_bits: Sequence[int] = (8, 8, 8, 8)) -> Folding:
    """The least of every layer, packed as `device` can: where a search may start for any shape."""
    bits = [max(LEAST_WEIGHT_BITS, number) for number in weight_bits]
    first = LayerFolding(1, elements=ELEMENTS[0], weight_bits=bits[0])
    others = (LayerFolding(1, weight_bits=number) for number in bits[1:])
    return Folding((first, *others), packing=device.packing)


def measure(ig: IntegerGenerator, latents: np.ndarray) -> tuple[PlaneMaps, ...]:
    """The maps whose zeros the schedule skips."""
    return GoldenGenerator(ig).run_planes(latents)


def solve(
    ig: IntegerGenerator, planes: tuple[PlaneMaps, ...], device: Device, base: Folding
) -> Solution:
    """Fastest folding of `ig` on `device`; `base` says how zeros, planes and pairs are treated.

    DoesNotFit if even the smallest folding is too large.
    """
    options = {layer: layer_options(ig, planes, device, base, layer) for layer in LAYER_NUMBERS}
    limits = sorted({option.cycles for choices in options.values() for option in choices})
    best: Solution | None = None
    for limit in limits:
        chosen = _choose(options, limit)
        if best and limit >= best.cycles.steady_state:
            break  # the slowest layer alone would take longer
        if chosen is None:
            continue
        folding = replace(base, layers=tuple(option.fold for option in chosen))
        blocks = total_blocks(ig, folding, device.memory)
        if folding.total_multipliers > device.multipliers or blocks > device.blocks:
            continue
        cycles = stage_cycles(ig.config, folding, planes, ig.latent_bits)
        if best is None or cycles.steady_state < best.cycles.steady_state:
            best = Solution(folding, cycles, folding.total_multipliers, blocks)
    if best is None:
        raise DoesNotFit(_shortage(ig, options, device, base))
    return best


def layer_options(
    ig: IntegerGenerator,
    planes: tuple[PlaneMaps, ...],
    device: Device,
    base: Folding,
    layer: int,
) -> list[Option]:
    """Every legal folding of a layer with its cycles, multipliers and weight memory blocks."""
    options = []
    for choice in _foldings(ig, layer):
        fold = replace(choice, weight_bits=base.layer(layer).weight_bits)
        layers = list(base.layers)
        layers[layer - 1] = fold
        folding = replace(base, layers=tuple(layers))
        if layer == 1:
            cycles = float(PLANES * first_layer_cycles(ig.config, folding, ig.latent_bits))
        else:
            counts = [stored_counts(maps, layer, base.skip_zeros) for maps in planes]
            out = ig.config.channels[layer]
            cycles = float(np.sum([layer_cycles(c, fold, out) for c in counts], axis=0).mean())
        blocks = layer_blocks(ig, folding, layer, device.memory)
        adders = fold.couts * fold.elements * fold.digits if layer == 1 else 0
        options.append(Option(fold, cycles, folding.multipliers(layer), blocks, adders))
    return options


def _foldings(ig: IntegerGenerator, layer: int) -> list[LayerFolding]:
    channels = ig.config.channels[layer]
    couts = [c for c in range(1, channels + 1) if channels % c == 0]
    if layer == 1:
        # Every row of weights is as wide as the latent, or a whole part of it.
        digits = [d for d in DIGITS if d <= ig.latent_bits]
        choices = product([c for c in couts if c <= MOST_FIRST_COUTS], ELEMENTS, digits)
        folds = [LayerFolding(c, elements=e, digits=d) for c, e, d in choices]
        return [f for f in folds if f.couts // f.beat <= f.steps]
    one_window = list(product(couts, (1, 2), (1, 2), (1,)))
    # Two windows at once need every channel and both column phases in the lanes (convt_walker).
    two_windows = list(product((channels,), (1, 2), (2,), (2,)))
    return [LayerFolding(*f, reads) for f in one_window + two_windows for reads in (1, 2)]


def _choose(options: dict[int, list[Option]], limit: float) -> list[Option] | None:
    """The cheapest option of every layer that keeps `limit`; None if a layer has none."""
    chosen: list[Option] = []
    for layer in LAYER_NUMBERS:
        # Lists are read two entries at a time only where they are written so.
        most = chosen[-1].fold.beat if chosen else 1
        best = _cheapest([o for o in options[layer] if o.fold.reads <= most], limit)
        if best is None:
            return None
        chosen.append(best)
    return chosen


def _cheapest(options: list[Option], limit: float) -> Option | None:
    fast = [option for option in options if option.cycles <= limit]
    return min(fast, key=lambda o: (o.multipliers, o.blocks, o.adders, o.cycles), default=None)


def _shortage(ig: IntegerGenerator, options, device: Device, base: Folding) -> str:
    smallest = [min(options[n], key=lambda o: (o.blocks, o.multipliers)) for n in LAYER_NUMBERS]
    folding = replace(base, layers=tuple(option.fold for option in smallest))
    blocks = total_blocks(ig, folding, device.memory)
    multipliers = sum(min(o.multipliers for o in options[n]) for n in LAYER_NUMBERS)
    return (
        f"{ig.config.name} does not fit {device.name}: it needs at least {multipliers} multipliers "
        f"(of {device.multipliers}) and {blocks} {device.memory.name} (of {device.blocks}); "
        "fewer weight bits or a smaller network would fit"
    )
