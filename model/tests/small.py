# SPDX-License-Identifier: Apache-2.0
"""A recipe that trains in a second."""

from __future__ import annotations

from dataclasses import replace

from dcgan.recipe import RECIPES

SMALL = replace(
    RECIPES["default"],
    network="tiny",
    batch=4,
    anchors=2,
    widths=(4, 8, 8),
    grey_widths=(4, 4, 8),
    calibration=32,
    start_iterations=3,
    iterations=10,
)
