# SPDX-License-Identifier: Apache-2.0
"""What the golden model says about the network under test, and latents to ask it about."""

from __future__ import annotations

import os
from functools import cache

import numpy as np
from dcgan.core.latents import LATENT, Z_MAX, draw_z
from dcgan.quant.golden import PLANES, GoldenGenerator, PlaneMaps

from tb.lib.network import under_test
from tb.lib.scoreboard import assert_same_map


@cache
def golden() -> GoldenGenerator:
    """The golden model of the network that the device was built with."""
    return GoldenGenerator(under_test().integers)


def latents(count: int) -> np.ndarray:
    """Random latents int8 [count, 100] that follow $SEED."""
    return draw_z(count, seed=int(os.environ["SEED"]))


def corner_latents() -> np.ndarray:
    """int8 [4, 100]: all zero, all largest, all smallest, alternating extremes."""
    alternating = np.where(np.arange(LATENT) % 2, Z_MAX, -Z_MAX)
    rows = [np.zeros(LATENT), np.full(LATENT, Z_MAX), np.full(LATENT, -Z_MAX), alternating]
    return np.stack(rows).astype(np.int8)


def planes_of(
    z: np.ndarray, model: GoldenGenerator | None = None
) -> list[tuple[str, PlaneMaps, int]]:
    """(name, maps, index into them) of every plane of latents [N, 100], in hardware order."""
    maps = (model or golden()).run_planes(z)
    return [
        (f"avatar {n}, plane {name}", maps[plane], n)
        for n in range(len(z))
        for plane, name in enumerate(PLANES)
    ]


def assert_same_pixels(got: np.ndarray, z: np.ndarray) -> None:
    """Pixels [N, 3, 32, 32] of latents z [N, 100], avatar by avatar and plane by plane."""
    __tracebackhide__ = True
    expected = golden().rgb(z)
    for n in range(len(z)):
        for plane, name in enumerate(PLANES):
            assert_same_map(
                got[n, plane], expected[n, plane], f"avatar {n}, plane {name}", ("y", "x")
            )
