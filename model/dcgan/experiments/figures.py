# SPDX-License-Identifier: Apache-2.0
"""The paper's pictures of results: fresh avatars, interpolation, novelty (section 4.5).

Every function takes `render`, any back end: int8 [N, 100] -> uint8 [N, 3, 32, 32].
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from dcgan.core.images import BACKGROUND, GAP, contact_sheet, planes_first, planes_last
from dcgan.core.latents import draw_z, interpolate
from dcgan.core.renderer import Renderer
from dcgan.metrics import set_metrics
from dcgan.metrics.reference_sets import drawn
from dcgan.render.asked import asked_for

FRESH = 6  # figure 6
STRIPS, INNER = 3, 3  # figure 7
NOVEL, NEIGHBOURS_SHOWN = 8, 3
HELD_OUT, HELD_OUT_SEED = 500, 9_000


@dataclass(frozen=True)
class Result:
    """Avatars with their latents, the picture that shows them and what to say about them."""

    z: np.ndarray  # int8 [N, 100]
    pixels: np.ndarray  # uint8 [N, 3, 32, 32]
    picture: np.ndarray  # uint8 [H, W, 3]
    facts: dict[str, Any]


def fresh(
    render: Renderer, count: int, seed: int, columns: int = 8, attributes: Sequence[str] = ()
) -> Result:
    """`count` avatars from new latents, nothing selected; with `attributes`, as "NAME=VALUE"."""
    z = draw_z(count, seed)
    if attributes:
        z = asked_for(z, render.about, attributes, seed)
    pixels = render(z)
    sheet = contact_sheet(planes_last(pixels), min(columns, count))
    return Result(z, pixels, sheet, {"avatars": count})


def strips(render: Renderer, seed: int, count: int = STRIPS, inner: int = INNER) -> Result:
    """`count` strips from one avatar to another (fig 7), one a row."""
    ends = draw_z(2 * count, seed).reshape(count, 2, -1)
    z = np.concatenate([interpolate(start, end, inner) for start, end in ends])
    pixels = render(z)
    sheet = contact_sheet(planes_last(pixels), inner + 2)
    return Result(z, pixels, sheet, {"strips": count, "inner_points": inner})


def novelty(render: Renderer, train: np.ndarray, seed: int, drawn_set: bool) -> Result:
    """Fresh avatars beside the training images nearest to them (paper, section 4.5).

    train: uint8 [M, 32, 32, 3]. Distances are root mean squared differences of pixels, 0..255.
    For the drawn training set they are put beside those of avatars drawn anew, which are new by
    construction: what is nearer than 99% of these counts as a copy.
    """
    z = draw_z(NOVEL, seed)
    pixels = render(z)
    reference = set_metrics.pixels(planes_first(train))
    distances = np.linalg.norm(
        set_metrics.pixels(pixels).numpy()[:, None] - reference.numpy()[None], axis=2
    )  # [NOVEL, M]
    order = np.argsort(distances, axis=1)[:, :NEIGHBOURS_SHOWN]
    rows = [np.concatenate([planes_last(pixels[i : i + 1]), train[order[i]]]) for i in range(NOVEL)]
    facts: dict[str, Any] = {
        "nearest": [
            {"training_image": int(order[i, 0]), "distance": float(distances[i, order[i, 0]])}
            for i in range(NOVEL)
        ]
    }
    if drawn_set:
        honest, _ = set_metrics.nearest(
            set_metrics.pixels(drawn(HELD_OUT, HELD_OUT_SEED)[0]), reference
        )
        facts["distance_of_new_drawn_avatars"] = {
            "percent_1": float(np.quantile(honest.numpy(), 0.01)),
            "median": float(np.median(honest.numpy())),
        }
        facts["copies"] = int((distances.min(axis=1) < np.quantile(honest.numpy(), 0.01)).sum())
    return Result(z, pixels, _pairs(rows), facts)


def _pairs(rows: list[np.ndarray]) -> np.ndarray:
    """Two columns of rows, each: one generated avatar, a gap, its training images."""
    sheets = []
    for row in rows:
        own, others = (contact_sheet(part, len(part)) for part in (row[:1], row[1:]))
        gap = np.full((own.shape[0], 8 * GAP, 3), BACKGROUND, np.uint8)
        sheets.append(np.concatenate([own, gap, others, gap], axis=1))
    half = -(-len(sheets) // 2)
    columns = [np.concatenate(part, axis=0) for part in (sheets[:half], sheets[half:])]
    return np.concatenate(columns, axis=1)
