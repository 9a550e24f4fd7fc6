# SPDX-License-Identifier: Apache-2.0
"""The model tests use one thread: small tensors gain nothing from more, and results stay equal."""

from __future__ import annotations

import pytest
import torch

torch.set_num_threads(1)


def pytest_configure() -> None:
    """Assertions are what tests consist of."""
    if not __debug__:
        raise pytest.UsageError("tests without assertions prove nothing: unset PYTHONOPTIMIZE")
