# SPDX-License-Identifier: Apache-2.0
"""A board as a back end (dcgan.core.renderer)."""

from __future__ import annotations

import numpy as np
from dcgan.core.renderer import Draw, Renderer

from .client import AvatarClient
from .links import MODEL, known_network, open_link

BAUD = 3_000_000


class BoardRenderer(Renderer):
    """The board behind a serial port, or `model:NETWORK`; opened when it first draws.

    A port belongs to one process: of several that draw from it, all but one get a BoardError.
    """

    def __init__(self, port: str, baud: int = BAUD):
        super().__init__(known_network(port).about if port.startswith(MODEL) else None)
        self.port, self.baud = port, baud

    def open(self) -> Draw:
        return _Opened(AvatarClient(open_link(self.port, self.baud)))


class _Opened:
    """What the client draws, and its end."""

    def __init__(self, client: AvatarClient):
        self.client = client

    def __call__(self, z: np.ndarray) -> np.ndarray:
        return self.client.render(z)

    def close(self) -> None:
        self.client.close()
