# SPDX-License-Identifier: Apache-2.0
"""Latent vectors z and the colour offsets v1, v2, on the 8-bit grid that the hardware receives.

A latent entry is an int8 step of 1/32, so the grid spans [-127/32, 127/32]: a standard normal
leaves it once in 14,000 draws. Software and hardware therefore see the same z, without rounding
in between.

Every interface takes z ~ N(0, I) on this grid, as the paper does. A network may want binary
latents: then its own first step, in all models and in the RTL, is x = +1 where z >= 0, else -1
(+-32 on the grid), and its file says so. No caller has to know.
    normal    the network takes z as it is
    binary    the network takes the signs of z (Rademacher); data/latent_code.py has their use
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from dcgan.core.shapes import LATENT

Z_SCALE = 2.0**-5
"""Value of one int8 step."""

KINDS = ("normal", "binary")
"""What the first step of a network makes of z."""

ONE = 32
"""1 on the grid."""

Z_MAX = 127
"""Largest magnitude in steps; -128 is not used, so that the grid is symmetric."""


def quantise_z(z: np.ndarray) -> np.ndarray:
    """int8 grid points nearest to `z` (any shape): clip(floor(32 z + 1/2), -127, 127)."""
    steps = np.floor(np.asarray(z, dtype=np.float64) / Z_SCALE + 0.5)
    return np.clip(steps, -Z_MAX, Z_MAX).astype(np.int8)


def draw_z(count: int, seed: int | list[int]) -> np.ndarray:
    """`count` latents of N(0, I): int8 [count, 100], the same for the same seed."""
    return next(draw_batches(1, count, seed))


def draw_batches(batches: int, size: int, seed: int | list[int]) -> Iterator[np.ndarray]:
    """The latents of `draw_z(batches * size, seed)` in pieces: int8 [size, 100] each."""
    generator = np.random.Generator(np.random.PCG64(seed))
    for _ in range(batches):
        yield quantise_z(generator.standard_normal((size, LATENT)))


def interpolate(start: np.ndarray, end: np.ndarray, inner: int) -> np.ndarray:
    """int8 [100] twice -> int8 [inner + 2, 100], both ends included.

    z(t_k) = (1 - t_k) z1 + t_k z2 with t_k = k / (N + 1) for k = 0 .. N + 1 (eq 12 and 13), then
    rounded to the grid the hardware receives.
    """
    if inner < 0:
        raise ValueError(f"the number of inner points must not be negative, got {inner}")
    t = np.arange(inner + 2)[:, None] / (inner + 1)
    return quantise_z(((1 - t) * start + t * end) * Z_SCALE)


def binarise(z: np.ndarray) -> np.ndarray:
    """The first step of a network with binary latents: int8 +-32 of the same shape."""
    return np.where(np.asarray(z) >= 0, ONE, -ONE).astype(np.int8)


def element_bits(kind: str) -> int:
    """Bits that the first step of a network leaves of an element: a sign, or all eight."""
    return 1 if kind == "binary" else 8


def check_kind(kind: str) -> None:
    """ValueError if there are no latents of this kind."""
    if kind not in KINDS:
        raise ValueError(f"latents must be one of {', '.join(KINDS)}, got {kind!r}")


def draw_v(seed: int, length: float) -> np.ndarray:
    """v1 and v2 as int8 [2, 100]: random directions of Euclidean norm `length`, quantised.

    A latent of N(0, I) has norm close to 10, and so a length of 10 moves the three planes'
    inputs about as far apart as independent latents are (paper, appendix 7.1).
    """
    if length < 0:
        raise ValueError(f"the length of v must not be negative, got {length}")
    generator = np.random.Generator(np.random.PCG64([seed, LATENT]))
    direction = generator.standard_normal((2, LATENT))
    direction /= np.linalg.norm(direction, axis=1, keepdims=True)
    return quantise_z(length * direction)


def to_float(steps: np.ndarray) -> np.ndarray:
    """float32 values of int8 grid points."""
    return steps.astype(np.float32) * np.float32(Z_SCALE)
