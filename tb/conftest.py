"""Every test that asks for `simulator` runs once on each simulator that $SIM chooses."""

from __future__ import annotations

import os

import pytest
from lib.tools import SIMULATORS, chosen_simulators, missing

# Whole boards and whole video frames: minutes each on Icarus, seconds on Verilator. Their parts are
# tested on both; `make test-slow` runs these on Icarus as well.
SLOW_ON_ICARUS = ("test_board_core", "test_board_ulx3s", "test_video_dvi", "test_video_wall")


def pytest_configure() -> None:
    """One line, at once, for a simulator that $SIM names and that cannot be used."""
    try:
        chosen_simulators()
    except (RuntimeError, ValueError) as error:
        raise pytest.UsageError(str(error)) from None


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Parametrise over simulators."""
    if "simulator" in metafunc.fixturenames:
        slow = metafunc.function.__name__ in SLOW_ON_ICARUS
        metafunc.parametrize(
            "simulator",
            [
                pytest.param(name, marks=pytest.mark.slow if slow and name == "icarus" else ())
                for name in chosen_simulators()
            ],
        )


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say which simulator no test has run on, because it is not installed."""
    for simulator in () if os.environ.get("SIM") else SIMULATORS:
        if problem := missing(simulator):
            terminalreporter.write_line(f"NOT RUN on {simulator}: {problem}", red=True)
