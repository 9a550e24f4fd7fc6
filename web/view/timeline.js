// SPDX-License-Identifier: Apache-2.0
//
// What streams and layers did over a run: a row each, a column of pixels for some cycles, split by what
// happened in them; and the same as a table.

import { SIDES } from "../core/integers.js";
import { layerStates, STATES, streamStates } from "../core/record.js";
import { $, make, tone } from "./dom.js";
import { number, t } from "./texts.js";

const LAYER_ROW = 26, STREAM_ROW = 15, GAP = 3;
const KEYS = { work: "stateWork", drain: "stateDrain", held: "stateHeld", wait: "stateWait", rest: "stateRest" };
const DRAIN_ALPHA = 0.42;

export class Timeline {
  /** `onSeek(cycle)` is called when the visitor points at a cycle. */
  constructor(onSeek) {
    this._plot = $("plot");
    this._rows = [];
    const frame = this._plot.parentElement;
    const seek = (event) => {
      const box = frame.getBoundingClientRect();
      onSeek(Math.round(this._cycles * Math.min(1, Math.max(0, (event.clientX - box.left) / box.width))));
    };
    frame.addEventListener("pointerdown", (event) => {
      frame.setPointerCapture(event.pointerId);
      seek(event);
    });
    frame.addEventListener("pointermove", (event) => event.buttons && seek(event));
    new ResizeObserver(() => this.paint()).observe(frame);
  }

  /** A finished run. */
  show(record, cycles, shape) {
    this._cycles = cycles;
    const layers = layerStates(record, cycles, shape);
    const stream = (name, label, colour) => ({ states: streamStates(record, cycles, name), label, colour, height: STREAM_ROW });
    this._layers = layers;
    this._rows = [stream("s", ["rowS"], "--s")];
    for (let layer = 1; layer <= 4; layer++) {
      this._rows.push({ states: layers[layer - 1], label: ["rowLayer", { layer }], colour: `--l${layer}`, height: LAYER_ROW, layer: true });
      this._rows.push(stream(layer, ["rowMap", { side: SIDES[layer] }], `--l${layer}`));
    }
    this._rows.push(stream("plane", ["rowPlane"], "--s"), stream("m", ["rowM"], "--s"));
    this.relabel();
    this.paint();
  }

  point(cycle) {
    $("now").style.left = `${(100 * cycle) / this._cycles}%`;
  }

  relabel() {
    $("rows").replaceChildren(...this._rows.map(({ label, height, layer }) =>
      make("li", { className: layer ? "" : "stream", textContent: t(...label), style: { height: `${height + GAP}px` } })));
    const patch = (colour, alpha, key) =>
      make("li", {}, make("i", { style: { background: `color-mix(in srgb, var(${colour}) ${alpha}%, transparent)` } }), t(key));
    $("legend").replaceChildren(
      patch("--l1", 100, "stateWork"), patch("--l1", 100 * DRAIN_ALPHA, "stateDrain"), patch("--held", 100, "stateHeld"),
      patch("--wait", 100, "stateWait"), patch("--rest", 100, "stateRest"),
      patch("--s", 100, "beat"), patch("--held", 100, "stalled"));
    this._table();
  }

  _table() {
    if (!this._layers) return;
    const table = $("reasons");
    table.caption.textContent = t("reasons", { n: this._cycles });
    const head = (text) => make("th", { scope: "col", textContent: text });
    table.tHead.replaceChildren(make("tr", {}, head(t("layer")), ...STATES.map((state) => head(t(KEYS[state])))));
    table.tBodies[0].replaceChildren(...this._layers.map((states, i) => {
      const counts = STATES.map(() => 0);
      for (const state of states) counts[state]++;
      const cells = counts.map((count) => make("td", { textContent: t("percent", { n: number((100 * count) / this._cycles, 1) }) }));
      return make("tr", {}, make("th", { scope: "row", textContent: t("stageLayer", { layer: i + 1 }) }), ...cells);
    }));
  }

  paint() {
    if (!this._rows.length) return;
    const density = window.devicePixelRatio || 1;
    const width = Math.max(1, Math.round(this._plot.parentElement.clientWidth * density));
    const height = this._rows.reduce((sum, row) => sum + row.height + GAP, 0);
    this._plot.width = width;
    this._plot.height = Math.round(height * density);
    this._plot.style.height = `${height}px`;
    const context = this._plot.getContext("2d");
    let top = 0;
    for (const row of this._rows) {
      this._paintRow(context, row, Math.round(top * density), Math.round(row.height * density), width);
      top += row.height + GAP;
    }
  }

  /** Shares of the states of each column's cycles, stacked from below. */
  _paintRow(context, row, top, height, width) {
    const solid = tone(row.colour);
    const parts = row.layer
      ? [[0, solid, 1], [1, solid, DRAIN_ALPHA], [2, tone("--held"), 1], [3, tone("--wait"), 1]]
      : [[1, solid, 1], [2, tone("--held"), 1]];
    for (let x = 0; x < width; x++) {
      const from = Math.floor((x * this._cycles) / width);
      const to = Math.max(from + 1, Math.floor(((x + 1) * this._cycles) / width));
      const counts = [0, 0, 0, 0, 0];
      for (let at = from; at < to; at++) counts[row.states[at]]++;
      let below = top + height;
      for (const [state, colour, alpha] of parts) {
        const part = (height * counts[state]) / (to - from);
        if (!part) continue;
        context.globalAlpha = alpha;
        context.fillStyle = colour;
        context.fillRect(x, below - part, 1, part);
        below -= part;
      }
    }
    context.globalAlpha = 1;
  }
}
