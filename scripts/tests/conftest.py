# SPDX-License-Identifier: Apache-2.0
"""The tests of the command lines need assertions, as all tests do."""

from __future__ import annotations

import pytest


def pytest_configure() -> None:
    """Assertions are what tests consist of."""
    if not __debug__:
        raise pytest.UsageError("tests without assertions prove nothing: unset PYTHONOPTIMIZE")


@pytest.fixture(autouse=True)
def a_shell_of_its_own(monkeypatch) -> None:
    """`make test` hands its own choices down to every program; a user's shell has none of them."""
    for name in ("SIM", "MAKEFLAGS", "MFLAGS", "MAKELEVEL"):
        monkeypatch.delenv(name, raising=False)
