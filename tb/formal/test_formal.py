# SPDX-License-Identifier: Apache-2.0
"""Every property of every harness holds, is about something, and notices a bug."""

from __future__ import annotations

import pytest

from tb.formal.harness import Harness, harnesses
from tb.formal.prove import break_it, prove, reach

EVERY = pytest.mark.parametrize("harness", harnesses(), ids=lambda harness: harness.name)


@EVERY
def test_properties_hold(harness: Harness) -> None:
    assert prove(harness) == []


@EVERY
def test_what_a_property_is_about_happens(harness: Harness) -> None:
    assert reach(harness) == []


@EVERY
def test_each_property_notices_its_bug(harness: Harness) -> None:
    assert break_it(harness) == []
