# SPDX-License-Identifier: Apache-2.0
"""The code of an avatar, without loss: the one reference of rtl/board/board_coder.sv.

Samples R G B of pixel after pixel, row by row. W, N, NW are the samples of the same plane to the
left, above, and above that one; in the first row N = NW = W, in the first column W = NW = N, and
all three are 0 at the first pixel.

    prediction  median of W, N, W + N - NW
    residual    sample - prediction modulo the scale; z numbers 0 -1 1 -2 2 ... as 0 1 2 3 4 ...
    activity    |W - NW| + |N - NW| + 2 |residual of the sample before, of whatever plane|
    k           how many of the scale's steps the activity has reached
    word        z >> k zeros, a one, the k low bits of z; instead of 7 zeros or more: 7 zeros, a
                one, all bits of z

Two scales: COARSE, four bits, while both nibbles of every sample are the same, as sixteen levels
have it. Before the first sample of another kind stand eight zeros, and from there on the scale is
FINE, eight bits. Words fill bytes from the top, zeros fill the last byte.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from functools import cache

import numpy as np

SIDE, PLANES = 32, 3
ROW = PLANES * SIDE
SAMPLES = ROW * SIDE
MOST_ZEROS = 7
ESCAPE_BITS = MOST_ZEROS + 1
WINDOW = 16
"""Bits of the longest word."""
SHORTEST = SAMPLES // 8
LONGEST = (SAMPLES * WINDOW + ESCAPE_BITS) // 8
"""Bytes of a code: at least a bit a sample, at most the longest word."""


class CodeError(ValueError):
    """Bytes that are the code of no avatar."""


@dataclass(frozen=True)
class Scale:
    """Bits of a sample, and the activities from which on k is one more."""

    bits: int
    steps: tuple[int, ...]

    @property
    def half(self) -> int:
        return 1 << (self.bits - 1)

    def k(self, activity: np.ndarray) -> np.ndarray:
        """k of activities, any shape."""
        return np.searchsorted(self.steps, activity, side="right")


COARSE = Scale(4, (5, 10))
FINE = Scale(8, (4, 7, 12, 27, 68, 156))
"""Their steps need the fewest bytes for avatars of the shipped networks (rtl/board/README.md)."""


def _neighbours() -> np.ndarray:
    """Where W, N, NW of every sample are, int [3, SAMPLES]; SAMPLES itself stands for a zero."""
    here = np.arange(SAMPLES)
    top, left = here < ROW, here % ROW < PLANES
    west = np.where(left, here - ROW, here - PLANES)
    north = np.where(top, west, here - ROW)
    corner = np.where(top | left, north, here - ROW - PLANES)
    return np.where(top & left, SAMPLES, np.stack([west, north, corner]))


NEIGHBOURS = _neighbours()
_TRIPLES = list(zip(*NEIGHBOURS.tolist(), strict=True))


def _residuals(samples: np.ndarray, scale: Scale) -> tuple[np.ndarray, np.ndarray]:
    """Residuals of int [SAMPLES], and |W - NW| + |N - NW|."""
    w, n, nw = np.append(samples, 0)[NEIGHBOURS]
    predicted = np.clip(w + n - nw, np.minimum(w, n), np.maximum(w, n))
    residual = (samples - predicted + scale.half) % (2 * scale.half) - scale.half
    return residual, np.abs(w - nw) + np.abs(n - nw)


def _z(residual: np.ndarray) -> np.ndarray:
    """0 -1 1 -2 2 ... -> 0 1 2 3 4 ..."""
    return np.where(residual < 0, -2 * residual - 1, 2 * residual)


def encode(pixels: np.ndarray) -> bytes:
    """uint8 [32, 32, 3], or as many in one row -> its code."""
    samples = np.asarray(pixels, np.uint8).reshape(SAMPLES).astype(np.int64)
    unequal = np.flatnonzero(samples >> 4 != samples & 15)
    split = int(unequal[0]) if unequal.size else SAMPLES  # the first sample that is FINE
    coarse = np.arange(SAMPLES) < split
    residual, activity = np.where(
        coarse, _residuals(samples >> 4, COARSE), _residuals(samples, FINE)
    )
    activity[1:] += 2 * np.abs(residual[:-1])
    z, k = _z(residual), np.where(coarse, COARSE.k(activity), FINE.k(activity))
    escaped = z >> k >= MOST_ZEROS
    tail = np.where(escaped, np.where(coarse, COARSE.bits, FINE.bits), k)
    lengths = np.minimum(z >> k, MOST_ZEROS) + 1 + tail
    words = 1 << tail | z & (1 << tail) - 1
    if split < SAMPLES:
        lengths, words = np.insert(lengths, split, ESCAPE_BITS), np.insert(words, split, 0)
    below = np.repeat(np.cumsum(lengths), lengths) - 1 - np.arange(lengths.sum())
    return np.packbits((np.repeat(words, lengths) >> below & 1).astype(np.uint8)).tobytes()


@cache
def _tables(scale: Scale) -> list[array]:
    """For each activity: the word that a window of WINDOW bits begins with.

    2 |residual| << 16 | bits of the word << 8 | residual modulo 256; 0 behind too many zeros.
    """
    window = np.arange(1 << WINDOW)
    zeros = WINDOW - np.ceil(np.log2(window + 1)).astype(int)
    by_k = []
    for k in range(len(scale.steps) + 1):
        tail = np.where(zeros == MOST_ZEROS, scale.bits, k)
        length = np.minimum(zeros, MOST_ZEROS) + 1 + tail
        z = window >> (WINDOW - length) & (1 << tail) - 1
        z = np.where(zeros == MOST_ZEROS, z, zeros << k | z) & 2 * scale.half - 1
        residual = np.where(z & 1, -(z + 1) // 2, z // 2)
        entry = 2 * np.abs(residual) << 16 | length << 8 | residual & 255
        by_k.append(array("I", np.where(zeros > MOST_ZEROS, 0, entry).tolist()))
    return [by_k[k] for k in scale.k(np.arange(6 * scale.half))]


def _windows(data: bytes) -> list[int]:
    """The WINDOW bits from every bit of `data` on, and some that are zero behind it."""
    padded = np.frombuffer(data + bytes(8), np.uint8).astype(np.uint32)
    three = padded[:-2] << 16 | padded[1:-1] << 8 | padded[2:]
    return (three[:, None] >> np.arange(8, 0, -1, dtype=np.uint32) & 0xFFFF).ravel().tolist()


@dataclass
class _Reader:
    """Where the decoder is: sample, bit, 2 |residual| of the sample before."""

    windows: list[int]
    samples: list[int]
    at: int = 0
    bit: int = 0
    twice: int = 0

    def read(self, scale: Scale) -> None:
        """Samples of a scale, to the end or to a word of zeros only."""
        tables, windows, samples = _tables(scale), self.windows, self.samples
        bit, twice, mask = self.bit, self.twice, 2 * scale.half - 1
        for at in range(self.at, SAMPLES):
            west, north, corner = _TRIPLES[at]
            w, n, nw = samples[west], samples[north], samples[corner]
            right, down = w - nw, n - nw
            if right < 0:
                if down < 0:
                    predicted, twice = w if w < n else n, twice - right - down
                else:
                    predicted, twice = w + down, twice - right + down
            elif down < 0:
                predicted, twice = w + down, twice + right - down
            else:
                predicted, twice = w if w > n else n, twice + right + down
            entry = tables[twice][windows[bit]]
            if not entry:
                self.at, self.bit, self.twice = at, bit, twice - abs(right) - abs(down)
                return
            samples[at] = predicted + entry & mask
            bit += entry >> 8 & 255
            twice = entry >> 16
        self.at, self.bit = SAMPLES, bit


def decode(data: bytes) -> np.ndarray:
    """A code, no byte more or less -> uint8 [32, 32, 3]; CodeError for anything else."""
    reader = _Reader(_windows(data), [0] * (SAMPLES + 1))
    reader.read(COARSE)
    pixels = reader.samples[:SAMPLES]
    if reader.at < SAMPLES:
        reader.samples = [17 * level for level in reader.samples]
        reader.bit += ESCAPE_BITS
        reader.read(FINE)
        pixels = reader.samples[:SAMPLES]
    else:
        pixels = [17 * level for level in pixels]
    left = 8 * len(data) - reader.bit
    if reader.at < SAMPLES or not 0 <= left < 8 or data[-1] & (1 << left) - 1:
        raise CodeError(f"{len(data)} bytes are the code of no avatar")
    return np.array(pixels, np.uint8).reshape(SIDE, SIDE, PLANES)
