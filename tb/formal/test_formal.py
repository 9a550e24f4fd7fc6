# SPDX-License-Identifier: Apache-2.0
"""Every property of every harness holds, is about something, and notices a bug."""

from __future__ import annotations

import pytest

from tb.formal.harness import Harness, harnesses
from tb.formal.prove import break_it, prove, reach

EVERY = pytest.mark.parametrize("harness", harnesses(), ids=lambda harness: harness.name)

LONG = {"arith_mult_pair", "board_control", "board_loader", "board_request", "uart_loop"}
"""Harnesses whose bugs take half a minute; `make evidence` tries them all."""
BUGS = [
    pytest.param(harness, marks=pytest.mark.slow) if harness.name in LONG else harness
    for harness in harnesses()
]


@EVERY
def test_properties_hold(harness: Harness) -> None:
    assert prove(harness) == []


@EVERY
def test_what_a_property_is_about_happens(harness: Harness) -> None:
    assert reach(harness) == []


@pytest.mark.parametrize("harness", BUGS, ids=lambda harness: harness.name)
def test_each_property_notices_its_bug(harness: Harness) -> None:
    assert break_it(harness) == []
