# SPDX-License-Identifier: Apache-2.0
"""Every test that asks for `simulator` runs once on each simulator that $SIM chooses."""

from __future__ import annotations

import os

import pytest

from tb.lib.tools import SIMULATORS, chosen_simulators, missing

# Boards and video simulate long stretches of time: minutes on Icarus, seconds on Verilator.
# `make test-slow` runs them on Icarus as well.
SLOW_ON_ICARUS = ("board_", "video_")


def pytest_configure() -> None:
    """One line, at once, for a simulator that $SIM names and that cannot be used."""
    if not __debug__:
        raise pytest.UsageError("tests without assertions prove nothing: unset PYTHONOPTIMIZE")
    try:
        chosen_simulators()
    except (RuntimeError, ValueError) as error:
        raise pytest.UsageError(str(error)) from None


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Parametrise over simulators."""
    if "simulator" in metafunc.fixturenames:
        metafunc.parametrize("simulator", chosen_simulators())


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what takes too long on Icarus, before pytest leaves out the slow tests."""
    for item in items:
        values = item.callspec.params if hasattr(item, "callspec") else {}
        folder = item.path.parent.name
        if values.get("simulator") == "icarus" and folder.startswith(SLOW_ON_ICARUS):
            item.add_marker(pytest.mark.slow)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say which simulator no test has run on, because it is not installed."""
    for simulator in () if os.environ.get("SIM") else SIMULATORS:
        if problem := missing(simulator):
            terminalreporter.write_line(f"NOT RUN on {simulator}: {problem}", red=True)
