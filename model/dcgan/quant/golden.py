# SPDX-License-Identifier: Apache-2.0
"""The golden Generator: integers only, every intermediate map, what the RTL must equal.

Products go through float64 BLAS, which is exact here: every operand is an integer, every product
and every partial sum, in whatever order BLAS adds, is an integer of magnitude at most
IntegerGenerator.acc_bound() < 2^53, and a float64 holds each such integer exactly (also with
fused multiply-add). The constructor checks the bound; model/tests compare with plain int64 loops.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dcgan.core.latents import LATENT
from dcgan.core.shapes import LAYER_NUMBERS, SIDES
from dcgan.quant.fixed_point import requantise_relu, tanh_index
from dcgan.quant.int_generator import IntegerGenerator

PLANES = ("R", "G", "B")


@dataclass(frozen=True)
class PlaneMaps:
    """Every map of one colour plane of N avatars; int64 but for the pixels.

    acc1 [N, C1, 4, 4], acc2 [N, C2, 8, 8], acc3 [N, C3, 16, 16], acc4 [N, 1, 32, 32]: accumulators
    with bias; act1..act3: activations of the same shapes; index4 and pixels (uint8) [N, 32, 32].
    """

    acc1: np.ndarray
    acc2: np.ndarray
    acc3: np.ndarray
    acc4: np.ndarray
    act1: np.ndarray
    act2: np.ndarray
    act3: np.ndarray
    index4: np.ndarray
    pixels: np.ndarray


class GoldenGenerator:
    """Runs an IntegerGenerator on latents."""

    def __init__(self, ig: IntegerGenerator) -> None:
        self.ig = ig
        for layer in LAYER_NUMBERS:
            if ig.acc_bound(layer) >= 2**53:
                raise ValueError(f"layer {layer}: sums may pass 2^53 and would not be exact")
        self._matrices = [w.astype(np.float64).reshape(w.shape[0], -1) for w in ig.weights]

    def project(self, z9: np.ndarray) -> np.ndarray:
        """Layer 1, kernel 4 on a 1x1 map: int [N, 100] (z + v, 9 bits) -> acc [N, C1, 4, 4]."""
        z9 = np.asarray(z9)
        _expect(z9, (None, LATENT))
        product = z9.astype(np.float64) @ self._matrices[0]
        return self._with_bias(1, product.reshape(len(z9), -1, 4, 4))

    def conv(self, layer: int, act: np.ndarray) -> np.ndarray:
        """Layer 2..4, transposed convolution k4 s2 p1: act [N, Cin, H, H] -> acc [N, Cout, 2H, 2H].

        Scatter form of out[2*iy - 1 + ky, 2*ix - 1 + kx] += x[iy, ix] * w[ky, kx].
        """
        side, channels = SIDES[layer - 1], self.ig.config.channels
        act = np.asarray(act)
        _expect(act, (None, channels[layer - 1], side, side))
        count, cout = len(act), channels[layer]
        rows = act.transpose(0, 2, 3, 1).reshape(-1, channels[layer - 1]).astype(np.float64)
        taps = (rows @ self._matrices[layer - 1]).reshape(count, side, side, cout, 4, 4)
        padded = np.zeros((count, 2 * side + 2, 2 * side + 2, cout))  # one ring for the cut border
        for ky in range(4):
            for kx in range(4):
                padded[:, ky : ky + 2 * side : 2, kx : kx + 2 * side : 2] += taps[..., ky, kx]
        return self._with_bias(layer, padded[:, 1:-1, 1:-1].transpose(0, 3, 1, 2))

    def run_planes(self, z: np.ndarray) -> tuple[PlaneMaps, PlaneMaps, PlaneMaps]:
        """z int8 [N, 100] -> the maps of planes R, G, B, from x, x + v1 and x + v2, where x is what
        the first step makes of z."""
        z = np.asarray(z)
        _expect(z, (None, LATENT))
        x = self.ig.first_step(z).astype(np.int64)
        return tuple(self._plane(x + v) for v in self.ig.plane_offsets())

    def rgb(self, z: np.ndarray, batch: int = 32) -> np.ndarray:
        """z int8 [N, 100] -> pixels uint8 [N, 3, 32, 32]; batches bound the memory used."""
        z = np.asarray(z)
        _expect(z, (None, LATENT))
        pixels = np.empty((len(z), 3, SIDES[4], SIDES[4]), dtype=np.uint8)
        for start in range(0, len(z), batch):
            planes = self.run_planes(z[start : start + batch])
            for plane, maps in enumerate(planes):
                pixels[start : start + batch, plane] = maps.pixels
        return pixels

    def _plane(self, z9: np.ndarray) -> PlaneMaps:
        ig = self.ig
        acc1 = self.project(z9)
        act1 = requantise_relu(acc1, ig.shifts[0], ig.activation_max)
        acc2 = self.conv(2, act1)
        act2 = requantise_relu(acc2, ig.shifts[1], ig.activation_max)
        acc3 = self.conv(3, act2)
        act3 = requantise_relu(acc3, ig.shifts[2], ig.activation_max)
        acc4 = self.conv(4, act3)
        index4 = tanh_index(acc4[:, 0], ig.shifts[3], ig.tanh_index_bits)
        return PlaneMaps(acc1, acc2, acc3, acc4, act1, act2, act3, index4, ig.tanh_table[index4])

    def _with_bias(self, layer: int, product: np.ndarray) -> np.ndarray:
        return product.astype(np.int64) + self.ig.biases[layer - 1].astype(np.int64)[:, None, None]


def _expect(array: np.ndarray, shape: tuple[int | None, ...]) -> None:
    fits = array.ndim == len(shape) and all(
        want is None or have == want for have, want in zip(array.shape, shape, strict=True)
    )
    if not fits or not np.issubdtype(array.dtype, np.integer):
        raise ValueError(f"expected integers of shape {shape}, got {array.dtype} {array.shape}")
