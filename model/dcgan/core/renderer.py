# SPDX-License-Identifier: Apache-2.0
"""What every back end is: a function from latents to pixels that knows its training images."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Renderer:
    """The float network, the golden integers, simulated hardware or a board.

    `about` is what is known of the training images (`Checkpoint.about`).
    """

    pixels: Callable[[np.ndarray], np.ndarray]
    about: dict[str, Any] = field(default_factory=dict)

    def __call__(self, z: np.ndarray) -> np.ndarray:
        """z ~ N(0, I) on the grid, int8 [N, 100] -> pixels uint8 [N, 3, 32, 32], planes R, G, B."""
        return self.pixels(z)
