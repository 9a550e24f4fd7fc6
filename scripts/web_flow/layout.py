# SPDX-License-Identifier: Apache-2.0
"""Where every integer of a network lies in its ROMs, as loops that a page can run.

The page makes ROM contents itself, from any integer file that is dropped on it. The rules are not
written a second time for that: networks whose integers are numbers 1, 2, 3, ... go through
`dcgan.hw.rom.build_roms`, and what comes out at an address is the number of the integer that
belongs there. A ROM is then a few segments, each a nest of loops:

    value[at + i] = source[first + sum over loops of digit * stride]     i counts, last loop fastest

    weight1..4   [Cin, Cout, 4, 4] flat      bias1..4  [Cout]       tanh  [2^bits]
    offset       [2, C1, 4, 4]: sum over k of v1[k] (v2[k]) W1[k, c, y, x]       v  [2, 100]
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from dcgan.core.latents import LATENT
from dcgan.core.shapes import LAYER_NUMBERS
from dcgan.hw.folding import Folding
from dcgan.hw.rom import build_roms
from dcgan.quant.int_generator import IntegerGenerator

DIGIT = 100
"""Numbers travel in digits that int8 and uint8 hold."""
DIGITS = 4
MOST_LOOPS = 10
NOTHING = 0


def rom_layout(ig: IntegerGenerator, folding: Folding) -> list[dict]:
    """One entry a ROM file: name, words, lanes, lane_width, source and segments.

    ValueError if a ROM is not a few nests of loops.
    """
    numbers: dict[str, np.ndarray] = {}
    for digit in range(DIGITS):
        # Unit vectors make the sums of `offset` rows of layer 1; v itself is numbered without them.
        units = np.eye(2, LATENT, dtype=np.int8)
        roms = build_roms(_numbered(ig, digit, units), folding)
        vectors = _digits((2, LATENT), digit, np.int8)
        roms["v.hex"] = build_roms(_numbered(ig, digit, vectors), folding)["v.hex"]
        for name, rom in roms.items():
            values = rom.values.astype(np.int64)  # 0 where a word is padded
            part = np.where(values > 0, (values - 1) * DIGIT**digit, 0)
            numbers[name] = numbers.get(name, (values > 0).astype(np.int64)) + part
    found = build_roms(ig, folding)
    return [
        {
            "name": name,
            "words": len(rom.values),
            "lanes": rom.values.shape[1],
            "lane_width": rom.lane_width,
            "source": source_of(name),
            "segments": _segments(name, numbers[name].reshape(-1)),
        }
        for name, rom in found.items()
    ]


def source_of(name: str) -> str:
    """What a ROM file holds: layer2.hex weight2, layer2_bias.hex bias2, offset.hex offset."""
    stem = name.removesuffix(".hex")
    if not stem.startswith("layer"):
        return stem
    layer, _, bias = stem.removeprefix("layer").partition("_")
    return f"{bias or 'weight'}{layer}"


def _digits(shape: tuple[int, ...], digit: int, dtype: type) -> np.ndarray:
    """One digit of the numbers 0, 1, 2, ... plus 1: what is padded with zeros stands out."""
    count = int(np.prod(shape))
    return (np.arange(count) // DIGIT**digit % DIGIT + 1).astype(dtype).reshape(shape)


def _numbered(ig: IntegerGenerator, digit: int, vectors: np.ndarray) -> IntegerGenerator:
    """A network of the same shape whose integers are one digit of their own number."""
    return replace(
        ig,
        weights=tuple(_digits(w.shape, digit, np.int8) for w in ig.weights),
        biases=tuple(_digits(b.shape, digit, np.int32) for b in ig.biases),
        weight_bits=(8,) * len(LAYER_NUMBERS),
        v1=vectors[0],
        v2=vectors[1],
        tanh_table=_digits(ig.tanh_table.shape, digit, np.uint8),
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
