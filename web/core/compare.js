// SPDX-License-Identifier: Apache-2.0
//
// Hardware against the integer model: how many values differ, and where the first one is.

import { SIDES } from "./integers.js";

export const PLANES = ["R", "G", "B"];

/** Number of places in which two arrays of bytes differ, and the first of them (-1: none). */
function difference(got, want) {
  let count = 0, first = -1;
  for (let i = 0; i < want.length; i++) {
    if (got[i] !== want[i]) {
      if (!count++) first = i;
    }
  }
  return { count, first };
}

/** Pixels [3, 32, 32]: { count, first: null or { plane, y, x, got, want } }. */
export function comparePixels(got, want) {
  const { count, first } = difference(got, want);
  if (!count) return { count, first: null };
  const side = SIDES[4];
  const place = { plane: PLANES[Math.floor(first / side ** 2)], y: Math.floor(first / side) % side, x: first % side };
  return { count, first: { ...place, got: got[first], want: want[first] } };
}

/** Maps of layers 1 to 3: { count, first: null or { layer, plane, channel, y, x, got, want } }. */
export function compareMaps(got, want, channels) {
  let total = 0, where = null;
  for (let layer = 1; layer <= 3; layer++) {
    const [mine, its] = [got[layer - 1], want[layer - 1]];
    const { count, first } = difference(mine, its);
    total += count;
    if (!count || where) continue;
    const side = SIDES[layer], size = channels[layer] * side ** 2;
    where = {
      layer, plane: PLANES[Math.floor(first / size)], channel: Math.floor((first % size) / side ** 2),
      y: Math.floor(first / side) % side, x: first % side, got: mine[first], want: its[first],
    };
  }
  return { count: total, first: where };
}
