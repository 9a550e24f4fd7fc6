# SPDX-License-Identifier: Apache-2.0
"""A recipe that trains in a second."""

from __future__ import annotations

from dataclasses import replace

from dcgan.train.recipe import RECIPES

SMALL = replace(
    RECIPES["default"],
    network="tiny",
    batch=4,
    reconstructions=2,
    widths=(4, 8, 8),
    grey_widths=(4, 4, 8),
    pretraining_iterations=3,
    iterations=10,
)
