# SPDX-License-Identifier: Apache-2.0
"""Attribute codes in latents: every value occurs, as often as it should, in entries of its own."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from dcgan.core.latents import draw_z, to_float
from dcgan.data.labels import SIZES
from dcgan.data.latent_code import LatentCode, bits_of
from hypothesis import given
from hypothesis import strategies as st


def every_number(bits: int) -> torch.Tensor:
    """Latents [2^bits, 100] that count up in their first entries."""
    numbers = np.arange(1 << bits)
    return torch.from_numpy(((numbers[:, None] >> np.arange(100)) & 1) * 2.0 - 1)


@given(st.lists(st.integers(1, 40), min_size=1, max_size=8))
def test_every_value_is_coded_and_none_much_more_than_another(sizes):
    for size in sizes:
        code = LatentCode.even([size])
        found = code.attributes(every_number(code.entries))[:, 0]
        floor = (np.arange(1 << code.entries) * size) >> code.entries
        assert found.tolist() == floor.tolist()
        counts = np.bincount(found)
        assert len(counts) == size and counts.min() > 0
        assert counts.max() <= 1.25 * counts.min()


@given(st.lists(st.integers(1, 400), min_size=2, max_size=40))
def test_frequencies_are_coded_as_they_are_where_they_are_uneven(counts):
    code = LatentCode.as_often([counts])
    found = code.attributes(every_number(code.entries))[:, 0]
    numbers = np.bincount(found, minlength=len(counts))
    assert numbers.tolist() == list(code.numbers[0])
    assert numbers.min() >= 1
    if code != LatentCode.even([len(counts)]):
        wanted = np.array(counts) / sum(counts)
        assert np.abs(numbers / numbers.sum() - wanted).max() < 0.26


def test_chance_differences_are_coded_evenly_and_real_ones_are_not():
    assert LatentCode.as_often([(90, 89, 96)]) == LatentCode.even([3])
    uneven = LatentCode.as_often([(200, 50, 25)]).numbers[0]
    assert uneven == (11, 3, 2)  # of 16: 11.6, 2.9, 1.5


def test_attributes_are_coded_by_entries_of_their_own():
    code = LatentCode.even(SIZES)
    z = torch.from_numpy(to_float(draw_z(4000, 1)))
    labels = code.attributes(z)
    assert torch.equal(labels, code.attributes(3.9 * z))  # by sign alone
    first = bits_of(SIZES[0])
    changed = z.clone()
    changed[:, :first] *= -1
    assert torch.equal(code.attributes(changed)[:, 1:], labels[:, 1:])
    assert (code.attributes(changed)[:, 0] != labels[:, 0]).any()
    for column, size in zip(labels.T, SIZES, strict=True):
        shares = np.bincount(column, minlength=size) / len(z)
        assert np.abs(shares - 1 / size).max() < 0.06


@given(st.integers(0, 11), st.integers(0, 9), st.integers(0, 1000))
def test_a_latent_asks_for_the_values_it_is_told_to(style, outfit, seed):
    code = LatentCode.even(SIZES)
    z = draw_z(20, seed)
    asked = code.asking_for(z, {0: style, 5: outfit}, seed)
    before, after = (code.attributes(torch.from_numpy(to_float(x))) for x in (z, asked))
    assert (after[:, 0] == style).all() and (after[:, 5] == outfit).all()
    others = [1, 2, 3, 4, 6]
    assert torch.equal(after[:, others], before[:, others])
    assert (np.abs(asked) == np.maximum(np.abs(z), asked == -1)).all()  # only signs, and zeros


def test_what_is_no_code_is_refused():
    with pytest.raises(ValueError, match="labels of 120 bits do not fit into 100 entries"):
        LatentCode.even((200,) * 12)
    with pytest.raises(ValueError, match=r"in all 2\^k: \[3, 2\]"):
        LatentCode(((3, 2),))
    with pytest.raises(ValueError, match=r"in all 2\^k: \[4, 0\]"):
        LatentCode(((4, 0),))
