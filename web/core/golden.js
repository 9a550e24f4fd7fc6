// SPDX-License-Identifier: Apache-2.0
//
// The integer model: what every value of the hardware must equal. The twin of
// model/dcgan/quant/golden.py, in plain loops; web/tests compares the two.

import { LATENT, ONE, SIDES } from "./integers.js";

const round = (acc, shift) => (acc + (1 << (shift - 1))) >> shift;

/**
 * z Int8Array [100] -> { pixels: Uint8Array [3, 32, 32], maps: 3 x Uint8Array [3, C, H, H] },
 * planes R, G, B.
 */
export function drawGolden(network, z) {
  const { channels, shifts, actMax, tanh, tanhBits } = network;
  const x = network.binary ? z.map((value) => (value >= 0 ? ONE : -ONE)) : z;
  const pixels = new Uint8Array(3 * SIDES[4] ** 2);
  const maps = [1, 2, 3].map((l) => new Uint8Array(3 * channels[l] * SIDES[l] ** 2));
  const half = 1 << (tanhBits - 1);
  for (let plane = 0; plane < 3; plane++) {
    let acc = project(network, x, network.offsets[plane]);
    for (let layer = 1; layer <= 3; layer++) {
      const map = maps[layer - 1].subarray(plane * acc.length, (plane + 1) * acc.length);
      for (let i = 0; i < acc.length; i++) {
        map[i] = Math.min(Math.max(round(acc[i], shifts[layer - 1]), 0), actMax);
      }
      acc = transposed(network, layer + 1, map);
    }
    for (let i = 0; i < acc.length; i++) {
      const index = Math.min(Math.max(round(acc[i], shifts[3]), -half), half - 1) + half;
      pixels[plane * acc.length + i] = tanh[index];
    }
  }
  return { pixels, maps };
}

/** Layer 1: a matrix-vector product, accumulators [C1, 4, 4]. */
function project(network, x, offset) {
  const [weight, bias] = [network.weights[0], network.biases[0]];
  const acc = new Int32Array(bias.length * 16);
  for (let i = 0; i < acc.length; i++) acc[i] = bias[i >> 4];
  for (let k = 0; k < LATENT; k++) {
    const value = x[k] + offset[k];
    const row = k * acc.length;
    for (let i = 0; i < acc.length; i++) acc[i] += value * weight[row + i];
  }
  return acc;
}

/** Layers 2 to 4, kernel 4, stride 2, padding 1: out[2y - 1 + ky, 2x - 1 + kx] += in[y, x] w[ky, kx]. */
function transposed(network, layer, map) {
  const [weight, bias] = [network.weights[layer - 1], network.biases[layer - 1]];
  const cin = network.channels[layer - 1], cout = network.channels[layer];
  const side = SIDES[layer - 1], out = SIDES[layer];
  const acc = new Int32Array(cout * out * out);
  for (let c = 0; c < cout; c++) acc.fill(bias[c], c * out * out, (c + 1) * out * out);
  for (let i = 0, at = 0; i < cin; i++) {
    for (let y = 0; y < side; y++) {
      for (let x = 0; x < side; x++, at++) {
        const value = map[at];
        if (value) scatter(acc, out, value, weight, i * cout * 16, cout, 2 * y - 1, 2 * x - 1);
      }
    }
  }
  return acc;
}

/** Add the 16 taps of one activation to every output channel, but those beyond the border. */
function scatter(acc, out, value, weight, from, cout, top, left) {
  const kyFirst = top < 0 ? 1 : 0, kyEnd = Math.min(4, out - top);
  const kxFirst = left < 0 ? 1 : 0, kxEnd = Math.min(4, out - left);
  for (let c = 0; c < cout; c++) {
    for (let ky = kyFirst; ky < kyEnd; ky++) {
      const row = (c * out + top + ky) * out + left, taps = from + c * 16 + ky * 4;
      for (let kx = kxFirst; kx < kxEnd; kx++) acc[row + kx] += value * weight[taps + kx];
    }
  }
}
