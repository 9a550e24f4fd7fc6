"""Every test that asks for `simulator` runs once on each simulator that $SIM chooses."""

from __future__ import annotations

import pytest
from lib.tools import chosen_simulators


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Parametrise over simulators; a missing one is an error, not a skip."""
    if "simulator" in metafunc.fixturenames:
        try:
            metafunc.parametrize("simulator", chosen_simulators())
        except (RuntimeError, ValueError) as error:
            raise pytest.UsageError(str(error)) from None
