# SPDX-License-Identifier: Apache-2.0
"""A network as bytes that a running chip loads, and back: its memories, one behind the other.

`rtl/board/board_loader.sv` writes them in this order, slice by slice of 36 bits, each in five
bytes, the lowest first.

On the way back, where a weight lies is asked of `rom_words`: the same words are built of the
numbers of the weights instead of their values.
"""

from __future__ import annotations

import numpy as np

from dcgan.core.latents import LATENT, ONE
from dcgan.core.shapes import LAYER_NUMBERS, SIDES, NetworkConfig
from dcgan.hw import widths
from dcgan.hw.block_ram import SLICE_BITS, SLICE_BYTES, slices, tables
from dcgan.hw.folding import Folding
from dcgan.hw.pipeline_model import PLANES
from dcgan.hw.rom import Rom, build_roms
from dcgan.hw.rom_words import layer1_words, layer_words, word_bits
from dcgan.quant.int_generator import IntegerGenerator


def image_bytes(ig: IntegerGenerator, folding: Folding) -> bytes:
    """What a chip of this folding loads."""
    roms = build_roms(ig, folding)
    return b"".join(_memory_bytes(roms[name]) for name in tables(ig.config, folding))


def _memory_bytes(rom: Rom) -> bytes:
    bits = word_bits(rom.values, rom.lane_width)
    padded = np.zeros((len(bits), slices(rom.width) * SLICE_BITS), np.uint8)
    padded[:, : rom.width] = bits
    whole = np.zeros((len(bits), slices(rom.width), SLICE_BYTES * 8), np.uint8)
    whole[:, :, :SLICE_BITS] = padded.reshape(len(bits), -1, SLICE_BITS)
    return np.packbits(whole, axis=2, bitorder="little").tobytes()


def decode_image(data: bytes, config: NetworkConfig, folding: Folding) -> IntegerGenerator:
    """`data` as `image_bytes` writes it -> integers that draw the same avatars.

    What training knows of them (metadata but for the kind of the latents) is not in an image.
    ValueError if these are not the bytes of a network of this shape and folding.
    """
    lanes = _lanes(data, config, folding)
    first = int(lanes["parameters.hex"][0, 0])
    mask = (1 << widths.SHIFT_BITS) - 1
    shifts = tuple(first >> widths.SHIFT_BITS * (n - 1) & mask for n in LAYER_NUMBERS)
    binary = bool(first >> widths.SHIFT_BITS * len(LAYER_NUMBERS) & 1)
    if min(shifts) < 1:
        raise ValueError("the image holds no network: a shift is 0")
    weights = tuple(_weights(lanes, config, folding, layer) for layer in LAYER_NUMBERS)
    first_bias, steps = _first_layer(lanes["offset.hex"], weights[0], shifts[0], binary)
    return IntegerGenerator(
        config=config,
        weights=weights,
        biases=(first_bias, *_biases(lanes["parameters.hex"][1:, 0], config, shifts)),
        shifts=shifts,
        weight_bits=tuple(folding.layer(n).weight_bits for n in LAYER_NUMBERS),
        v1=steps[0],
        v2=steps[1],
        tanh_table=lanes["tanh.hex"][:, 0].astype(np.uint8),
        tanh_index_bits=widths.TANH_INDEX_BITS,
        metadata={"latents": "binary" if binary else "normal"},
    )


def told_identity(data: bytes, config: NetworkConfig) -> int:
    """The identity that an image gives itself: the word behind the biases."""
    at = (1 + sum(config.channels[2:])) * SLICE_BYTES
    return int.from_bytes(data[at : at + 4], "little")


def _lanes(data: bytes, config: NetworkConfig, folding: Folding) -> dict[str, np.ndarray]:
    """Memory -> its values, int64 [words, lanes]; signed but for pixels."""
    bytes_at, found = 0, {}
    for name, memory in tables(config, folding).items():
        words, count, bits = memory.depth, slices(memory.width), _lane_bits(name, config, folding)
        size = words * count * SLICE_BYTES
        part = np.frombuffer(data[bytes_at : bytes_at + size], np.uint8)
        if len(part) != size:
            raise ValueError(f"the image ends in the middle of {name}")
        raw = np.unpackbits(part.reshape(words, count, SLICE_BYTES), axis=2, bitorder="little")
        raw = raw[:, :, :SLICE_BITS].reshape(words, -1)[:, : memory.width]
        values = raw.reshape(words, -1, bits) @ (1 << np.arange(bits, dtype=np.int64))
        if name != "tanh.hex":
            values -= (values >> (bits - 1)) << bits
        found[name], bytes_at = values, bytes_at + size
    if bytes_at != len(data):
        raise ValueError(f"the image has {len(data)} bytes, this hardware holds {bytes_at}")
    return found


def _lane_bits(name: str, config: NetworkConfig, folding: Folding) -> int:
    """Bits of one value in a memory."""
    others = {
        "parameters.hex": widths.PARAMETER_WIDTH,
        "offset.hex": widths.acc_width(config, folding, 1),
        "tanh.hex": 8,
    }
    weights = {f"layer{n}.hex": folding.layer(n).weight_bits for n in LAYER_NUMBERS}
    return (others | weights)[name]


def _numbered(config: NetworkConfig, folding: Folding, layer: int) -> np.ndarray:
    """The words of a layer with 1 + the number of each weight in the place of its value."""
    shape = (config.channels[layer - 1], config.channels[layer], 4, 4)
    numbers = 1 + np.arange(np.prod(shape), dtype=np.int64).reshape(shape)
    fold = folding.layer(layer)
    if layer == 1:
        return layer1_words(numbers, fold.couts, fold.elements)
    return layer_words(numbers, fold)


def _weights(lanes: dict, config: NetworkConfig, folding: Folding, layer: int) -> np.ndarray:
    numbers = _numbered(config, folding, layer)
    shape = (config.channels[layer - 1], config.channels[layer], 4, 4)
    flat = np.zeros(1 + int(np.prod(shape)), np.int8)  # entry 0 is what fills up the last step
    flat[numbers.reshape(-1)] = lanes[f"layer{layer}.hex"].reshape(-1)
    return flat[1:].reshape(shape)


def _biases(words: np.ndarray, config: NetworkConfig, shifts: tuple) -> list[np.ndarray]:
    """Biases of layers 2 to 4 out of what their accumulators begin at."""
    found, at = [], 0
    for layer in LAYER_NUMBERS[1:]:
        count = config.channels[layer]
        start = words[at : at + count] - widths.rounding_of(shifts[layer - 1], layer)
        found.append(start.astype(np.int32))
        at += count
    return found


def _first_layer(
    offsets: np.ndarray, weight: np.ndarray, shift: int, binary: bool
) -> tuple[np.ndarray, np.ndarray]:
    """Bias int32 [C1] and v1, v2 int8 [2, 100] of what layer 1 adds for the three planes.

    offsets = b + W (v - m) + 1/2 with v = 0, v1, v2: an overdetermined set of equations.
    """
    channels = weight.shape[1]
    couts = offsets.shape[1] // PLANES
    positions = SIDES[1] ** 2
    by_row = offsets.reshape(positions, channels // couts, PLANES, couts)
    by_plane = by_row.transpose(2, 1, 3, 0).reshape(PLANES, channels * positions)
    matrix = weight.reshape(LATENT, -1).T.astype(np.int64)  # [C1 * 16, 100]
    middle = matrix.sum(axis=1) * (ONE if binary else 0)
    bias = (by_plane[0] + middle).reshape(channels, positions) - widths.rounding_of(shift, 1)
    wanted = (by_plane[1:] - by_plane[0]).T
    solved = np.linalg.lstsq(matrix.astype(float), wanted.astype(float), rcond=None)[0]
    steps = np.rint(solved).astype(np.int64)
    if (bias != bias[:, :1]).any() or (matrix @ steps != wanted).any():
        raise ValueError("the image holds no network: the planes of layer 1 contradict its weights")
    return bias[:, 0].astype(np.int32), steps.T.astype(np.int8)
