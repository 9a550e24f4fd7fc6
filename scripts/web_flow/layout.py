# SPDX-License-Identifier: Apache-2.0
"""Where every integer of a network lies in its ROMs, as loops that a page can run.

The page makes ROM contents itself, from any integer file that is dropped on it. The rules are not
written a second time for that: networks whose integers are numbers 1, 2, 3, ... go through
`dcgan.hw.rom.build_roms`, and what comes out at an address is the number of the integer that
belongs there. A ROM is then a few segments, each a nest of loops:

    value[at + i] = source[first + sum over loops of digit * stride]     i counts, last loop fastest

    weight1..4   [Cin, Cout, 4, 4] flat
    offset       [3, C1, 4, 4]: what layer 1 adds for planes R, G, B, a sum over k of
                 (v[k] + base) W1[k, c, y, x], and what the sums begin at
    parameters   word by word, as rtl/dcgan/dcgan_parameters.sv says         tanh  [words]

`base`, for normal and for binary latents, is tried out as well.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace

import numpy as np
from dcgan.core.latents import LATENT
from dcgan.core.shapes import LAYER_NUMBERS
from dcgan.hw.folding import Folding
from dcgan.hw.rom import build_roms
from dcgan.hw.widths import SHIFT_BITS, TANH_INDEX_BITS
from dcgan.quant.int_generator import IntegerGenerator

DIGIT = 100
"""Numbers travel in digits that int8 and uint8 hold."""
DIGITS = 4
KINDS = ("normal", "binary")
MOST_LOOPS = 10
NOTHING = 0
OFFSETS, TANH, PARAMETERS = "offset.hex", "tanh.hex", "parameters.hex"
WHOLE = (TANH, PARAMETERS)
"""The page makes these as they stand, word by word."""


@dataclass(frozen=True)
class _Numbered(IntegerGenerator):
    """Integers of one's own choice: what planes add to z is chosen beside v1 and v2."""

    rows: np.ndarray = field(default_factory=lambda: np.zeros((3, LATENT), np.int64))

    def plane_offsets(self) -> np.ndarray:
        return self.rows


def rom_layout(ig: IntegerGenerator, folding: Folding) -> list[dict]:
    """One entry a ROM file: name, words, lanes, lane_width, source and segments.

    ValueError if a ROM is not a few nests of loops.
    """
    numbers: dict[str, np.ndarray] = {}
    for digit in range(DIGITS):
        # Unit vectors make the sums of OFFSETS rows of layer 1; v itself is numbered beside them.
        units, rows = np.eye(3, LATENT, dtype=np.int64), np.zeros((3, LATENT), np.int64)
        rows[1:] = _digits((2, LATENT), digit, np.int64)
        roms = build_roms(_numbered(ig, digit, rows), folding)
        sums = _numbered(ig, digit, units)
        for name in WHOLE:
            del roms[name]
        for name, rom in roms.items():
            values = rom.values.astype(np.int64)  # 0 where a word is padded
            if name == OFFSETS:
                values = _offsets(sums, folding) - _offsets(_weightless(sums), folding)
            part = np.where(values > 0, (values - 1) * DIGIT**digit, 0)
            numbers[name] = numbers.get(name, (values > 0).astype(np.int64)) + part
    layout = [
        {
            "name": name,
            "words": len(rom.values),
            "lanes": rom.values.shape[1],
            "lane_width": rom.lane_width,
            "source": source_of(name),
            "segments": _whole(len(rom.values))
            if name in WHOLE
            else _segments(name, numbers[name].reshape(-1)),
        }
        for name, rom in build_roms(ig, folding).items()
    ]
    for rom in layout:
        if rom["name"] == OFFSETS:
            rom["base"] = [_base(ig, folding, kind) for kind in KINDS]
        if rom["name"] == PARAMETERS:
            rom |= {"shift_bits": SHIFT_BITS, "tanh_bits": TANH_INDEX_BITS}
    return layout


def _whole(words: int) -> list[dict]:
    return [{"at": 0, "first": 0, "loops": [[words, 1]]}]


def _offsets(ig: IntegerGenerator, folding: Folding) -> np.ndarray:
    return build_roms(ig, folding)[OFFSETS].values.astype(np.int64)


def _weightless(ig: IntegerGenerator) -> IntegerGenerator:
    return replace(ig, weights=(np.zeros_like(ig.weights[0]), *ig.weights[1:]))


def _base(ig: IntegerGenerator, folding: Folding, kind: str) -> int:
    """`base` of the sums in OFFSETS: tried with one weight, and with none."""
    one = np.zeros(ig.weights[0].shape, np.int8)
    one[0] = 1
    still = _copy(ig, rows=np.zeros((3, LATENT), np.int64), metadata={"latents": kind})
    weighted = replace(still, weights=(one, *ig.weights[1:]))
    base = np.unique(_offsets(weighted, folding) - _offsets(_weightless(still), folding))
    if len(base) != 1:
        raise ValueError(f"{OFFSETS}: its sums are not of (v + base) W1 + bias")
    return int(base[0])


def source_of(name: str) -> str:
    """What a ROM file holds: layer2.hex weight2, offset.hex offset."""
    stem = name.removesuffix(".hex")
    return f"weight{stem.removeprefix('layer')}" if stem.startswith("layer") else stem


def _digits(shape: tuple[int, ...], digit: int, dtype: type) -> np.ndarray:
    """One digit of the numbers 0, 1, 2, ... plus 1: what is padded with zeros stands out."""
    count = int(np.prod(shape))
    return (np.arange(count) // DIGIT**digit % DIGIT + 1).astype(dtype).reshape(shape)


def _copy(ig: IntegerGenerator, **changes: object) -> _Numbered:
    """`ig` with changes and rows of its own."""
    return _Numbered(**{f.name: getattr(ig, f.name) for f in fields(ig)} | changes)


def _numbered(ig: IntegerGenerator, digit: int, rows: np.ndarray) -> _Numbered:
    """A network of the same shape whose integers are one digit of their own number."""
    return _copy(
        ig,
        weights=tuple(_digits(w.shape, digit, np.int8) for w in ig.weights),
        weight_bits=(8,) * len(LAYER_NUMBERS),
        metadata={},  # z itself: nothing is added to the sums
        rows=rows,
    )


def _segments(name: str, numbers: np.ndarray) -> list[dict]:
    used = np.flatnonzero(numbers != NOTHING)
    breaks = np.flatnonzero(np.diff(used) > 1) + 1
    segments = []
    for places in np.split(used, breaks):
        source = numbers[places] - 1
        loops = _loops(source)
        if len(loops) > MOST_LOOPS:
            raise ValueError(f"{name}: its address rule is no nest of {MOST_LOOPS} loops")
        segments.append({"at": int(places[0]), "first": int(source[0]), "loops": loops})
    return segments


def _loops(source: np.ndarray) -> list[list[int]]:
    """[count, stride] of nested loops that yield `source`, outermost first."""
    loops: list[list[int]] = []
    while len(source) > 1:
        stride = int(source[1] - source[0])
        steps = np.diff(source) == stride
        count = len(source) if steps.all() else int(np.argmin(steps)) + 1
        blocks = source.reshape(-1, count) if len(source) % count == 0 else None
        if blocks is None or not (np.diff(blocks, axis=1) == stride).all():
            raise ValueError(f"{len(source)} addresses do not repeat every {count}")
        loops.insert(0, [count, stride])
        source = blocks[:, 0]
    return loops or [[1, 0]]
