# SPDX-License-Identifier: Apache-2.0
"""Ask a page for avatars: JavaScript that draws latents, and what comes back as arrays."""

from __future__ import annotations

import base64
import json

import numpy as np
from dcgan.core.shapes import SIDES

# Latents in base64 -> bytes of pixels, planes as replayed and maps, one avatar after the other.
DRAW = """(async (text, count) => {
  const bytes = Int8Array.from(atob(text), (c) => c.charCodeAt(0)), parts = [];
  for (let i = 0; i < count; i++) {
    const run = await avatarPage.remote.ask("draw", { z: bytes.slice(100 * i, 100 * i + 100) });
    if (run.difference.count || run.mapDifference.count) throw new Error("the page says different");
    parts.push(run.pixels, run.golden, ...run.maps);
  }
  const all = new Uint8Array(await new Blob(parts).arrayBuffer());
  let out = "";
  for (let i = 0; i < all.length; i += 32768) {
    out += String.fromCharCode(...all.subarray(i, i + 32768));
  }
  return btoa(out);
})"""
BATCH = """(async (text, count) => {
  const bytes = Int8Array.from(atob(text), (c) => c.charCodeAt(0));
  const latents = Array.from({ length: count }, (_, i) => bytes.slice(100 * i, 100 * i + 100));
  const done = await avatarPage.remote.ask("batch", { latents });
  return done.drawn.map(({ lastPixel }) => lastPixel - done.firstBeat + 1);
})"""


def call(function: str, z: np.ndarray) -> str:
    """JavaScript that calls `function` with latents."""
    return f"{function}({json.dumps(base64.b64encode(z.tobytes()).decode())}, {len(z)})"


def drawn(tab, z: np.ndarray, channels) -> tuple[np.ndarray, np.ndarray, list[np.ndarray]]:
    """Pixels of hardware and of the model in JavaScript, and the three maps [N, 3, C, H, H]."""
    raw = np.frombuffer(base64.b64decode(tab.ask(call(DRAW, z))), np.uint8).reshape(len(z), -1)
    shapes = [(3, 32, 32), (3, 32, 32)]
    shapes += [(3, channels[layer], SIDES[layer], SIDES[layer]) for layer in (1, 2, 3)]
    ends = np.cumsum([np.prod(shape) for shape in shapes])
    pieces = np.split(raw, ends[:-1], axis=1)
    pixels, model, *maps = [p.reshape(-1, *s) for p, s in zip(pieces, shapes, strict=True)]
    return pixels, model, maps
