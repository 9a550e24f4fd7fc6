# SPDX-License-Identifier: Apache-2.0
"""Comparisons whose message points to the value that differs, with the seed to rerun."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np


def seed_note() -> str:
    """What to type to see the same failure again."""
    return f"SEED={os.environ.get('SEED', '?')}"


def signed(value: int, width: int) -> int:
    """An unsigned `width`-bit word read as two's complement."""
    return value - (1 << width) if value >> (width - 1) & 1 else value


def lanes(word: int, count: int, width: int, *, is_signed: bool = False) -> list[int]:
    """The `count` lanes of a packed word, lane l from bits [l*width +: width]."""
    values = [word >> (lane * width) & ((1 << width) - 1) for lane in range(count)]
    return [signed(value, width) for value in values] if is_signed else values


def pack(values: Sequence[int], width: int) -> int:
    """The inverse of `lanes`."""
    mask = (1 << width) - 1
    return sum((int(value) & mask) << (lane * width) for lane, value in enumerate(values))


def assert_same_beats(
    got: Sequence[Any],
    expected: Sequence[Any],
    where: Callable[[int], str] = lambda index: f"beat {index}",
) -> None:
    """Equal beats in equal order; `where` puts the index of the first difference into words."""
    __tracebackhide__ = True
    for index, (have, want) in enumerate(zip(got, expected, strict=False)):
        assert have == want, f"{where(index)}: expected {want}, got {have}   ({seed_note()})"
    assert len(got) == len(expected), (
        f"expected {len(expected)} beats, got {len(got)}   ({seed_note()})"
    )


def assert_same_map(
    got: np.ndarray,
    expected: np.ndarray,
    what: str,
    axes: Sequence[str] = ("c", "y", "x"),
) -> None:
    """Equal arrays; the message reads `layer 2, plane G, c=3 y=5 x=11: expected -17, got -16`."""
    __tracebackhide__ = True
    got, expected = np.asarray(got), np.asarray(expected)
    assert got.shape == expected.shape, f"{what}: expected {expected.shape}, got {got.shape}"
    different = np.argwhere(got != expected)
    if len(different):
        first = tuple(different[0])
        place = " ".join(f"{axis}={index}" for axis, index in zip(axes, first, strict=True))
        raise AssertionError(
            f"{what}, {place}: expected {expected[first]}, got {got[first]}   "
            f"({len(different)} of {got.size} differ, {seed_note()})"
        )
