# SPDX-License-Identifier: Apache-2.0
"""When each row of each map is done: the layers at work together, coupled by their row rings.

A window row of a layer begins when the one before it is done, when its lower map row is whole, and
when the ring behind it has room for the rows that it writes. A map row is given back when the
window row below it is done (rtl/convt/convt_map.sv).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np

from dcgan.core.shapes import SIDES

PLANES = 3
RING_ROWS = 8
FIRST_LAYER, LAST_LAYER = 2, 4
WARM_UP = 3  # avatars until the pipeline is full
MEASURED = 8  # avatars, at least, whose mean distance is the steady state
Z_IN = 100  # cycles in which a latent arrives
PIXELS_OUT = 60  # from the last result through drain, row ring and tanh to the last pixel


def pipeline_cycles(first_row: float, rows: Sequence[Sequence[np.ndarray]]) -> tuple[float, float]:
    """(steady-state cycles an avatar, cycles from z to the last pixel of a first avatar).

    first_row: cycles in which layer 1 sends a map row; rows[plane][i]: [N, window rows] cycles of
    layer 2 + i, for N avatars, which are repeated until the mean has settled.
    """
    avatars = len(rows[0][0])
    total = WARM_UP + max(MEASURED, avatars)
    costs = [
        [rows[plane][i][n % avatars] for i in range(LAST_LAYER - FIRST_LAYER + 1)]
        for n in range(total)
        for plane in range(PLANES)
    ]

    @cache
    def sent(plane: int, y: int) -> float:
        """Layer 1 has sent row y of the 4x4 map."""
        before = sent(plane, y - 1) if y else float(Z_IN)
        if plane and not y:
            before = sent(plane - 1, SIDES[1] - 1)
        start = max(before, released(FIRST_LAYER, plane * SIDES[1] + y - RING_ROWS))
        return start + first_row

    @cache
    def done(layer: int, plane: int, window: int) -> float:
        """Layer `layer` has finished window row `window` (0 .. side)."""
        side = SIDES[layer - 1]
        start = whole(layer, plane, min(window, side - 1))
        if window:
            start = max(start, done(layer, plane, window - 1))
        elif plane:
            start = max(start, done(layer, plane - 1, side))
        if layer < LAST_LAYER:
            written = plane * 2 * side + min(2 * window, 2 * side - 1)
            start = max(start, released(layer + 1, written - RING_ROWS))
        return start + float(costs[plane][layer - FIRST_LAYER][window])

    def whole(layer: int, plane: int, y: int) -> float:
        """Row y of the map that `layer` reads is written."""
        return sent(plane, y) if layer == FIRST_LAYER else done(layer - 1, plane, (y + 1) // 2)

    def released(layer: int, row: int) -> float:
        """`layer` has given back map row `row`, counted over all planes."""
        if row < 0:
            return 0.0
        plane, y = divmod(row, SIDES[layer - 1])
        return done(layer, plane, y + 1)

    last_window = SIDES[LAST_LAYER - 1]
    ends = []
    for plane in range(len(costs)):
        for window in range(last_window + 1):
            done(LAST_LAYER, plane, window)
        if plane % PLANES == PLANES - 1:
            ends.append(done(LAST_LAYER, plane, last_window))
    settled = ends[WARM_UP - 1 :]
    return (settled[-1] - settled[0]) / (len(settled) - 1), ends[0] + PIXELS_OUT
