# SPDX-License-Identifier: Apache-2.0
"""A DVI receiver in Python: TMDS symbols to bytes (DVI 1.0, section 3.3), symbols to frames.

And what it has to see: the wall of avatars.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

CONTROL_SYMBOLS = (0b1101010100, 0b0010101011, 0b0101010100, 0b1010101011)
COLUMNS, LINES = 800, 525
HSYNC_START, HSYNC_END = 656, 752
VSYNC_START, VSYNC_END = 490, 492


SIDE = 32


def six_bits(image: np.ndarray) -> np.ndarray:
    """What the wall keeps of a colour: six bits, spread over eight again."""
    return (image & 0xFC) | image >> 6


def expected_wall(
    avatars: np.ndarray, scale: int, width: int = 640, height: int = 480
) -> np.ndarray:
    """The screen [height, width, 3] after avatars [N, 32, 32, 3] arrived in order, enlarged."""
    size = SIDE * scale
    columns, rows = width // size, height // size
    screen = np.zeros((height, width, 3), np.uint8)
    for index, avatar in enumerate(avatars):  # where the wall is full the oldest is replaced
        row, column = divmod(index % (columns * rows), columns)
        large = six_bits(avatar).repeat(scale, 0).repeat(scale, 1)
        screen[row * size : (row + 1) * size, column * size : (column + 1) * size] = large
    return screen


def ones(symbol: int) -> int:
    return symbol.bit_count()


def transitions(symbol: int) -> int:
    """Level changes inside ten bits sent low bit first."""
    width = 10 if symbol > 0xFF else 8
    return ((symbol ^ symbol >> 1) & ((1 << (width - 1)) - 1)).bit_count()


def decode_symbol(symbol: int) -> int:
    """The byte of a picture symbol."""
    bits = symbol & 0xFF ^ (0xFF if symbol & 0x200 else 0)
    chained = bits ^ (bits << 1) & 0xFF
    return chained ^ (0 if symbol & 0x100 else 0xFE)


def decode_table() -> np.ndarray:
    """int [1024]: byte of each symbol, -1 - control for control symbols."""
    table = np.array([decode_symbol(symbol) for symbol in range(1024)])
    for control, symbol in enumerate(CONTROL_SYMBOLS):
        table[symbol] = -1 - control
    return table


def decode_frame(symbols: Iterable[tuple[int, int, int]]) -> np.ndarray:
    """One frame of (blue, green, red) symbols from its first pixel -> uint8 [480, 640, 3].

    AssertionError if picture, blanking or syncs are not where 640 x 480 has them.
    """
    words = np.array(list(symbols)).reshape(LINES, COLUMNS, 3)
    values = decode_table()[words]
    active = np.zeros((LINES, COLUMNS), bool)
    active[:480, :640] = True
    for channel in range(3):
        assert ((values[..., channel] >= 0) == active).all(), f"blanking of channel {channel}"
    control = -1 - values[..., 0]
    x, y = np.arange(COLUMNS), np.arange(LINES)[:, None]
    hsync = ~((x >= HSYNC_START) & (x < HSYNC_END))
    vsync = ~((y >= VSYNC_START) & (y < VSYNC_END))
    wanted = hsync.astype(int) + 2 * vsync.astype(int)
    assert (control[~active] == wanted[~active]).all(), "syncs"
    assert (values[..., 1:][~active] == -1).all(), "green and red carry control 0"
    return values[:480, :640, ::-1].astype(np.uint8)
