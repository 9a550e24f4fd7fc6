// SPDX-License-Identifier: Apache-2.0
//
// The machine: plays the record of a run, forwards, backwards and at any cycle.

import { LATENT, ONE } from "../core/integers.js";
import { Replay } from "../core/record.js";
import { $ } from "./dom.js";
import { Stages } from "./maps.js";
import { number, t } from "./texts.js";
import { Timeline } from "./timeline.js";

export class Machine {
  /** `onCycle(replay, ended)` paints the avatar. */
  constructor(page, onCycle) {
    this._page = page;
    this._onCycle = onCycle;
    this._replay = new Replay(page.shape);
    this._stages = new Stages($("stages"), page.shape);
    this._timeline = new Timeline((cycle) => this._jump(cycle));
    this._playing = false;
    $("play").onclick = () => (this._playing ? this._pause() : this._play());
    $("cursor").oninput = () => this._jump(Number($("cursor").value));
  }

  /** What the three planes start from: x, x + v1, x + v2, where x is z or, if binary, its signs. */
  _inputs({ z }) {
    const { binary, offsets } = this.network;
    const x = Array.from(z, (value) => (binary ? (value >= 0 ? ONE : -ONE) : value));
    return offsets.map((v) => Array.from({ length: LATENT }, (_, i) => x[i] + v[i]));
  }

  /** A new run; `play` shows it from the first cycle on. */
  show(run, play) {
    this._run = run;
    this._planeInputs = this._inputs(run);
    // The record begins with the first cycle after `start`, and ends with the last pixel.
    this._cycles = run.cycles;
    $("cursor").max = this._cycles;
    this._timeline.show(run.record, this._cycles, this._page.shape);
    this._replay.clear();
    this._numbers();
    if (play) this._play(0);
    else {
      this._playing = false;
      this._seek(this._cycles);
    }
  }

  relabel() {
    this._stages.relabel();
    if (!this._run) return;
    this._timeline.relabel();
    this._numbers();
    this._seek(this._replay.cycle);
  }

  repaint() {
    this._timeline.paint();
  }

  /** Stop at a share of the run, 0 to 1. */
  seek(share) {
    this._jump(Math.round(share * this._cycles));
  }

  _play(from = this._replay.cycle >= this._cycles ? 0 : this._replay.cycle) {
    this._playing = true;
    this._began = performance.now();
    this._from = from;
    this._seek(from);
    requestAnimationFrame((now) => this._frame(now));
  }

  _pause() {
    this._playing = false;
    this._seek(this._replay.cycle);
  }

  _jump(cycle) {
    if (!this._run) return;
    this._playing = false;
    this._seek(cycle);
  }

  _frame(now) {
    if (!this._playing) return;
    const seconds = Number($("speed").value);
    const cycle = Math.min(this._cycles, this._from + Math.floor((this._cycles * Math.max(0, now - this._began)) / (1000 * seconds)));
    if (cycle >= this._cycles) this._playing = false;
    this._seek(cycle);
    if (this._playing) requestAnimationFrame((next) => this._frame(next));
  }

  _seek(cycle) {
    const { _replay: replay, _run: run } = this;
    replay.seek(run.record, cycle);
    this._stages.paint(replay, this._planeInputs);
    this._timeline.point(cycle);
    $("cursor").value = cycle;
    $("cursor").setAttribute("aria-valuetext", t("cycles", { n: cycle }));
    $("play").textContent = t(this._playing ? "pause" : "play");
    $("at-cycle").textContent = `${number(cycle)} / ${number(this._cycles)}`;
    $("at-time").textContent = t("micro", { n: number(cycle / this._page.board.mhz, 1) });
    this._busy(cycle);
    this._onCycle(replay, !this._playing && cycle >= this._cycles);
  }

  /** Share of all multipliers that multiply, up to now. */
  _busy(cycle) {
    const { multipliers } = this._page.shape;
    const all = multipliers.reduce((sum, n) => sum + n, 0);
    const worked = this._replay.active.reduce((sum, cycles, i) => sum + cycles * multipliers[i], 0);
    $("busy").textContent = t("percent", { n: number(cycle ? (100 * worked) / (cycle * all) : 0, 1) });
  }

  _numbers() {
    const { latency } = this._run;
    $("latency").textContent = number(latency);
    $("latency-time").textContent = t("micro", { n: number(latency / this._page.board.mhz, 1) });
  }
}
