# SPDX-License-Identifier: Apache-2.0
"""The cycle model counts what the hardware's schedule would; the solver keeps its limits."""

from __future__ import annotations

import dataclasses
import re
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from dcgan.core.latents import draw_z
from dcgan.core.shapes import preset
from dcgan.hw.block_ram import EBR, memories, total_blocks
from dcgan.hw.cycle_model import (
    LANE_LATENCY,
    SINGLE_BEAT_SPACING,
    TURNAROUND,
    first_layer_cycles,
    layer_cycles,
    stage_cycles,
    useful_macs,
)
from dcgan.hw.folding import LayerFolding, default_folding
from dcgan.hw.folding_search import DEVICES, DoesNotFit, measure, solve
from dcgan.hw.pipeline_model import RING_ROWS
from dcgan.quant.random_network import random_integer


@pytest.fixture(scope="module")
def tiny():
    """Integers of a random tiny network and its maps for four latents."""
    ig = random_integer(preset("tiny"), 0)
    return ig, measure(ig, draw_z(4, seed=2))


def walked_cycles(counts, fold, channels):
    """One plane of one avatar, walked pass by pass as in the header of convt_walker."""
    side = len(counts)
    results = fold.couts // (2 if fold.couts % 2 == 0 else 1)
    several = max(results, LANE_LATENCY + fold.reads - 1) + TURNAROUND
    shortest = several if results > 1 else SINGLE_BEAT_SPACING
    total = 0
    for row, column in product(range(side + 1), range(side + 1)):
        row_folds = 1 if fold.phase_rows == 2 or row in (0, side) else 2
        column_folds = 1 if fold.phase_cols == 2 or column in (0, side) else 2
        rows = [y for y in (row - 1, row) if 0 <= y < side]
        columns = [x for x in (column - 1, column) if 0 <= x < side]
        if fold.windows == 2:
            columns = [column] if column < side else []
        beats = sum(max(-(-counts[y][x] // fold.reads), 1) for y in rows for x in columns) or 1
        total += max(beats, shortest) * row_folds * column_folds * (channels // fold.couts)
    return total


@pytest.mark.parametrize(
    "fold",
    [LayerFolding(c, r, p) for c, r, p in product((2, 8), (1, 2), (1, 2))]
    + [LayerFolding(8, 1, 2, 2), LayerFolding(8, 2, 2, 2), LayerFolding(1, 2, 2, 2, 2)]
    + [LayerFolding(4, 2, 2, reads=2)],
)
def test_beats_are_those_of_the_walk(fold):
    counts = np.random.default_rng(5).integers(0, 9, (3, 4, 4))
    expected = [walked_cycles(c, fold, 8) for c in counts]
    assert layer_cycles(counts, fold, 8).tolist() == expected


def test_useful_macs_are_those_of_the_specification():
    assert useful_macs(preset("compact")) == 3 * 3_776_640


def test_layer_1_takes_a_cycle_for_each_word_and_digit_of_a_plane(tiny):
    ig, _ = tiny
    shipped = default_folding(ig.config)
    for fold, normal, binary in (
        (LayerFolding(2, elements=100, digits=8), 128, 128),
        (LayerFolding(2, elements=25, digits=4), 128 * 4 * 2, 128 * 4),
        (LayerFolding(1, elements=30, digits=1), 256 * 4 * 8, 256 * 4),
    ):
        folding = dataclasses.replace(shipped, layers=(fold, *shipped.layers[1:]))
        cycles = [first_layer_cycles(ig.config, folding, bits) for bits in (8, 1)]
        assert cycles == [normal, binary]


def test_an_avatar_takes_at_least_as_long_as_its_slowest_layer(tiny):
    ig, planes = tiny
    cycles = stage_cycles(ig.config, default_folding(ig.config), planes, ig.latent_bits)
    assert max(cycles.layers) <= cycles.steady_state <= cycles.latency


def test_skipping_zeros_is_never_slower(tiny):
    ig, planes = tiny
    folding = default_folding(ig.config)
    dense = dataclasses.replace(folding, skip_zeros=False)
    fast = stage_cycles(ig.config, folding, planes, ig.latent_bits).layers
    slow = stage_cycles(ig.config, dense, planes, ig.latent_bits).layers
    assert all(f <= s for f, s in zip(fast, slow, strict=True))


@pytest.mark.parametrize("multipliers", [6, 12, 30])
def test_a_solution_keeps_its_limits_and_uses_more_to_be_faster(tiny, multipliers):
    ig, planes = tiny
    device = dataclasses.replace(DEVICES["ecp5-25f"], multipliers=multipliers)
    solution = solve(ig, planes, device, default_folding(ig.config))
    assert solution.multipliers <= multipliers
    assert solution.blocks <= device.blocks
    wider = dataclasses.replace(device, multipliers=2 * multipliers)
    faster = solve(ig, planes, wider, default_folding(ig.config))
    assert faster.cycles.steady_state <= solution.cycles.steady_state


def test_what_does_not_fit_is_refused_with_the_reason():
    ig = random_integer(preset("compact"), 0)
    planes = measure(ig, draw_z(1, seed=2))
    with pytest.raises(DoesNotFit, match=r"needs at least \d+ multipliers .* EBR \(of 56\)"):
        solve(ig, planes, DEVICES["ecp5-25f"], default_folding(ig.config))


@pytest.mark.parametrize(
    ("width", "depth", "blocks"), [(36, 512, 1), (18, 1024, 1), (256, 6400, 104), (8, 64, 0)]
)
def test_blocks_follow_the_modes_of_an_ebr(width, depth, blocks):
    assert EBR.blocks(width, depth) == blocks


def test_every_weight_has_its_memory(tiny):
    ig, _ = tiny
    held = [m for m in memories(ig, default_folding(ig.config)) if "weights" in m.name]
    needed = [w.size * b for w, b in zip(ig.weights, ig.weight_bits, strict=True)]
    needed.append(needed[-1])  # layer 4 reads two activations, and so two ROMs, at once
    assert [m.bits for m in held] == needed
    assert total_blocks(ig, default_folding(ig.config), EBR) > 0


def test_rings_are_as_long_as_those_of_the_hardware():
    package = Path(__file__).parents[3] / "rtl" / "convt" / "convt_pkg.sv"
    (rows,) = re.findall(r"localparam int RingRows = (\d+);", package.read_text())
    assert int(rows) == RING_ROWS
