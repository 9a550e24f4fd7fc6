# SPDX-License-Identifier: Apache-2.0
"""A short soak draws right pictures with every pair of stalls; wrong references are noticed."""

from __future__ import annotations

import pytest
from dcgan.quant.golden import GoldenGenerator

from tb.evidence.soak import campaign, page
from tb.lib.network import exported


@pytest.fixture(scope="module")
def short(tmp_path_factory):
    """Every pair of stalls once, two avatars each."""
    folder = tmp_path_factory.mktemp("soak")
    return folder, campaign.soak(len(campaign.PAIRS), print, "tiny", 2, folder)


def test_every_pair_of_stalls_draws_right_pictures(short):
    _, result = short
    seeds = result["seeds"].values()
    assert {tuple(one["stalls"]) for one in seeds} == set(campaign.PAIRS)
    assert [one["wrong"] for one in seeds] == [0] * len(campaign.PAIRS)
    assert page.figure(result) == 2 * len(campaign.PAIRS)


def test_stalls_cost_cycles(short):
    cycles = {tuple(one["stalls"]): one["cycles"] for one in short[1]["seeds"].values()}
    assert cycles[0, 2] > cycles[0, 1] > cycles[0, 0]
    assert cycles[2, 0] > cycles[0, 0]


def test_a_soak_goes_on_where_it_ended(short):
    folder, result = short

    def never(z):
        raise AssertionError("everything was there")

    again = campaign.soak(len(campaign.PAIRS), print, "tiny", 2, folder, golden=never)
    assert again["seeds"].keys() == result["seeds"].keys()


def test_a_wrong_reference_is_noticed(tmp_path):
    def wrong(z):
        pixels = GoldenGenerator(exported("tiny").integers).rgb(z)
        pixels[-1, 2, 31, 31] ^= 1
        return pixels

    result = campaign.soak(1, print, "tiny", 2, tmp_path, golden=wrong)
    assert result["seeds"]["1"]["wrong"] == 1
    assert page.figure(result) == 0


def test_what_is_stale_or_not_whole_is_not_counted(short):
    _, result = short
    assert page.figure({**result, "key": "0"}) is None
    assert page.figure({**result, "count": 99}) is None
    assert page.figure(None) is None
    assert "stale" in page.section({**result, "key": "0"})
