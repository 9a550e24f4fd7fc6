# SPDX-License-Identifier: Apache-2.0
"""The scalar functions against their written definitions, in exact rational arithmetic."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from dcgan.quant.fixed_point import build_tanh_table, pixels_from_tanh, requantise_relu, tanh_index
from dcgan.quant.ptq_layer import QuantOptions
from hypothesis import given
from hypothesis import strategies as st

ACCUMULATORS = st.integers(-(2**40), 2**40)  # wider than 32 bits: the model never wraps
SHIFTS = st.integers(1, 20)


def rounded(acc: int, shift: int) -> int:
    return math.floor(Fraction(acc, 2**shift) + Fraction(1, 2))


@given(ACCUMULATORS, SHIFTS, st.sampled_from([127, 255]))
def test_requantise_relu_is_its_definition(acc, shift, top):
    assert requantise_relu(np.array(acc), shift, top) == min(max(rounded(acc, shift), 0), top)


@given(ACCUMULATORS, SHIFTS, st.integers(4, 12))
def test_tanh_index_is_its_definition(acc, shift, bits):
    half = 2 ** (bits - 1)
    expected = min(max(rounded(acc, shift), -half), half - 1) + half
    assert tanh_index(np.array(acc), shift, bits) == expected


@pytest.mark.parametrize("shift", [1, 2, 5])
def test_every_small_accumulator_rounds_ties_upwards(shift):
    accs = np.arange(-1024, 1025)
    expected = [min(max(rounded(int(a), shift), 0), 255) for a in accs]
    assert requantise_relu(accs, shift, 255).tolist() == expected


def test_a_shift_of_zero_is_refused():
    with pytest.raises(ValueError, match="at least 1"):
        requantise_relu(np.array([1]), 0, 255)


@pytest.mark.parametrize("bits", [10, 11, 12])
def test_the_tanh_table_is_within_one_step_of_tanh_everywhere(bits):
    table = build_tanh_table(bits)
    half = 2 ** (bits - 1)
    x = np.linspace(-8, 8, 200_001)  # twice the range of the table: saturation counts too
    index = np.clip(np.floor(x * half / 4 + 0.5), -half, half - 1).astype(int) + half
    error = table[index].astype(int) - pixels_from_tanh(np.tanh(x)).astype(int)
    assert np.abs(error).max() <= 1
    assert table[0] == 0
    assert table[-1] == 255
    assert table[half] == 128
    assert np.all(np.diff(table.astype(int)) >= 0)


@pytest.mark.parametrize("levels", [2, 3, 16, 17, 255, 256])
def test_a_table_of_levels_has_the_nearest_one_everywhere(levels):
    every = np.floor(np.arange(levels) * 255 / (levels - 1) + 0.5)
    table = build_tanh_table(11, levels)
    exact = 127.5 * (np.tanh((np.arange(2048) - 1024) / 256) + 1)
    assert set(np.unique(table)) == set(every)
    assert np.abs(table - exact).max() <= 255 / (levels - 1) / 2 + 0.5
    assert np.all(np.diff(table.astype(int)) >= 0)


def test_levels_out_of_range_are_refused():
    for levels in (1, 257):
        with pytest.raises(ValueError, match="2 to 256 levels"):
            QuantOptions(levels=levels)


def test_sixteen_levels_are_nibbles_twice():
    table = build_tanh_table(11, 16)
    assert (table >> 4 == table & 15).all()
    assert np.array_equal(table, (build_tanh_table(11) / 17 + 0.5).astype(np.uint8) * 17)


@pytest.mark.parametrize("step", range(255))
def test_a_pixel_changes_at_half_a_step_exactly(step):
    """Nearer than single precision could tell."""
    edge, near = (step + 0.5) / 127.5 - 1, 1e-10
    assert pixels_from_tanh(np.array([edge - near, edge + near])).tolist() == [step, step + 1]


def test_values_beyond_tanh_saturate():
    """By a hair, by half a step and by far: a pixel never wraps from white to black."""
    assert pixels_from_tanh(np.array([-1.001, -1.01, -3])).tolist() == [0, 0, 0]
    assert pixels_from_tanh(np.array([1.001, 1.01, 3])).tolist() == [255, 255, 255]
