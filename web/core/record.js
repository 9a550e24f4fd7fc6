// SPDX-License-Identifier: Apache-2.0
//
// What the hardware did, cycle by cycle. The words of a record are those of web/dut/dut.sv.

import { SIDES } from "./integers.js";

export const WORDS = 16;
const FLAG = {
  sValid: 12, sReady: 13, sLast: 14, mValid: 15, mReady: 16, mUser: 17, mLast: 18,
  planeValid: 19, planeReady: 20, plane: 21, busy: 23,
};
const [MAP_VALID, MAP_READY, TAG, DATA] = [4, 8, 4, 8];

/** Fields of cycle `at` of a record (Uint32Array). */
export const flag = (record, at, name) => (record[at * WORDS] >> FLAG[name]) & 1;
export const active = (record, at, layer) => (record[at * WORDS] >> (layer - 1)) & 1;
export const mapValid = (record, at, layer) => (record[at * WORDS] >> (MAP_VALID + layer - 1)) & 1;
export const mapReady = (record, at, layer) => (record[at * WORDS] >> (MAP_READY + layer - 1)) & 1;
export const plane = (record, at) => (record[at * WORDS] >> FLAG.plane) & 3;
export const latentByte = (record, at) => (record[at * WORDS + 1] << 24) >> 24;
export const planePixel = (record, at) => (record[at * WORDS + 1] >> 8) & 255;
export const colour = (record, at) => record[at * WORDS + 2] & 0xffffff;
export function tag(record, at, layer) {
  const word = record[at * WORDS + TAG + layer - 1];
  return { channel: word >>> 16, row: (word >> 8) & 255, col: word & 255 };
}
export const dataWords = (record, at, layer) => {
  const low = at * WORDS + DATA + 2 * (layer - 1);
  return [record[low], record[low + 1]];
};

/**
 * The maps and the picture as they fill. `apply(record, from, to)` takes cycles in order.
 *
 *   maps[l - 1]    Uint8Array [3, C, H, H] of layer l = 1..3, `filled` says how many are there
 *   planes         Uint8Array [3, 32, 32], `pixels` of them are there, R first
 *   colours        how many finished pixels left the core
 */
export class Replay {
  constructor(shape) {
    this.shape = shape;
    this.sizes = [1, 2, 3].map((layer) => shape.channels[layer] * SIDES[layer] ** 2);
    this.clear();
  }

  clear() {
    this.cycle = 0;
    this.maps = this.sizes.map((size) => new Uint8Array(3 * size));
    this.filled = [0, 0, 0];
    this.planes = new Uint8Array(3 * SIDES[4] ** 2);
    this.pixels = 0;
    this.colours = 0;
    this.beats = 0;
    this.active = [0, 0, 0, 0];
  }

  /** Bring the state to the end of cycle `to`, backwards by starting again. */
  seek(record, to) {
    if (to < this.cycle) this.clear();
    for (; this.cycle < to; this.cycle++) this._apply(record, this.cycle);
  }

  _apply(record, at) {
    const flags = record[at * WORDS];
    for (let layer = 1; layer <= 4; layer++) this.active[layer - 1] += (flags >> (layer - 1)) & 1;
    const beats = (flags >> MAP_VALID) & (flags >> MAP_READY) & 7;
    for (let layer = 1; layer <= 3; layer++) if ((beats >> (layer - 1)) & 1) this._mapBeat(record, at, layer);
    this.beats += (flags >> FLAG.sValid) & (flags >> FLAG.sReady) & 1;
    this.colours += (flags >> FLAG.mValid) & (flags >> FLAG.mReady) & 1;
    if ((flags >> FLAG.planeValid) & (flags >> FLAG.planeReady) & 1) {
      this.planes[this.pixels++] = planePixel(record, at);
    }
  }

  /** A beat: of each of its channels, rows x cols values, the first at (row, col) - 1. */
  _mapBeat(record, at, layer) {
    const [rows, cols] = this.shape.phases[layer - 1];
    const side = SIDES[layer], size = this.sizes[layer - 1], map = this.maps[layer - 1];
    const place = Math.floor(this.filled[layer - 1] / size) * size;
    const { channel, row, col } = tag(record, at, layer);
    const words = dataWords(record, at, layer), phases = rows * cols;
    for (let value = 0; value < phases * this.shape.beats[layer - 1]; value++) {
      const phase = value % phases, c = channel + Math.floor(value / phases);
      const y = row - 1 + Math.floor(phase / cols), x = col - 1 + (phase % cols);
      if (y < 0 || x < 0 || y >= side || x >= side) continue; // of a block over the border
      map[place + (c * side + y) * side + x] = words[value >> 2] >> (8 * (value & 3));
      this.filled[layer - 1]++;
    }
  }
}

/** Why a layer does not multiply in a cycle, seen at its own streams. */
export const STATES = ["work", "drain", "held", "wait", "rest"];

/**
 * State of every layer in every cycle: 4 x Uint8Array of indices into STATES.
 *
 *   work   its lanes multiply            drain  they do not, and a result leaves
 *   held   a result waits for the next layer    wait   nothing to multiply has come
 *   rest   before its first value, or after its last
 */
export function layerStates(record, cycles, shape) {
  const states = [1, 2, 3, 4].map(() => new Uint8Array(cycles));
  for (let layer = 1; layer <= 4; layer++) {
    const [begin, end] = busySpan(record, cycles, layer);
    for (let at = 0; at < cycles; at++) {
      const valid = mapValid(record, at, layer), ready = mapReady(record, at, layer);
      let state = 3;
      if (active(record, at, layer)) state = 0;
      else if (valid) state = ready ? 1 : 2;
      else if (at < begin || at > end) state = 4;
      states[layer - 1][at] = state;
    }
  }
  return states;
}

/** First and last cycle in which a layer multiplies or hands on a value. */
function busySpan(record, cycles, layer) {
  const busy = (at) => active(record, at, layer) || mapValid(record, at, layer);
  let begin = 0, end = cycles - 1;
  while (begin < cycles && !busy(begin)) begin++;
  while (end > begin && !busy(end)) end--;
  return [begin, end];
}

/** State of a stream in every cycle: 0 nothing, 1 a beat moves, 2 offered but not taken. */
export function streamStates(record, cycles, stream) {
  const states = new Uint8Array(cycles);
  const [valid, ready] = {
    s: [FLAG.sValid, FLAG.sReady], m: [FLAG.mValid, FLAG.mReady], plane: [FLAG.planeValid, FLAG.planeReady],
  }[stream] ?? [MAP_VALID + stream - 1, MAP_READY + stream - 1];
  for (let at = 0; at < cycles; at++) {
    const flags = record[at * WORDS];
    states[at] = (flags >> valid) & 1 ? ((flags >> ready) & 1 ? 1 : 2) : 0;
  }
  return states;
}
