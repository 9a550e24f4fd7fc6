# SPDX-License-Identifier: Apache-2.0
"""Attribute codes in latents: every value occurs, nearly evenly, in entries of its own."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from dcgan.core.latents import draw_z, to_float
from dcgan.data.labels import SIZES
from dcgan.data.latent_code import bits_of, coded_attributes
from hypothesis import given
from hypothesis import strategies as st


@given(st.lists(st.integers(1, 40), min_size=1, max_size=8))
def test_every_value_is_coded_and_none_much_more_than_another(sizes):
    for size in sizes:
        codes = np.arange(1 << bits_of(size))
        signs = 1 - 2 * ((codes[:, None] >> np.arange(100)) & 1 == 0)
        z = torch.from_numpy(signs.astype(np.float32))
        counts = np.bincount(coded_attributes(z, (size,))[:, 0], minlength=size)
        assert len(counts) == size
        assert counts.min() > 0
        assert counts.max() <= 1.25 * counts.min()


def test_attributes_are_coded_by_entries_of_their_own():
    z = torch.from_numpy(to_float(draw_z(4000, 1)))
    labels = coded_attributes(z, SIZES)
    assert torch.equal(labels, coded_attributes(3.9 * z, SIZES))  # by sign alone
    first = bits_of(SIZES[0])
    changed = z.clone()
    changed[:, :first] *= -1
    assert torch.equal(coded_attributes(changed, SIZES)[:, 1:], labels[:, 1:])
    assert (coded_attributes(changed, SIZES)[:, 0] != labels[:, 0]).any()
    for column, size in zip(labels.T, SIZES, strict=True):
        shares = np.bincount(column, minlength=size) / len(z)
        assert np.abs(shares - 1 / size).max() < 0.06


def test_too_many_labels_are_refused():
    with pytest.raises(ValueError, match="labels of 120 bits do not fit into 100 entries"):
        coded_attributes(torch.zeros(1, 100), (200,) * 12)
