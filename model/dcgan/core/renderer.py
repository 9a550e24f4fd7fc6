# SPDX-License-Identifier: Apache-2.0
"""What every back end is: a function from latents to pixels that knows its training images."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np


def check_about(about: Any) -> None:
    """ValueError unless `about`, read from a file, says what is known of training images.

    background  a colour in words; palette  a list of them; attributes  name -> list of values
    """
    if not isinstance(about, dict):
        raise ValueError("what it says of its training images must be a JSON object")
    if not isinstance(about.get("background", ""), str):
        raise ValueError(f"the background must be text, got {about['background']!r}")
    attributes = about.get("attributes", {})
    lists = [about.get("palette", []), about.get("attribute_order", [])]
    lists += list(attributes.values()) if isinstance(attributes, dict) else [attributes]
    for words in lists:
        if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
            raise ValueError("palette and attributes must be lists of text")


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
