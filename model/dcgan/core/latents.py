# SPDX-License-Identifier: Apache-2.0
"""Latent vectors z and the colour offsets v1, v2, on the 8-bit grid that the hardware receives.

A latent entry is an int8 step of 1/32, so the grid spans [-127/32, 127/32]: a standard normal
leaves it once in 14,000 draws. Software and hardware therefore see the same z, without rounding
in between.

A Generator is trained for one of two kinds of latents and draws well from these:
    normal    N(0, I)
    binary    every entry +1 or -1 with equal chances (Rademacher); see data/latent_code.py
"""

from __future__ import annotations

import numpy as np

from dcgan.core.shapes import LATENT

Z_SCALE = 2.0**-5
"""Value of one int8 step."""

KINDS = ("normal", "binary")
"""Kinds of latents."""

Z_MAX = 127
"""Largest magnitude in steps; -128 is not used, so that the grid is symmetric."""


def quantise_z(z: np.ndarray) -> np.ndarray:
    """int8 grid points nearest to `z` (any shape): clip(floor(32 z + 1/2), -127, 127)."""
    steps = np.floor(np.asarray(z, dtype=np.float64) / Z_SCALE + 0.5)
    return np.clip(steps, -Z_MAX, Z_MAX).astype(np.int8)


def draw_z(count: int, seed: int | list[int], kind: str = "normal") -> np.ndarray:
    """`count` latents of one kind: int8 [count, 100], the same for the same seed."""
    check_kind(kind)
    generator = np.random.Generator(np.random.PCG64(seed))
    if kind == "binary":
        return quantise_z(generator.choice((-1.0, 1.0), (count, LATENT)))
    return quantise_z(generator.standard_normal((count, LATENT)))


def check_kind(kind: str) -> None:
    """ValueError if there are no latents of this kind."""
    if kind not in KINDS:
        raise ValueError(f"latents must be one of {', '.join(KINDS)}, got {kind!r}")


def kind_of(drawer: object) -> str:
    """The kind of latents that a checkpoint, or a back end made from one, was trained for."""
    return getattr(drawer, "latents", "normal")


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
