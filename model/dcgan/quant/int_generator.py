# SPDX-License-Identifier: Apache-2.0
"""The integer Generator as data: everything the FPGA needs to know, and its file format.

dcgan/quant/README.md describes the file; nothing but that page is needed to recompute an avatar.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from dcgan.core import aliases
from dcgan.core.files import check_regular, write_atomically
from dcgan.core.latents import LATENT, Z_MAX, binarise, check_kind, element_bits
from dcgan.core.renderer import check_about
from dcgan.core.shapes import LAYER_NUMBERS, NetworkConfig
from dcgan.quant.fixed_point import MOST_LEVELS

FORMAT = "avatar-dcgan integer generator, version 1"
METADATA_KEY = "integer_generator"  # one key: the header then has one possible byte order
MIN_ACC_WIDTH = 18
MOST_SHIFT = 31
MOST_TANH_BITS = 14  # 16 Kbit of pixels: beyond that the table is no longer one block RAM


@dataclass(frozen=True)
class IntegerGenerator:
    """Integers of one Generator. Tuples have one entry a layer, layer 1 first.

    weights   int8 [Cin, Cout, 4, 4], symmetric: |w| <= 2^(weight_bits-1) - 1
    biases    int32 [Cout], at accumulator scale
    shifts    right shift to the activation (layers 1-3) or to the tanh index (layer 4), >= 1
    v1, v2    int8 [100], scale 2^-5 like z
    tanh_table uint8 [2^tanh_index_bits]
    """

    config: NetworkConfig
    weights: tuple[np.ndarray, ...]
    biases: tuple[np.ndarray, ...]
    shifts: tuple[int, ...]
    weight_bits: tuple[int, ...]
    v1: np.ndarray
    v2: np.ndarray
    tanh_table: np.ndarray
    tanh_index_bits: int = 11
    activation_max: int = 255
    metadata: dict = field(default_factory=dict)

    def __post_init__(self) -> None:
        channels = self.config.channels
        for layer in LAYER_NUMBERS:
            weight, bias, bits = self.layer(layer)
            shape = (channels[layer - 1], channels[layer], 4, 4)
            if weight.shape != shape or weight.dtype != np.int8:
                raise ValueError(
                    f"layer {layer}: weight must be int8 {shape}, got {weight.dtype} {weight.shape}"
                )
            if bias.shape != shape[1:2] or bias.dtype != np.int32:
                raise ValueError(f"layer {layer}: bias must be int32 [{shape[1]}]")
            if type(bits) is not int or not 2 <= bits <= 8:
                raise ValueError(f"layer {layer}: weights have 2 to 8 bits, got {bits!r}")
            if np.abs(weight.astype(int)).max() > 2 ** (bits - 1) - 1:
                raise ValueError(f"layer {layer}: a weight does not fit symmetric {bits} bits")
            shift = self.shifts[layer - 1]
            if type(shift) is not int or not 1 <= shift <= MOST_SHIFT:
                raise ValueError(f"layer {layer}: the shift is 1 to {MOST_SHIFT}, got {shift!r}")
        for name, v in (("v1", self.v1), ("v2", self.v2)):
            if v.shape != (LATENT,) or v.dtype != np.int8 or np.abs(v.astype(int)).max() > Z_MAX:
                raise ValueError(f"{name} must be int8 [{LATENT}] within +-{Z_MAX}")
        bits = self.tanh_index_bits
        if type(bits) is not int or not 4 <= bits <= MOST_TANH_BITS:
            raise ValueError(f"the tanh index has 4 to {MOST_TANH_BITS} bits, got {bits!r}")
        if self.tanh_table.shape != (1 << bits,) or self.tanh_table.dtype != np.uint8:
            raise ValueError(f"the tanh table must be uint8 with 2^{bits} entries")
        if not isinstance(self.metadata, dict):
            raise ValueError("the metadata must be a JSON object")
        check_kind(self.latents)
        if type(self.levels) is not int or not 2 <= self.levels <= MOST_LEVELS:
            raise ValueError(f"a sample has 2 to {MOST_LEVELS} levels, got {self.levels!r}")
        if not isinstance(self.metadata.get("training", {}), dict):
            raise ValueError("what the metadata says of the training must be a JSON object")
        check_about(self.about)
        if not 1 <= self.activation_max <= 255:
            raise ValueError(f"activation_max must be 1..255, got {self.activation_max}")

    @property
    def latents(self) -> str:
        """What its first step makes of z, one of `dcgan.core.latents.KINDS`."""
        return aliases.latent_kind(self.metadata.get("latents", "normal"))

    @property
    def binary(self) -> bool:
        """Whether the first step takes the signs of z."""
        return self.latents == "binary"

    @property
    def latent_bits(self) -> int:
        """Bits of an element of z that are left by the first step."""
        return element_bits(self.latents)

    def first_step(self, z: np.ndarray) -> np.ndarray:
        """z, or +32 where z >= 0, else -32: int8 of the same shape."""
        return binarise(z) if self.binary else z

    @property
    def levels(self) -> int:
        """How many values a sample of a pixel may have (`build_tanh_table`)."""
        return self.metadata.get("levels", MOST_LEVELS)

    @property
    def about(self) -> dict:
        """What is known of the training images: background, palette, attributes."""
        return self.metadata.get("training", {}).get("data", {})

    @property
    def identity(self) -> int:
        """What tells it from other networks on a chip: 32 bits of a digest of all its integers."""
        digest = hashlib.sha256()
        plain = [list(self.config.channels), list(self.shifts), self.latents, self.activation_max]
        digest.update(json.dumps(plain).encode())
        for array in (*self.weights, *self.biases, self.v1, self.v2, self.tanh_table):
            digest.update(array.astype(array.dtype.newbyteorder("<")).tobytes())
        return int.from_bytes(digest.digest()[:4], "big")

    def layer(self, layer: int) -> tuple[np.ndarray, np.ndarray, int]:
        """(weight, bias, weight bits) of layer 1..4."""
        return self.weights[layer - 1], self.biases[layer - 1], self.weight_bits[layer - 1]

    def plane_offsets(self) -> np.ndarray:
        """[3, 100] int64: what planes R, G, B add to z: 0, v1, v2 (paper, chapter 4)."""
        v = np.stack([np.zeros(LATENT, np.int64), self.v1, self.v2])
        return v.astype(np.int64)

    def acc_bound(self, layer: int) -> int:
        """The largest |accumulator| that any input, and any partial sum in any order, can reach."""
        return int(self.acc_bounds(layer).max())

    def acc_bounds(self, layer: int) -> np.ndarray:
        """The same for each output channel, int64 [Cout].

        Layers 2-4: |b| + sum |w| * activation_max, per output channel and per 2x2 output phase
        (a pixel of one phase sees 4 of the 16 taps). Layer 1: |b| + sum |w_k| * (127 + max |v_k|).
        """
        weight, bias, _ = self.layer(layer)
        magnitude = np.abs(weight.astype(np.int64))  # [Cin, Cout, 4, 4]
        offset = np.abs(bias.astype(np.int64))
        if layer == 1:
            reach = Z_MAX + np.abs(self.plane_offsets()).max(axis=0)  # [100]
            sums = np.tensordot(reach, magnitude, axes=(0, 0))  # [Cout, 4, 4]
        else:
            by_phase = magnitude.reshape(*magnitude.shape[:2], 2, 2, 2, 2)  # ky = 2a+py, kx = 2b+px
            sums = by_phase.sum(axis=(0, 2, 4)) * self.activation_max  # [Cout, py, px]
        return sums.max(axis=(1, 2)) + offset

    def acc_width(self, layer: int) -> int:
        """Smallest signed width that holds every accumulator of the layer, at least 18 bits."""
        return max(MIN_ACC_WIDTH, self.acc_bound(layer).bit_length() + 1)


def tanh_index_rule(bits: int, levels: int = MOST_LEVELS) -> str:
    """The rule that turns an accumulator of layer 4 into a table index, in words."""
    half, last = 1 << (bits - 1), levels - 1
    level = f"floor({last / 2:g} * (tanh(x) + 1) + 1/2)"
    pixel = level if levels == MOST_LEVELS else f"floor(255 * {level} / {last} + 1/2)"
    return (
        f"index = clip(floor(acc / 2^layer4.shift + 1/2), {-half}, {half - 1}) + {half}; "
        f"entry i is x = (i - {half}) * 8 / {1 << bits}, pixel = {pixel}"
    )


def save_integer(path: str | os.PathLike, ig: IntegerGenerator) -> None:
    """Write `ig` as safetensors; the file appears whole or not at all, always the same bytes."""
    tensors: dict[str, np.ndarray] = {}
    for layer in LAYER_NUMBERS:
        weight, bias, _ = ig.layer(layer)
        tensors[f"layer{layer}.weight"] = np.ascontiguousarray(weight)
        tensors[f"layer{layer}.bias"] = np.ascontiguousarray(bias)
        tensors[f"layer{layer}.shift"] = np.array(ig.shifts[layer - 1], dtype=np.int32)
    tensors |= {
        "v1": np.ascontiguousarray(ig.v1),
        "v2": np.ascontiguousarray(ig.v2),
        "activation.max": np.array(ig.activation_max, dtype=np.int32),
        "tanh.table": np.ascontiguousarray(ig.tanh_table),
    }
    header = {
        "format": FORMAT,
        "config": {"name": ig.config.name, "channels": list(ig.config.channels)},
        "weight_bits": list(ig.weight_bits),
        "tanh_index_bits": ig.tanh_index_bits,
        "tanh_index_rule": tanh_index_rule(ig.tanh_index_bits, ig.levels),
        "metadata": ig.metadata,
    }
    metadata = {METADATA_KEY: json.dumps(header, sort_keys=True)}
    write_atomically(Path(path), save(tensors, metadata=metadata))


def load_integer(path: str | os.PathLike) -> IntegerGenerator:
    """Read what save_integer wrote; ValueError names the file and what is wrong with it."""
    if not Path(path).exists():
        raise ValueError(f"{path}: no such file; model/quantize.py writes it")
    check_regular(path)
    try:
        with safe_open(str(path), framework="numpy") as file:
            header = json.loads((file.metadata() or {})[METADATA_KEY])
            tensors = {key: file.get_tensor(key) for key in file.keys()}
        config = NetworkConfig(header["config"]["name"], tuple(header["config"]["channels"]))
        return IntegerGenerator(
            config=config,
            weights=tuple(tensors[f"layer{layer}.weight"] for layer in LAYER_NUMBERS),
            biases=tuple(tensors[f"layer{layer}.bias"] for layer in LAYER_NUMBERS),
            shifts=tuple(_number(tensors, f"layer{layer}.shift") for layer in LAYER_NUMBERS),
            weight_bits=_four(header["weight_bits"]),
            v1=tensors["v1"],
            v2=tensors["v2"],
            tanh_table=tensors["tanh.table"],
            tanh_index_bits=header["tanh_index_bits"],
            activation_max=_number(tensors, "activation.max"),
            metadata=header["metadata"],
        )
    except (
        *(SafetensorError, KeyError, TypeError, ValueError, OSError),
        *(AttributeError, RecursionError),  # a type that numpy lacks; JSON that is too deep
    ) as error:
        raise ValueError(f"{path}: not an integer generator ({error})") from error


def _number(tensors: dict[str, np.ndarray], name: str) -> int:
    value = tensors[name]
    if value.dtype != np.int32 or value.shape != ():
        raise ValueError(f"{name} must be one int32, got {value.dtype} {list(value.shape)}")
    return int(value)


def _four(values: list) -> tuple:
    if not isinstance(values, list) or len(values) != len(LAYER_NUMBERS):
        raise ValueError(f"weight_bits must be {len(LAYER_NUMBERS)} numbers, got {values!r}")
    return tuple(values)
