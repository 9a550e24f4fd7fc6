# SPDX-License-Identifier: Apache-2.0
"""Where each weight lies in the ROMs: address and lane, as tables in hw/README.md."""

from __future__ import annotations

import numpy as np

BLOCK_DEPTH = 512  # words of a block RAM at its widest


def layer1_words(weight: np.ndarray, couts: int) -> np.ndarray:
    """W1 [100, C1, 4, 4] -> [16 * C1/couts * 100, couts]; address (pixel, fold, k)."""
    latent, channels = weight.shape[:2]
    split = weight.reshape(latent, channels // couts, couts, 16)  # k, fold, lane, pixel
    return split.transpose(3, 1, 0, 2).reshape(-1, couts)


def banks_and_rows(words: int) -> tuple[int, int]:
    """How many words lie side by side in how many rows, at most BLOCK_DEPTH of them.

    rtl/convt/convt_project.sv computes the same.
    """
    banks = -(-words // BLOCK_DEPTH)
    return banks, -(-words // banks)


def side_by_side(words: np.ndarray) -> np.ndarray:
    """[words, lanes] -> [rows, banks * lanes]: word n is bank n mod banks of row n / banks.

    As deep as one block RAM, so that no multiplexer comes before its output register.
    """
    count, lanes = words.shape
    banks, rows = banks_and_rows(count)
    padded = np.zeros((rows * banks, lanes), dtype=words.dtype)
    padded[:count] = words
    return padded.reshape(rows, banks * lanes)


def layer_words(weight: np.ndarray, fold) -> np.ndarray:
    """W [Cin, Cout, 4, 4] of layers 2..4 -> [words, lanes].

    Address (pyf, pxf, cf, dy, dx, c), lane (w, pr, pc, co). Output phase (py, px) of the 2x2
    block and input pixel (dy, dx) of its window meet at tap ky = 2 - 2 dy + py, kx likewise.
    With two windows the lane, not the address, says on which side of the window the pixel is.
    """
    cout = weight.shape[1]
    words = []
    for py_fold in range(2 // fold.phase_rows):
        for px_fold in range(2 // fold.phase_cols):
            for first in range(0, cout, fold.couts):
                for dy in (0, 1):
                    for dx in (0, 1) if fold.windows == 1 else (None,):
                        lanes = [
                            weight[
                                :, first : first + fold.couts, 2 - 2 * dy + py, 2 - 2 * side + px
                            ]
                            for side in ((dx,) if fold.windows == 1 else (1, 0))
                            for py in _phases(py_fold, fold.phase_rows)
                            for px in _phases(px_fold, fold.phase_cols)
                        ]
                        words.append(np.concatenate(lanes, axis=1))  # [Cin, lanes]
    return np.concatenate(words, axis=0).reshape(-1, fold.lanes)


def _phases(fold: int, parallel: int) -> range:
    return range(fold * parallel, (fold + 1) * parallel)
