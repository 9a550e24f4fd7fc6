# SPDX-License-Identifier: Apache-2.0
"""Feature maps as the beats that layers exchange, and back.

A beat carries one channel, or two, of the pixels that a producer finishes together: rows x cols
neighbours (1 or 2 each), tagged with their top left pixel as (row + 1, col + 1) and with the first
channel. Two at a time, the corner starts at -1: what lies outside the map means nothing, and is
random here so that nobody uses it.

    layout = Layout(channels=8, side=16, rows=2, cols=2, width=8)
    source.enqueue(layout.beats(act))                         act [C, H, W]
    got = layout.map_of(await sink.receive(layout.count), "layer 3, plane R")
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from tb.lib.scoreboard import lanes, pack, seed_note

FIELDS = ("data", "row", "col", "channel")
"""Payload of a beat, in the order of StreamSource and StreamSink."""


@dataclass(frozen=True)
class Layout:
    """The shape of a map, and of the group of pixels that travels in one beat."""

    channels: int
    side: int
    rows: int = 1
    cols: int = 1
    width: int = 8
    is_signed: bool = False
    beat: int = 1

    @property
    def tags(self) -> Iterator[tuple[int, int, int]]:
        """(row + 1, col + 1, channel) of every beat, in the one order that is right."""
        for row in _corners(self.side, self.rows):
            for col in _corners(self.side, self.cols):
                for channel in range(0, self.channels, self.beat):
                    yield row, col, channel

    @property
    def count(self) -> int:
        """Beats of one map."""
        across = len(_corners(self.side, self.rows)) * len(_corners(self.side, self.cols))
        return across * self.channels // self.beat

    def beats(self, values: np.ndarray) -> list[tuple[int, ...]]:
        """Beats (data, row, col, channel) of a map [C, H, W]."""
        assert values.shape == (self.channels, self.side, self.side), values.shape
        result = []
        for row, col, channel in self.tags:
            together = [
                int(values[c, y, x]) if inside else random.getrandbits(self.width)
                for c in range(channel, channel + self.beat)
                for y, x, inside in self._pixels(row, col)
            ]
            result.append((pack(together, self.width), row, col, channel))
        return result

    def map_of(self, beats: Sequence[tuple[int, ...]], what: str) -> np.ndarray:
        """The map [C, H, W] that arrived as `beats`; AssertionError if one is out of order."""
        assert len(beats) == self.count, f"{what}: expected {self.count} beats, got {len(beats)}"
        values = np.zeros((self.channels, self.side, self.side), dtype=np.int64)
        for index, (beat, tag) in enumerate(zip(beats, self.tags, strict=True)):
            data, row, col, channel = beat
            assert (row, col, channel) == tag, (
                f"{what}, beat {index}: expected (row + 1, col + 1, channel) {tag}, "
                f"got {(row, col, channel)}   ({seed_note()})"
            )
            count = self.rows * self.cols
            together = lanes(data, count * self.beat, self.width, is_signed=self.is_signed)
            for number, value in enumerate(together):
                y, x, inside = list(self._pixels(row, col))[number % count]
                if inside:
                    values[channel + number // count, y, x] = value
        return values

    def _pixels(self, row: int, col: int) -> Iterator[tuple[int, int, bool]]:
        """(y, x, whether it is on the map) of every phase of a beat."""
        for y in range(row - 1, row - 1 + self.rows):
            for x in range(col - 1, col - 1 + self.cols):
                yield y, x, 0 <= y < self.side and 0 <= x < self.side


def _corners(side: int, parallel: int) -> range:
    """Corner + 1 of every group along one axis."""
    return range(0, side + 1, 2) if parallel == 2 else range(1, side + 1)
