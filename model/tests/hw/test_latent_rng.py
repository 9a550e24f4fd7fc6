# SPDX-License-Identifier: Apache-2.0
"""The on-chip latents of both kinds: distribution, independence, period; and the line."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from dcgan.hw import latent_rng as rng

DRAWS = 1_000


@pytest.fixture(scope="module")
def latents() -> np.ndarray:
    """int64 [1000, 100]: 10 seeds, 100 latents each."""
    return np.concatenate([rng.draw_latents(seed, DRAWS // 10) for seed in range(10)]).astype(int)


def probability(level: int) -> float:
    """P(|z| = level) for z = floor(32 n + 1/2) clipped to +-127, n normal."""
    low = math.erf(max(level - 0.5, 0) / 32 / math.sqrt(2))
    return (1.0 if level == rng.LEVELS else math.erf((level + 0.5) / 32 / math.sqrt(2))) - low


def test_table_holds_the_exact_distribution_to_one_part_in_2_to_24():
    table = np.array(rng.thresholds())
    steps = np.diff(np.concatenate([[0], table, [2**rng.UNIFORM_BITS]]))
    exact = np.array([probability(m) for m in range(rng.LEVELS + 1)])
    assert (np.diff(table) > 0).all()
    assert np.abs(steps / 2**rng.UNIFORM_BITS - exact).max() <= 2.0**-rng.UNIFORM_BITS


def test_moments_are_those_of_a_normal_number(latents):
    z = latents.ravel() / 32
    n = z.size
    assert abs(z.mean()) < 4 / math.sqrt(n)
    assert abs(z.var() - 1) < 4 * math.sqrt(2 / n)
    assert abs((z**3).mean()) < 4 * math.sqrt(15 / n)
    assert abs((z**4).mean() - 3) < 4 * math.sqrt(96 / n)


def test_every_level_comes_as_often_as_it_should(latents):
    size = np.abs(latents.ravel())
    edges = [0, *range(1, 80, 2), 90, 100, 128]
    seen = np.histogram(size, edges)[0]
    expected = np.array(
        [
            size.size * sum(probability(m) for m in range(low, high) if m <= rng.LEVELS)
            for low, high in pairwise(edges)
        ]
    )
    chi2 = ((seen - expected) ** 2 / expected).sum()
    degrees = len(expected) - 1
    assert chi2 < degrees + 4 * math.sqrt(2 * degrees)


def test_tails_reach_beyond_three_sigma_and_stay_on_the_grid(latents):
    size = np.abs(latents)
    beyond = (size > 96).sum()
    expected = latents.size * sum(probability(m) for m in range(97, rng.LEVELS + 1))
    assert abs(beyond - expected) < 4 * math.sqrt(expected)
    assert 112 < size.max() <= rng.LEVELS


@pytest.mark.parametrize("lag", [1, 2, 3, 50, 100])
def test_neighbours_are_independent(latents, lag):
    z = latents.ravel()
    assert abs(np.corrcoef(z[:-lag], z[lag:])[0, 1]) < 4 / math.sqrt(z.size)
    assert abs(np.corrcoef(np.abs(z[:-lag]), np.abs(z[lag:]))[0, 1]) < 4 / math.sqrt(z.size)


def test_signs_are_fair_coins_and_those_of_neighbours_independent(latents):
    """What the first step of a network with binary latents makes of them."""
    signs = np.where(latents >= 0, 1.0, -1.0)
    zero = probability(0) / 2  # counts as positive
    assert abs(signs.mean() - zero) < 4 / math.sqrt(signs.size)
    for lag in (1, 2, 3, 50, 64, 100):
        s = signs.ravel() - zero
        assert abs((s[:-lag] * s[lag:]).mean()) < 4 / math.sqrt(s.size - lag), lag


def test_latents_lie_on_the_shell_of_radius_ten(latents):
    radius = np.linalg.norm(latents / 32, axis=1)
    assert abs(radius.mean() - math.sqrt(99.5)) < 0.15
    assert 0.6 < radius.std() < 0.8


def test_neighbouring_seeds_give_unrelated_latents():
    first, second = (rng.draw_latents(seed, 50).ravel().astype(int) for seed in (0, 1))
    assert abs(np.corrcoef(first, second)[0, 1]) < 4 / math.sqrt(first.size)


def test_period_is_two_to_the_64_minus_one():
    """The step is linear over GF(2); its order is 2^64-1 and no divisor of it."""

    def times(left: list[int], right: list[int]) -> list[int]:
        return [apply(left, column) for column in right]

    def apply(matrix: list[int], vector: int) -> int:
        result = 0
        while vector:
            low = vector & -vector
            result ^= matrix[low.bit_length() - 1]
            vector ^= low
        return result

    def power(matrix: list[int], exponent: int) -> list[int]:
        result = identity
        while exponent:
            if exponent & 1:
                result = times(matrix, result)
            matrix = times(matrix, matrix)
            exponent >>= 1
        return result

    identity = [1 << bit for bit in range(64)]
    step = [rng.xorshift(column) for column in identity]
    full = 2**64 - 1
    primes = (3, 5, 17, 257, 641, 65537, 6700417)
    assert math.prod(primes) == full
    assert power(step, full) == identity
    assert all(power(step, full // prime) != identity for prime in primes)


def test_the_seed_that_would_freeze_the_generator_does_not():
    assert rng.draw_latents(rng.MIX, 1).any()


@pytest.mark.parametrize("seed", [-1, 2**64])
def test_a_seed_out_of_range_is_refused(seed):
    with pytest.raises(ValueError, match="seed"):
        rng.LatentRng(seed)


def test_line_begins_and_ends_at_its_latents_and_rounds_half_up():
    first, second = rng.draw_latents(3, 2)
    strip = rng.interpolate(first, second, 3)
    assert (strip[0] == first).all() and (strip[-1] == second).all()
    quarter = np.floor((3 * first.astype(float) + second) / 4 + 0.5)
    assert (strip[1] == quarter).all()


@pytest.mark.parametrize("inner", [0, 1, 3, 254])
def test_line_has_inner_points_plus_ends_inside_the_grid(inner):
    ends = np.array([[-127] * 100, [127] * 100], np.int8)
    strip = rng.interpolate(*ends, inner)
    assert strip.shape == (inner + 2, 100) and (np.diff(strip.astype(int), axis=0) >= 0).all()


def test_a_line_of_too_many_points_is_refused():
    with pytest.raises(ValueError, match="inner"):
        rng.interpolate(np.zeros(100, np.int8), np.zeros(100, np.int8), 255)
