# SPDX-License-Identifier: Apache-2.0
"""What tells networks apart on a chip, and the fewest levels that a sample may have."""

from __future__ import annotations

from dataclasses import replace

import pytest
from dcgan.core.shapes import preset
from dcgan.quant.fixed_point import build_tanh_table
from dcgan.quant.random_network import random_integer


@pytest.fixture(scope="module")
def tiny():
    return random_integer(preset("tiny"), seed=5)


def test_two_levels_are_the_fewest(tiny):
    assert replace(tiny, tanh_table=build_tanh_table(11, 2), metadata={"levels": 2}).levels == 2


@pytest.mark.parametrize(
    "change",
    [
        lambda ig: {"shifts": (*ig.shifts[:3], ig.shifts[3] + 1)},
        lambda ig: {"activation_max": ig.activation_max - 1},
        lambda ig: {"metadata": {"latents": "binary"}},
        lambda ig: {"v1": ig.v1[::-1].copy()},
    ],
)
def test_a_change_of_any_number_changes_the_identity(tiny, change):
    assert replace(tiny, **change(tiny)).identity != tiny.identity


def test_an_identity_uses_all_of_its_32_bits():
    identities = [random_integer(preset("tiny"), seed).identity for seed in range(8)]
    assert min(identities) < 2**31 <= max(identities) < 2**32
