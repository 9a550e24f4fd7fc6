# SPDX-License-Identifier: Apache-2.0
"""Pictures that a code of avatars must bring back, uint8 [32, 32, 3], easy ones and noise."""

from __future__ import annotations

import numpy as np
from avatar_host.codes import PLANES, SAMPLES
from avatar_host.protocol import SIDE

LEVEL = 17  # between sixteen levels


def pictures(seed: int) -> dict[str, np.ndarray]:
    """One of each kind; `seed` chooses noise and places."""
    rng = np.random.default_rng(seed)
    ramp = np.arange(SIDE * SIDE).reshape(SIDE, SIDE)
    noise = rng.integers(0, 256, (SIDE, SIDE, PLANES), np.uint8)
    levels = noise // LEVEL * LEVEL
    broken = levels.copy()
    broken.reshape(-1)[rng.integers(1, SAMPLES)] ^= 1
    last = levels.copy()
    last[-1, -1, -1] ^= 0x80
    gradient = np.stack([ramp % 256, ramp // 4, 255 - ramp % 32 * 8], -1)
    return {
        "black": np.zeros_like(noise),
        "flat": np.full_like(noise, rng.integers(256)),
        "noise": noise,
        "black and white": (rng.integers(0, 2, noise.shape) * 255).astype(np.uint8),
        "small noise": 100 + noise // 32,
        "gradient": gradient.astype(np.uint8),
        "sixteen levels": levels,
        "gradient of sixteen levels": (gradient // LEVEL * LEVEL).astype(np.uint8),
        "a sample that is no level": broken,
        "the last sample is no level": last,
    }
