# SPDX-License-Identifier: Apache-2.0
"""Appendix 7.1 in figures: latents live on a shell, and v moves the colour roles off each other.

Latents are z ~ N(0, I) in d dimensions. The red plane is drawn from z, the green one from z + v:
inputs of the R role follow N(0, I), those of the G role N(v, I). Closed forms:

    |z|^2            ~ chi^2_d              mean d, so |z| is close to sqrt(d), spread 1 / sqrt(2)
    |z - v|^2        ~ chi^2_d(|v|^2)       mean d + |v|^2
    Bayes error      = Phi(-|v| / 2)        of telling the role from one input, for any d
    P(z' + v1 = z'') = prod_k sum_m p(m) p(m - n_k)     on the int8 grid, n = 32 v, p of N(0, 1)
                     ~ (32 * 2 sqrt(pi))^-d  exp(-|v|^2 / 4)
"""

from __future__ import annotations

import math

import numpy as np

from dcgan.core.latents import Z_MAX, Z_SCALE


def mean_norm(dimension: int, length: float = 0.0) -> float:
    """sqrt(d + |v|^2): root of the mean squared norm of z - v."""
    return math.sqrt(dimension + length**2)


def norm_spread(dimension: int, length: float = 0.0) -> float:
    """Standard deviation of |z - v| to first order: sqrt(2 d + 4 |v|^2) / (2 sqrt(d + |v|^2))."""
    return math.sqrt(2 * dimension + 4 * length**2) / (2 * mean_norm(dimension, length))


def bayes_error(length: float) -> float:
    """Phi(-|v| / 2): how often the best judge mistakes a G-role input for an R-role one."""
    return 0.5 * math.erfc(length / (2 * math.sqrt(2)))


def grid_probabilities() -> np.ndarray:
    """p(m) of a latent entry being m steps of 1/32, m = -127..127: [255], sums to 1."""
    edges = (np.arange(-Z_MAX, Z_MAX + 2) - 0.5) * Z_SCALE
    edges[0], edges[-1] = -np.inf, np.inf
    cdf = np.array([0.5 * math.erfc(-x / math.sqrt(2)) for x in edges])
    return np.diff(cdf)


def log10_collision(steps: np.ndarray) -> float:
    """log10 P(z' + v = z'') for independent z', z'' on the grid and v = ``steps`` / 32, int [d].

    z + v is not saturated again, so every entry is exact. -inf if v moves the grid off itself.
    """
    p = grid_probabilities()
    total = 0.0
    for n in np.abs(np.asarray(steps, dtype=np.int64)):
        if n >= len(p):
            return -math.inf
        total += math.log10(float(np.dot(p[n:], p[: len(p) - n])))
    return total


def log10_collision_closed(dimension: int, length: float) -> float:
    """The smooth approximation of ``log10_collision`` in the module's header."""
    return -dimension * math.log10(2 * math.sqrt(math.pi) / Z_SCALE) - length**2 / 4 / math.log(10)


def sampled(dimension: int, length: float, count: int, seed: int) -> dict[str, float]:
    """The same quantities measured on ``count`` samples, to check the closed forms."""
    random = np.random.Generator(np.random.PCG64([seed, dimension, round(1000 * length)]))
    z = random.standard_normal((count, dimension))
    v = random.standard_normal(dimension)
    v *= length / np.linalg.norm(v)
    moved = np.linalg.norm(z - v, axis=1)
    # The best judge projects on v and cuts halfway.
    mistaken = float(np.mean((z + v) @ v < length**2 / 2)) if length else 0.5
    shell = np.quantile(np.linalg.norm(z, axis=1), [0.0005, 0.9995])
    return {
        "norm": float(moved.mean()),
        "norm_spread": float(moved.std()),
        "bayes_error": mistaken,
        "on_the_shell": float(np.mean((moved >= shell[0]) & (moved <= shell[1]))),
    }
