# SPDX-License-Identifier: Apache-2.0
"""How many cycles the hardware needs, computed from activations and folding.

The schedule is that of rtl/convt/convt_walker.sv: a pass visits the stored activations of up to
2x2 pixels, one a cycle, and an empty pixel costs one cycle. A pass ends no sooner than the results
of the pass before were handed on (convt_drain). pipeline_model.py lets all layers work at once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dcgan.core.latents import LATENT
from dcgan.core.shapes import LAYER_NUMBERS, SIDES, NetworkConfig
from dcgan.hw.folding import Folding, LayerFolding
from dcgan.hw.pipeline_model import PLANES, pipeline_cycles
from dcgan.quant.golden import PlaneMaps

FIRST_SIDE = SIDES[1]
LANE_LATENCY = 14  # cycles from the last beat of a pass to its results
TURNAROUND = 3  # and from there to the next pass's last beat, if its results are to find room
SINGLE_BEAT_SPACING = 2  # results of one beat: eight of them may wait, so that latency is hidden


@dataclass(frozen=True)
class StageCycles:
    """Predicted cycles of one RGB avatar, mean over avatars.

    layers: in which layer 1..4 is at work; steady_state: from one avatar to the next;
    latency: from the first beat of z to the last pixel, starting idle.
    """

    layers: tuple[float, float, float, float]
    steady_state: float
    latency: float


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


def shortest_pass(fold: LayerFolding) -> int:
    """Cycles between two passes of few beats: until the results have left the lanes, or arrived."""
    out_beats = fold.couts // fold.beat
    if out_beats == 1:
        return SINGLE_BEAT_SPACING
    return max(out_beats, LANE_LATENCY + fold.reads - 1) + TURNAROUND


def row_cycles(counts: np.ndarray, fold: LayerFolding, out_channels: int) -> np.ndarray:
    """Cycles of layer 2..4 for each window row of one plane.

    counts int [N, side, side] stored activations a pixel -> int [N, side + 1].
    """
    side = counts.shape[-1]
    beats = np.maximum(-(-counts // fold.reads), 1)
    rows = row_visits(side, 2 // fold.phase_rows)
    repeats = rows.max(axis=1)  # passes of each window row, for every window column
    shortest = shortest_pass(fold)
    per_row = np.einsum("ry,nyx->nrx", np.minimum(rows, 1), beats)
    if fold.windows == 2:
        passes = np.concatenate([per_row, np.ones_like(per_row[..., :1])], axis=-1)
        column_repeats = np.ones(side + 1, dtype=np.int64)
    else:
        columns = row_visits(side, 2 // fold.phase_cols)
        passes = np.einsum("cx,nrx->nrc", np.minimum(columns, 1), per_row)
        column_repeats = columns.max(axis=1)
    cycles = np.einsum("nrc,c->nr", np.maximum(passes, shortest), column_repeats)
    return cycles * repeats * (out_channels // fold.couts)


def layer_cycles(counts: np.ndarray, fold: LayerFolding, out_channels: int) -> np.ndarray:
    """Cycles of layer 2..4 for one plane: [N]."""
    return row_cycles(counts, fold, out_channels).sum(axis=1)


def first_layer_cycles(config: NetworkConfig, folding: Folding, latent_bits: int) -> int:
    """Cycles of layer 1 for one plane; every plane is summed again."""
    fold = folding.layer(1)
    rows = FIRST_SIDE**2 * (config.channels[1] // fold.couts)
    return rows * max(fold.beats(latent_bits), fold.couts // fold.beat)


def stored_counts(maps: PlaneMaps, layer: int, skip_zeros: bool) -> np.ndarray:
    """Activations that layer 2..4 reads of each pixel: int [N, side, side]."""
    act = (maps.act1, maps.act2, maps.act3)[layer - 2]
    if skip_zeros:
        return np.count_nonzero(act, axis=1)
    return np.full((act.shape[0], *act.shape[2:]), act.shape[1])


def plane_rows(
    config: NetworkConfig, folding: Folding, maps: PlaneMaps
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Cycles of each window row of layers 2, 3, 4 for one plane: [N, 5], [N, 9], [N, 17]."""
    return tuple(
        row_cycles(
            stored_counts(maps, layer, folding.skip_zeros),
            folding.layer(layer),
            config.channels[layer],
        )
        for layer in LAYER_NUMBERS[1:]
    )


def stage_cycles(
    config: NetworkConfig, folding: Folding, planes: tuple[PlaneMaps, ...], latent_bits: int
) -> StageCycles:
    """Predict an avatar from the maps of N avatars (GoldenGenerator.run_planes)."""
    rows = [plane_rows(config, folding, maps) for maps in planes]
    first = first_layer_cycles(config, folding, latent_bits)
    layers = [float(PLANES * first)]
    layers += [float(sum(r[i].sum(axis=1) for r in rows).mean()) for i in range(3)]
    steady, latency = pipeline_cycles(first / FIRST_SIDE, rows)
    return StageCycles(tuple(layers), steady, latency)


def useful_macs(config: NetworkConfig) -> int:
    """Products of an RGB avatar that touch a real input pixel and a kept output pixel."""
    return PLANES * LATENT * config.channels[1] * FIRST_SIDE**2 + multiplied_macs(config)


def multiplied_macs(config: NetworkConfig) -> int:
    """Those of layers 2 to 4, which have the multipliers."""
    macs = 0
    for layer in LAYER_NUMBERS[1:]:
        taps = 4 * SIDES[layer - 1] - 2  # along one axis: two taps an output, less one a border
        macs += taps**2 * config.channels[layer - 1] * config.channels[layer]
    return PLANES * macs
