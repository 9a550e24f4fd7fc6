# SPDX-License-Identifier: Apache-2.0
"""A board as a back end (dcgan.core.renderer)."""

from __future__ import annotations

import numpy as np
from dcgan.core.renderer import Draw, Renderer

from .client import AvatarClient
from .images import network_image
from .links import MODEL, known_network, open_link
from .loading import load

BAUD = 3_000_000


class BoardRenderer(Renderer):
    """The board behind a serial port, or `model:NETWORK`; opened when it first draws.

    `network`, a preset or a file of integers, is loaded into it then; without one it draws with
    what it holds.
    The line carries coded avatars, the same pixels in fewer bytes, if the board can send them.
    A port belongs to one process: of several that draw from it, all but one get a BoardError.
    """

    def __init__(self, port: str, baud: int = BAUD, network: str | None = None):
        drawn_with = network or (port if port.startswith(MODEL) else None)
        super().__init__(known_network(drawn_with).about if drawn_with else None)
        self.port, self.baud, self.network = port, baud, network

    def open(self) -> Draw:
        client = AvatarClient(open_link(self.port, self.baud))
        if self.network:
            load(client, network_image(known_network(self.network)))
        client.code_if_possible()
        return _Opened(client)


class _Opened:
    """What the client draws, and its end."""

    def __init__(self, client: AvatarClient):
        self.client = client

    def __call__(self, z: np.ndarray) -> np.ndarray:
        return self.client.render(z)

    def close(self) -> None:
        self.client.close()
