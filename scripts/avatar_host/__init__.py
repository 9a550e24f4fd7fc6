# SPDX-License-Identifier: Apache-2.0
"""Talk to an avatar board: over a serial port, to a simulation behind a pseudo-terminal, or to a
model in this process.  The packet protocol is described in rtl/board/README.md."""

from __future__ import annotations

from .answers import Avatar, Info, Summary
from .client import AvatarClient, BoardError
from .links import MemoryLink, open_link

__all__ = [
    "Avatar",
    "AvatarClient",
    "BoardError",
    "Info",
    "MemoryLink",
    "Summary",
    "open_link",
]
