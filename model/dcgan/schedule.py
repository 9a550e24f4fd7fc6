# SPDX-License-Identifier: Apache-2.0
"""How many cycles the hardware needs, computed from activations and folding (routes R1 to R3).

The schedule is that of rtl/convt/convt_walker.sv: a pass visits the stored activations of up to
2x2 pixels, one a cycle, and an empty pixel costs one cycle. A pass ends no sooner than the results
of the pass before were handed on (convt_drain). All layers work at once, so that at steady state
an avatar takes as long as the slowest stage.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .config import SIDES, NetworkConfig
from .folding import Folding, LayerFolding
from .golden import PlaneMaps
from .integer import LAYER_NUMBERS
from .latent import LATENT

PLANES = 3
FIRST_SIDE = SIDES[1]
RESULT_LATENCY = 9  # cycles from the last beat of a pass to its first result
SINGLE_CHANNEL_SPACING = 3  # short passes: four results may wait, so that latency is hidden


@dataclass(frozen=True)
class StageCycles:
    """Cycles of every stage for one RGB avatar, mean over avatars, and what limits the rate."""

    layers: tuple[float, float, float, float]

    @property
    def steady_state(self) -> float:
        """Cycles from one avatar to the next."""
        return max(self.layers)


def row_visits(side: int, folds: int) -> np.ndarray:
    """[side + 1, side]: how many passes of window row r read pixel row y; `folds` = 2 / phases.

    Window row r holds pixel rows r - 1 and r; the first and last of them keep one phase only.
    """
    visits = np.zeros((side + 1, side), dtype=np.int64)
    for window in range(side + 1):
        kept = folds if 0 < window < side else 1
        for pixel in (window - 1, window):
            if 0 <= pixel < side:
                visits[window, pixel] = kept
    return visits


def layer_beats(counts: np.ndarray, fold: LayerFolding, out_channels: int) -> np.ndarray:
    """Cycles of layer 2..4 for one plane; counts int [N, side, side] stored activations a pixel.

    Returns int [N].
    """
    side = counts.shape[-1]
    beats = np.maximum(counts, 1)
    cout_folds = out_channels // fold.couts
    rows = row_visits(side, 2 // fold.phase_rows)
    repeats = rows.max(axis=1)  # passes of each window row, for every window column
    shortest = fold.couts + RESULT_LATENCY if fold.couts > 1 else SINGLE_CHANNEL_SPACING
    per_row = np.einsum("ry,nyx->nrx", np.minimum(rows, 1), beats)
    if fold.windows == 2:
        passes = np.concatenate([per_row, np.ones_like(per_row[..., :1])], axis=-1)
        column_repeats = np.ones(side + 1, dtype=np.int64)
    else:
        columns = row_visits(side, 2 // fold.phase_cols)
        passes = np.einsum("cx,nrx->nrc", np.minimum(columns, 1), per_row)
        column_repeats = columns.max(axis=1)
    cycles = np.maximum(passes, shortest)
    return np.einsum("nrc,r,c->n", cycles, repeats, column_repeats) * cout_folds


def first_layer_cycles(config: NetworkConfig, folding: Folding) -> int:
    """Cycles of layer 1 for one avatar: a dense matrix-vector product.

    With shared planes it rests while G and B are replayed behind it (dcgan_plane_share), but for
    the two groups of output channels that it can compute and hold meanwhile.
    """
    couts = folding.layer(1).couts
    group = max(LATENT, couts + RESULT_LATENCY)
    vector = FIRST_SIDE**2 * (config.channels[1] // couts) * group
    if not folding.share_planes:
        return PLANES * vector
    replay = (PLANES - 1) * FIRST_SIDE**2 * config.channels[1]
    return vector + max(0, replay - 2 * group)


def stored_counts(maps: PlaneMaps, layer: int, skip_zeros: bool) -> np.ndarray:
    """Activations that layer 2..4 reads of each pixel: int [N, side, side]."""
    act = (maps.act1, maps.act2, maps.act3)[layer - 2]
    if skip_zeros:
        return np.count_nonzero(act, axis=1)
    return np.full((act.shape[0], *act.shape[2:]), act.shape[1])


def stage_cycles(
    config: NetworkConfig, folding: Folding, planes: tuple[PlaneMaps, ...]
) -> StageCycles:
    """Predict every stage from the maps of N avatars (GoldenGenerator.run_planes)."""
    layers = [float(first_layer_cycles(config, folding))]
    for layer in LAYER_NUMBERS[1:]:
        beats = [
            layer_beats(
                stored_counts(maps, layer, folding.skip_zeros),
                folding.layer(layer),
                config.channels[layer],
            )
            for maps in planes
        ]
        layers.append(float(np.sum(beats, axis=0).mean()))
    return StageCycles(tuple(layers))


def useful_macs(config: NetworkConfig) -> int:
    """Products of an RGB avatar that touch a real input pixel and a kept output pixel (C4)."""
    macs = LATENT * config.channels[1] * FIRST_SIDE**2
    for layer in LAYER_NUMBERS[1:]:
        taps = 4 * SIDES[layer - 1] - 2  # along one axis: two taps an output, less one a border
        macs += taps**2 * config.channels[layer - 1] * config.channels[layer]
    return PLANES * macs
