# SPDX-License-Identifier: Apache-2.0
"""Rounding of weights with error feedback: later weights make up for the rounding of earlier ones.

Rounding every weight to its nearest integer is best when the inputs are independent of each other.
Activations are not: with H = E[x x^T], the error of an output is e^T H e, and e can be steered to
where H is small. Weights are rounded one input at a time and the error, seen through the inverse of
H, is handed to the inputs still to come (optimal brain surgeon; Frantar et al. 2022, "GPTQ").
Layer 1 is left alone: its inputs are independent by construction, so there is nothing to gain.
"""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F

DAMPING = 0.1
"""Share of the mean diagonal of H added to it: how much a small calibration set is trusted."""


def window_moments(x: torch.Tensor) -> np.ndarray:
    """E[w w^T], float64 [4 Cin, 4 Cin], over all 2x2 input windows w of maps [N, Cin, H, H].

    The same four inputs, order (c, dy, dx), produce the four pixels of an output block.
    """
    size = 4 * x.shape[1]
    total, count = np.zeros((size, size)), 0
    for part in x.split(16):
        windows = F.unfold(F.pad(part, (1, 1, 1, 1)), 2)  # [N, 4 Cin, (H+1)^2]
        rows = windows.transpose(1, 2).reshape(-1, size).numpy()
        total += rows.T @ rows
        count += len(rows)
    return total / count


def by_window(weight: np.ndarray) -> np.ndarray:
    """[Cin, Cout, 4, 4] -> [4 Cin, 4 Cout]: rows (c, dy, dx), columns (cout, py, px)."""
    cin, cout = weight.shape[:2]
    taps = weight.reshape(cin, cout, 2, 2, 2, 2)[:, :, ::-1, :, ::-1, :]  # ky = 2 (1 - dy) + py
    return taps.transpose(0, 2, 4, 1, 3, 5).reshape(4 * cin, 4 * cout)


def from_window(matrix: np.ndarray) -> np.ndarray:
    """The inverse of by_window."""
    cin, cout = matrix.shape[0] // 4, matrix.shape[1] // 4
    taps = matrix.reshape(cin, 2, 2, cout, 2, 2).transpose(0, 3, 1, 4, 2, 5)
    return taps[:, :, ::-1, :, ::-1, :].reshape(cin, cout, 4, 4)


def round_with_feedback(
    exact: np.ndarray, moments: np.ndarray, limit: int, damping: float = DAMPING
) -> np.ndarray:
    """Values in +-limit that round to integers near `exact` [K, M] with little error through H.

    moments: H [K, K]. What comes back is each weight with all errors handed to it, before its own
    rounding: fine-tuning starts from there.
    """
    size = len(exact)
    moments = moments + np.eye(size) * max(damping * np.mean(np.diag(moments)), 1e-12)
    order = np.argsort(-np.diag(moments), kind="stable")  # the inputs that matter most come first
    inverse = np.linalg.inv(moments[np.ix_(order, order)])
    upper = np.linalg.cholesky((inverse + inverse.T) / 2).T
    todo = exact[order].astype(np.float64)
    for i in range(size):
        error = (todo[i] - np.clip(np.floor(todo[i] + 0.5), -limit, limit)) / upper[i, i]
        todo[i + 1 :] -= np.outer(upper[i, i + 1 :], error)
    result = np.empty_like(todo)
    result[order] = np.clip(todo, -limit, limit)
    return result


def feed_back(exact: torch.Tensor, x: torch.Tensor, limit: int) -> torch.Tensor:
    """Weights of layers 2..4 [Cin, Cout, 4, 4] and their inputs -> weights ready for rounding."""
    matrix = by_window(exact.double().numpy())
    steered = round_with_feedback(matrix, window_moments(x), limit)
    return torch.from_numpy(from_window(steered)).float()
