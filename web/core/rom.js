// SPDX-License-Identifier: Apache-2.0
//
// ROM contents from the integers of a network: the files that $readmemh reads when the hardware starts.
//
// Where an integer lies is not known here: the build writes it down as loops (scripts/web_flow/layout.py).

import { LATENT, LAYERS, rounding } from "./integers.js";

const DIGITS = new TextEncoder().encode("0123456789abcdef");
const NEWLINE = 10;

/** name -> text (Uint8Array) of every ROM file that `layout` lists. */
export function buildRoms(network, layout) {
  return new Map(layout.map((rom) => [rom.name, hexText(rom, laneValues(rom, sourceOf(network, rom)))]));
}

function sourceOf(network, rom) {
  const name = rom.source;
  const layer = Number(name.at(-1));
  if (name === "weight" + layer) return network.weights[layer - 1];
  if (name === "parameters") return parameterWords(network, rom);
  if (name === "tanh") return tanhWords(network, rom.words);
  if (name === "offset") return offsetSums(network, rom);
  throw new Error(`no integers are called ${name}`);
}

/** Kind of the latents and shifts, then what the accumulators of layers 2 to 4 begin at. */
function parameterWords(network, { words, shift_bits: wide, tanh_bits: tanhBits }) {
  const values = new Int32Array(words);
  values[0] = Number(network.binary) << (LAYERS * wide);
  let at = 1;
  for (let layer = 1; layer <= LAYERS; layer++) {
    values[0] |= network.shifts[layer - 1] << ((layer - 1) * wide);
    if (layer === 1) continue;
    for (const bias of network.biases[layer - 1]) values[at++] = bias + rounding(network, layer, tanhBits);
  }
  return values;
}

/** The tanh table by the index of the hardware; a smaller one is continued by its ends. */
function tanhWords({ tanh }, words) {
  return Uint8Array.from({ length: words }, (_, i) => {
    const index = i - (words - tanh.length) / 2;
    return tanh[Math.min(Math.max(index, 0), tanh.length - 1)];
  });
}

/** What layer 1 adds for planes R, G, B: start + sum over k of (v[k] + base) W1[k], Int32Array [3, C1, 4, 4]. */
function offsetSums(network, { base }) {
  const weight = network.weights[0], size = network.channels[1] * 16, half = rounding(network, 1, 0);
  const sums = Int32Array.from({ length: 3 * size }, (_, i) => network.biases[0][(i % size) >> 4] + half);
  for (let plane = 0; plane < 3; plane++) {
    for (let k = 0; k < LATENT; k++) {
      const v = network.offsets[plane][k] + base[Number(network.binary)];
      for (let i = 0; i < size; i++) sums[plane * size + i] += v * weight[k * size + i];
    }
  }
  return sums;
}

/** Every lane of every word of a ROM, in order; 0 where nothing is stored. */
function laneValues(rom, source) {
  const values = new Int32Array(rom.words * rom.lanes);
  for (const { at, first, loops } of rom.segments) {
    let place = at;
    const walk = (depth, from) => {
      const [count, stride] = loops[depth];
      for (let i = 0; i < count; i++, from += stride) {
        if (depth === loops.length - 1) values[place++] = source[from];
        else walk(depth + 1, from);
      }
    };
    walk(0, first);
  }
  return values;
}

/** One hexadecimal word a line, highest digit first; lane l has the bits [l * width +: width]. */
function hexText({ words, lanes, lane_width: width }, values) {
  const digits = Math.ceil((lanes * width) / 4);
  const text = new Uint8Array(words * (digits + 1));
  const nibbles = new Uint8Array(digits);
  for (let word = 0; word < words; word++) {
    nibbles.fill(0);
    for (let lane = 0; lane < lanes; lane++) {
      const value = values[word * lanes + lane];
      for (let bit = 0, place = lane * width; bit < width; bit++, place++) {
        nibbles[place >> 2] |= ((value >> bit) & 1) << (place & 3);
      }
    }
    const line = word * (digits + 1);
    for (let i = 0; i < digits; i++) text[line + i] = DIGITS[nibbles[digits - 1 - i]];
    text[line + digits] = NEWLINE;
  }
  return text;
}

/** A copy of a ROM's text with one bit of one word inverted. */
export function flipBit(rom, text, word, bit) {
  const digits = Math.ceil((rom.lanes * rom.lane_width) / 4);
  const at = word * (digits + 1) + digits - 1 - (bit >> 2);
  const flipped = text.slice();
  flipped[at] = DIGITS[DIGITS.indexOf(text[at]) ^ (1 << (bit & 3))];
  return flipped;
}
