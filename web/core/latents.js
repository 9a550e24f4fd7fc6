// SPDX-License-Identifier: Apache-2.0
//
// Latents: from a seed as a board draws them, between two of them, along directions, and the attributes
// that they code. Twins: model/dcgan/hw/latent_rng.py and model/dcgan/data/latent_code.py.

import { LATENT, Z_MAX } from "./integers.js";

const MASK = (1n << 64n) - 1n, MIX = 0x9e3779b97f4a7c15n, WARM_UP = 64;
const SPARE_BITS = 2;

function xorshift(state) {
  let next = state ^ ((state << 13n) & MASK);
  next ^= next >> 7n;
  return next ^ ((next << 17n) & MASK);
}

/** `count` latents of a seed (a BigInt of 64 bits), Int8Array [100] each: what a board draws for it. */
export function drawLatents(seed, count, thresholds) {
  let state = (seed ^ MIX) & MASK || MIX;
  for (let i = 0; i < WARM_UP; i++) state = xorshift(state);
  const element = () => {
    const uniform = Number((state >> 39n) & 0xffffffn), negative = state >> 63n;
    state = xorshift(state);
    let low = 0, high = thresholds.length; // how many thresholds are not above `uniform`
    while (low < high) {
      const middle = (low + high) >> 1;
      if (thresholds[middle] <= uniform) low = middle + 1;
      else high = middle;
    }
    return negative ? -low : low;
  };
  return Array.from({ length: count }, () => Int8Array.from({ length: LATENT }, element));
}

export const clamp = (value) => Math.max(-Z_MAX, Math.min(Z_MAX, Math.round(value)));

/** Equations 12 and 13 on the grid: point `index` of `steps` from z1 to z2, ties upwards. */
export function between(first, second, index, steps) {
  return first.map((a, i) =>
    Math.floor((2 * ((steps - index) * a + index * second[i]) + steps) / (2 * steps)));
}

/** z moved along directions: sum of amounts (in standard deviations) x directions, on the grid. */
export function moved(base, directions, amounts) {
  return base.map((value, i) =>
    clamp(directions.reduce((sum, d, n) => sum + 32 * amounts[n] * d[i], value)));
}

/**
 * The `count` directions of z to which layer 1 answers most: eigenvectors of W W^T, by power iteration.
 * Float64Array [100] each, longest entry 1.
 */
export function strongestDirections(network, count) {
  const gram = gramOf(network.weights[0]);
  const found = [];
  for (let n = 0; n < count; n++) {
    let d = Float64Array.from({ length: LATENT }, (_, i) => Math.cos(i * (n + 1.7) + n));
    for (let round = 0; round < 60; round++) {
      for (const other of found) {
        const along = d.reduce((sum, value, i) => sum + value * other[i], 0);
        d = d.map((value, i) => value - along * other[i]);
      }
      d = gram.map((row) => row.reduce((sum, value, i) => sum + value * d[i], 0));
      const length = Math.hypot(...d) || 1;
      d = Float64Array.from(d, (value) => value / length);
    }
    found.push(d);
  }
  return found.map((d) => d.map((value) => value / Math.max(...d.map(Math.abs))));
}

function gramOf(weight) {
  const row = weight.length / LATENT;
  const gram = Array.from({ length: LATENT }, () => new Float64Array(LATENT));
  for (let i = 0; i < LATENT; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = 0; k < row; k++) sum += weight[i * row + k] * weight[j * row + k];
      gram[i][j] = gram[j][i] = sum;
    }
  }
  return gram;
}

/** How many numbers mean each of `size` values where they are shared out evenly. */
export function evenNumbers(size) {
  const needed = Math.ceil(Math.log2(size));
  const all = 2 ** (2 ** needed === size ? needed : needed + SPARE_BITS);
  const limit = (value) => Math.ceil((value * all) / size);
  return Array.from({ length: size }, (_, value) => limit(value + 1) - limit(value));
}

/** Entries of a latent that code an attribute: its numbers are 2^bits in all. */
function bitsOf(numbers) {
  return Math.log2(numbers.reduce((sum, count) => sum + count, 0));
}

/** Value of every attribute that z codes; `codes` are the numbers of their values. */
export function codedAttributes(z, codes) {
  let at = 0;
  return codes.map((numbers) => {
    const bits = bitsOf(numbers);
    let code = 0, value = 0;
    for (let i = 0; i < bits; i++) code |= (z[at + i] >= 0 ? 1 : 0) << i;
    at += bits;
    while (code >= numbers[value]) code -= numbers[value++];
    return value;
  });
}

/** z with the signs that code `value` for one attribute; entries keep their size. */
export function withAttribute(z, codes, attribute, value) {
  const at = codes.slice(0, attribute).reduce((sum, numbers) => sum + bitsOf(numbers), 0);
  const code = codes[attribute].slice(0, value).reduce((sum, count) => sum + count, 0);
  const out = z.slice();
  for (let i = 0; i < bitsOf(codes[attribute]); i++) {
    const magnitude = Math.abs(z[at + i]) || 1;
    out[at + i] = (code >> i) & 1 ? magnitude : -magnitude;
  }
  return out;
}
