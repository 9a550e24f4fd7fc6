# SPDX-License-Identifier: Apache-2.0
"""What every back end is: a function from latents to pixels that knows its training images."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Any, Self

import numpy as np

from dcgan.core.shapes import LATENT

Draw = Callable[[np.ndarray], np.ndarray]
"""int8 [N, 100] -> uint8 [N, 3, 32, 32]; it may have a method `close()`."""


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


class Renderer(ABC):
    """The float network, the golden integers, simulated hardware or a board.

    `about` is what is known of the training images (`Checkpoint.about`).

    A renderer is opened when it first draws, once in each process that draws with it, and can be
    pickled: workers of a `DataLoader` get what it opens from, and open it for themselves, however
    they were started. `close()`, or the end of a `with` block, frees what was opened; a renderer
    that was closed opens again when it draws again.
    """

    def __init__(self, about: Mapping[str, Any] | None = None):
        self.about = dict(about or {})
        self._opened: Draw | None = None
        self._process = 0

    @abstractmethod
    def open(self) -> Draw:
        """What draws in this process."""

    def __call__(self, z: np.ndarray) -> np.ndarray:
        """z ~ N(0, I) on the grid, int8 [N, 100] -> pixels uint8 [N, 3, 32, 32], planes R, G, B.

        ValueError for latents of another kind or shape.
        """
        if z.ndim != 2 or z.shape[1] != LATENT or z.dtype != np.int8:
            raise ValueError(f"latents are int8 [N, {LATENT}], not {z.dtype} {list(z.shape)}")
        if self._opened is None or self._process != os.getpid():
            self._opened, self._process = None, os.getpid()  # let go of what a fork inherited
            self._opened = self.open()
        return self._opened(z)

    def close(self) -> None:
        """Free what this process has opened."""
        opened, self._opened = self._opened, None
        if opened is not None and self._process == os.getpid() and hasattr(opened, "close"):
            opened.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __getstate__(self) -> dict[str, Any]:
        return self.__dict__ | {"_opened": None}
