# SPDX-License-Identifier: Apache-2.0
"""What several tests of training need: the small recipe as a file, and the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import train
from dcgan.train.recipe_file import to_toml
from small import SMALL


@pytest.fixture
def small_toml(tmp_path) -> Path:
    path = tmp_path / "small.toml"
    path.write_text(to_toml(SMALL))
    return path


@pytest.fixture
def run_train() -> Callable[..., int]:
    """`model/train.py` on one thread; returns the exit status."""
    return lambda *words: train.main(["--threads", "1", *map(str, words)])
