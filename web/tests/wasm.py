# SPDX-License-Identifier: Apache-2.0
"""The WebAssembly module without a browser: wasmtime runs it, numpy reads its records."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import wasmtime
from dcgan.core.shapes import IMAGE_SIZE, SIDES
from dcgan.hw.folding import Folding

BLOCK = 20_000
WORDS = 16


@dataclass(frozen=True)
class Drawn:
    """pixels uint8 [N, 3, 32, 32]; ends [N]: cycles from the first beat to each last pixel."""

    pixels: np.ndarray
    ends: np.ndarray


class Hardware:
    """The module with the ROM files of a folder."""

    def __init__(self, module: Path, rom_dir: Path) -> None:
        engine = wasmtime.Engine()
        self._store = wasmtime.Store(engine)
        wasi = wasmtime.WasiConfig()
        wasi.preopen_dir(str(rom_dir), "rom")
        self._store.set_wasi(wasi)
        linker = wasmtime.Linker(engine)
        linker.define_wasi()
        compiled = wasmtime.Module.from_file(engine, str(module))
        self._exports = linker.instantiate(self._store, compiled).exports(self._store)
        self.call("_initialize")
        self.call("power_up")

    def call(self, name: str, *values: int):
        return self._exports[name](self._store, *values)

    def _memory(self, at: int, size: int) -> np.ndarray:
        memory = self._exports["memory"]
        start = ctypes.addressof(memory.data_ptr(self._store).contents)
        return np.ctypeslib.as_array((ctypes.c_uint8 * size).from_address(start + at))

    def draw(self, z: np.ndarray) -> Drawn:
        """Latents int8 [N, 100], one behind the other."""
        self._start(z)
        while self.call("avatars_drawn") < len(z):
            self.call("step", BLOCK, 0)
        assert self.call("misplaced_marks") == 0
        first = self.call("first_beat")
        ends = np.array([self.call("last_pixel", i) for i in range(len(z))]) - first + 1
        return Drawn(np.stack([self._pixels(i) for i in range(len(z))]), ends)

    def record(self, z: np.ndarray) -> np.ndarray:
        """Records uint32 [cycles, WORDS] of one latent int8 [100]."""
        self._start(z[None])
        parts = []
        while self.call("avatars_drawn") < 1:
            done = self.call("step", self.call("most_records"), 1)
            raw = self._memory(self.call("records_at"), 4 * WORDS * done)
            parts.append(raw.view(np.uint32).reshape(done, WORDS).copy())
        return np.concatenate(parts)

    def _start(self, z: np.ndarray) -> None:
        for i, row in enumerate(z):
            self._memory(self.call("latent_at", i), len(row))[:] = row.view(np.uint8)
        self.call("start", len(z))

    def _pixels(self, i: int) -> np.ndarray:
        words = self._memory(self.call("pixels_at", i), 4 * IMAGE_SIZE**2).view(np.uint32)
        planes = [(words >> shift) & 255 for shift in (16, 0, 8)]  # {R, B, G}
        return np.stack(planes).astype(np.uint8).reshape(3, IMAGE_SIZE, IMAGE_SIZE)


def map_of(record: np.ndarray, layer: int, channels: int, folding: Folding) -> np.ndarray:
    """The map of layer 1..3 that a record saw: uint8 [3, C, H, H]; -1 in int16 where none came."""
    flags = record[:, 0]
    beats = record[((flags >> (3 + layer)) & (flags >> (7 + layer)) & 1) == 1]
    tag, low, high = beats[:, 3 + layer], beats[:, 6 + 2 * layer], beats[:, 7 + 2 * layer]
    data = low.astype(np.uint64) | (high.astype(np.uint64) << np.uint64(32))
    side, fold = SIDES[layer], folding.layer(layer)
    phases = [(r, c) for r in range(fold.phase_rows) for c in range(fold.phase_cols)]
    channels_a_beat = getattr(fold, "beat", 1)
    row, col = ((tag >> 8) & 255).astype(int) - 1, (tag & 255).astype(int) - 1
    y = np.stack([row + r for r, _ in phases], 1)
    x = np.stack([col + c for _, c in phases], 1)
    inside = (y >= 0) & (x >= 0) & (y < side) & (x < side)
    size = channels * side * side
    plane = (np.cumsum(channels_a_beat * inside.sum(1)) - 1) // size
    found = np.full((3, channels, side, side), -1, np.int16)
    for number in range(channels_a_beat * len(phases)):
        c, p = divmod(number, len(phases))
        k = inside[:, p]
        value = (data[k] >> np.uint64(8 * number)) & np.uint64(255)
        found[plane[k], (tag[k] >> 16) + c, y[k, p], x[k, p]] = value
    return found
