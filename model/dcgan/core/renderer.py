# SPDX-License-Identifier: Apache-2.0
"""What every back end is: a function from latents to pixels."""

from __future__ import annotations

from typing import Protocol

import numpy as np


class Renderer(Protocol):
    """The float network, the golden integers, simulated hardware or a board."""

    def __call__(self, z: np.ndarray) -> np.ndarray:
        """z ~ N(0, I) on the grid, int8 [N, 100] -> pixels uint8 [N, 3, 32, 32], planes R, G, B."""
        ...
