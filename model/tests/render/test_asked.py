# SPDX-License-Identifier: Apache-2.0
"""Avatars with asked-for attributes, by the code that a network remembers."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from dcgan.core.latents import draw_z, to_float
from dcgan.render.asked import asked_for, code_of

ABOUT = {
    "attributes": {"shape1": ["1", "2", "3"], "hair": ["long", "short"]},
    "attribute_order": ["shape1", "hair"],
    "attribute_codes": {"shape1": [11, 3, 2], "hair": [1, 1]},
}


def test_latents_code_what_was_asked_for():
    z = draw_z(50, 1)
    asked = asked_for(z, ABOUT, ["hair=short", "shape1=3"], seed=0)
    found = code_of(ABOUT).attributes(torch.from_numpy(to_float(asked)))
    assert (found == torch.tensor([2, 1])).all()
    assert (asked[:, 5:] == z[:, 5:]).all()
    assert asked_for(z, ABOUT, [], seed=0) is z
    assert np.array_equal(asked, asked_for(z, ABOUT, ["shape1=3", "hair=short"], seed=0))


def test_a_network_without_codes_of_its_own_shares_numbers_out_evenly():
    about = {key: ABOUT[key] for key in ("attributes", "attribute_order")}
    assert code_of(about).numbers == ((6, 5, 5), (1, 1))


@pytest.mark.parametrize(
    ("about", "words", "message"),
    [
        ({}, ["hair=long"], "knows no attributes"),
        (ABOUT, ["eyes=blue"], "--attribute eyes=blue: the network has shape1, hair"),
        (ABOUT, ["hair=green"], "--attribute hair=green: hair is one of long, short"),
        (ABOUT, ["hair"], "--attribute hair: hair is one of"),
        (ABOUT, ["hair=long", "hair=short"], "hair is asked for twice"),
        (
            {**ABOUT, "attribute_codes": {"shape1": [2, 2], "hair": [1, 1]}},
            ["hair=long"],
            "damaged",
        ),
        ({**ABOUT, "attribute_codes": {"shape1": 5}}, ["hair=long"], "damaged"),
        ({**ABOUT, "attribute_order": ["nose"]}, ["nose=1"], "damaged"),
    ],
)
def test_what_a_network_does_not_have_is_refused(about, words, message):
    with pytest.raises(ValueError, match=message):
        asked_for(draw_z(2, 0), about, words, 0)
