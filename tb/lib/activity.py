# SPDX-License-Identifier: Apache-2.0
"""How many cycles the lanes of each layer must work, from golden maps and geometry alone.

A stored activation (or two, where two are read at once) is worth one cycle for each output window
and each fold that reads it: windows p - 1 and p of an axis hold pixel p, and output pixels that lie
outside the map are never computed.
"""

from __future__ import annotations

import numpy as np
from dcgan.hw.folding import Folding, LayerFolding

from tb.lib.golden import planes_of


def visits(side: int, out_channels: int, fold: LayerFolding) -> np.ndarray:
    """[side, side]: cycles that one beat of a pixel's list costs at each place."""
    rows = _along_axis(side, fold.phase_rows, 1)
    cols = _along_axis(side, fold.phase_cols, fold.windows)
    return np.outer(rows, cols) * (out_channels // fold.couts)


def active_cycles(act: np.ndarray, out_channels: int, fold: LayerFolding, skip_zeros: bool) -> int:
    """Cycles in which the lanes of a layer work on one map [C, H, W]."""
    stored = act != 0 if skip_zeros else np.ones_like(act, dtype=bool)
    beats = -(-stored.sum(axis=0) // fold.reads)
    return int((beats * visits(act.shape[-1], out_channels, fold)).sum())


def mac_cycles(z: np.ndarray, channels: tuple[int, ...], folding: Folding) -> int:
    """Multiplier-active cycles of one avatar z [100]: sum over layers of cycles x multipliers."""
    total = 0  # layer 1 has no multipliers
    for _, maps, n in planes_of(z[None]):
        for layer, act in ((2, maps.act1), (3, maps.act2), (4, maps.act3)):
            fold = folding.layer(layer)
            cycles = active_cycles(act[n], channels[layer], fold, folding.skip_zeros)
            total += cycles * folding.multipliers(layer)
    return total


def _along_axis(side: int, phases: int, windows: int) -> np.ndarray:
    if windows == 2:
        return np.ones(side, dtype=np.int64)  # both windows at once
    if phases == 2:
        return np.full(side, 2)
    outputs = [range(2 * p - 1, 2 * p + 3) for p in range(side)]
    return np.array([sum(0 <= o < 2 * side for o in seen) for seen in outputs])
