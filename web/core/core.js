// SPDX-License-Identifier: Apache-2.0
//
// The hardware as an object: the Verilated RTL with its ROMs, latents in, pixels and records out.

import { SIDES } from "./integers.js";
import { WORDS } from "./record.js";
import { makeWasi } from "./wasi.js";

const PIXELS = SIDES[4] ** 2;
const FOLDER = "rom"; // RomDir of dut.sv
const BLOCK = 20000; // cycles a call where nothing is recorded
const MOST_CYCLES = 50_000_000; // of a batch: more would be a core that hangs

/** Power up the compiled `module` with ROM files (name -> Uint8Array). */
export function powerUp(module, roms) {
  const wasi = makeWasi(FOLDER, roms);
  const { exports } = new WebAssembly.Instance(module, wasi.importsOf(module));
  wasi.attach(exports.memory);
  exports._initialize();
  exports.power_up();
  if (wasi.problems.length) throw new Error(wasi.problems.join("; "));
  if (exports.record_words() !== WORDS) throw new Error("the record is not the one of record.js");
  return new Core(exports);
}

class Core {
  constructor(exports) {
    this._e = exports;
    this.batch = exports.most_latents();
  }

  /** Give latents (at most `batch`); the avatars come by `run`. */
  start(latents) {
    if (latents.length > this.batch) throw new Error(`at most ${this.batch} latents at once`);
    latents.forEach((z, i) => new Int8Array(this._e.memory.buffer).set(z, this._e.latent_at(i)));
    this._e.start(latents.length);
    this._wanted = latents.length;
  }

  /** Run until `count` avatars are drawn. */
  run(count = this._wanted) {
    while (this._e.avatars_drawn() < count) this._step(BLOCK, 0);
  }

  /** Run until all is drawn; returns the record of every cycle, Uint32Array [cycles, WORDS]. */
  runRecorded() {
    const parts = [];
    let total = 0;
    while (this._e.avatars_drawn() < this._wanted) {
      const done = this._step(this._e.most_records(), 1);
      parts.push(new Uint32Array(this._e.memory.buffer, this._e.records_at(), done * WORDS).slice());
      total += done;
    }
    const record = new Uint32Array(total * WORDS);
    let at = 0;
    for (const part of parts) {
      record.set(part, at);
      at += part.length;
    }
    return record;
  }

  _step(cycles, recording) {
    const done = this._e.step(cycles, recording);
    if (!done) throw new Error("nothing is left to draw");
    if (this._e.misplaced_marks()) throw new Error("tuser or tlast came in a wrong place");
    if (this._e.cycles() > MOST_CYCLES) throw new Error("the hardware does not end");
    return done;
  }

  /** Pixels of avatar i, Uint8Array [3, 32, 32], planes R, G, B. */
  planes(i) {
    const words = new Uint32Array(this._e.memory.buffer, this._e.pixels_at(i), PIXELS);
    const out = new Uint8Array(3 * PIXELS);
    for (let p = 0; p < PIXELS; p++) {
      out[p] = words[p] >> 16;
      out[PIXELS + p] = words[p];
      out[2 * PIXELS + p] = words[p] >> 8;
    }
    return out;
  }

  get cycles() { return this._e.cycles(); }

  get firstBeat() { return this._e.first_beat(); }

  /** Cycle in which the last pixel of avatar i moved, the first cycle of the batch is 1. */
  lastPixel(i) { return this._e.last_pixel(i); }

  /** From the first byte of the first latent to the last pixel of the first avatar, both included. */
  get latency() { return this.lastPixel(0) - this.firstBeat + 1; }

  /** What the core counts itself. */
  get status() {
    const [avatars, malformed, cycles, multiplierCycles] = [0, 1, 2, 3].map((i) => this._e.status(i));
    return { avatars, malformed, cycles, multiplierCycles };
  }
}
