// SPDX-License-Identifier: Apache-2.0
//
// The stages of the machine as pictures: z, the feature maps while they fill, the planes, each with a
// meter of its multipliers.

import { LATENT, SIDES } from "../core/integers.js";
import { canvas, make } from "./dom.js";
import { number, t } from "./texts.js";

const EMPTY = [30, 36, 48], GAP = 1;
const PLANES = ["R", "G", "B"];

/** Pictures below one another, each with its name. */
const figures = (pictures, names) =>
  make("div", { className: "planes" }, ...pictures.map((picture, i) =>
    make("figure", {}, make("figcaption", { textContent: names[i] }), picture)));

export class Stages {
  constructor(root, shape) {
    this._shape = shape;
    this._inputs = PLANES.map(() => canvas(10, 10));
    this._maps = [1, 2, 3].map((layer) => this._mapCanvas(layer));
    this._planes = PLANES.map(() => canvas(32, 32));
    this._meters = [1, 2, 3, 4].map(() => make("b"));
    this._shares = [1, 2, 3, 4].map(() => make("span"));
    this._hints = {};
    root.replaceChildren(
      this._stage("z", "--s", figures(this._inputs, ["z", "z + v1", "z + v2"])),
      ...[1, 2, 3].map((layer) => this._stage(`layer${layer}`, `--l${layer}`, this._maps[layer - 1], layer)),
      this._stage("pixels", "--l4", figures(this._planes, PLANES), 4),
    );
  }

  _mapCanvas(layer) {
    const side = SIDES[layer] + GAP, columns = this._columns(layer);
    return canvas(columns * side - GAP, Math.ceil(this._shape.channels[layer] / columns) * side - GAP);
  }

  _columns(layer) {
    return Math.ceil(Math.sqrt(this._shape.channels[layer])); // nearly a square
  }

  _stage(name, colour, picture, layer) {
    const title = make("h3"), hint = make("p");
    this._hints[name] = { title, hint };
    const meter = layer
      ? [make("div", { className: "meter" }, make("i", {}, this._meters[layer - 1]), this._shares[layer - 1])]
      : [];
    return make("div", { className: "stage", style: { "--tone": `var(${colour})` } }, title, hint, picture, ...meter);
  }

  /** Titles in the language of the page. */
  relabel() {
    const { channels, lanes, multipliers } = this._shape;
    const numbers = (layer) => ({
      layer, side: SIDES[layer], channels: channels[layer], lanes: lanes[layer - 1], multipliers: multipliers[layer - 1],
    });
    this._hints.z.title.textContent = t("stageZ");
    for (const layer of [1, 2, 3]) {
      this._hints[`layer${layer}`].title.textContent = t("stageLayer", { layer });
      const facts = numbers(layer);
      this._hints[`layer${layer}`].hint.textContent = t(facts.multipliers ? "stageHint" : "stageAdders", facts);
    }
    this._hints.pixels.title.textContent = t("stagePixels");
    this._hints.pixels.hint.textContent = t("stagePixelsHint", numbers(4));
  }

  /** Everything as it is after `replay.cycle` cycles; `inputs` are what the three planes start from. */
  paint(replay, inputs) {
    inputs.forEach((values, plane) => this._paintInput(this._inputs[plane], values, replay.beats, plane));
    this._hints.z.hint.textContent = t("stageZHint", { n: replay.beats });
    for (const layer of [1, 2, 3]) this._paintMap(layer, replay.maps[layer - 1], replay.filled[layer - 1]);
    this._planes.forEach((node, plane) => this._paintPlane(node, replay, plane));
    replay.active.forEach((cycles, i) => {
      const share = replay.cycle ? cycles / replay.cycle : 0;
      this._meters[i].style.width = `${100 * share}%`;
      this._shares[i].textContent = t("percent", { n: Math.round(100 * share) });
      this._shares[i].title = t("atWork", { percent: Math.round(100 * share) });
    });
  }

  /** A square an entry: negative blue, positive orange, white is zero. */
  _paintInput(node, values, beats, plane) {
    const image = new ImageData(10, 10);
    for (let i = 0; i < LATENT; i++) {
      const size = Math.min(1, Math.abs(values[i]) / 64), pale = Math.round(235 * (1 - size));
      const colour = i >= beats ? EMPTY : values[i] >= 0 ? [240, 90 + pale * 0.6, 30 + pale * 0.8] : [30 + pale * 0.8, 100 + pale * 0.55, 240];
      image.data.set([...colour, 255], 4 * i);
    }
    node.getContext("2d").putImageData(image, 0, 0);
    node.setAttribute("aria-label", t("zLabel", { plane: PLANES[plane] }));
  }

  /** Channels side by side; red, green and blue are the planes. Square roots lift small values. */
  _paintMap(layer, map, filled) {
    const node = this._maps[layer - 1], side = SIDES[layer], channels = this._shape.channels[layer];
    const size = channels * side * side, columns = this._columns(layer), max = this._shape.actMax;
    const image = new ImageData(node.width, node.height);
    for (let c = 0; c < channels; c++) {
      const top = Math.floor(c / columns) * (side + GAP), left = (c % columns) * (side + GAP);
      for (let i = 0; i < side * side; i++) {
        const at = 4 * ((top + Math.floor(i / side)) * node.width + left + (i % side));
        for (let plane = 0; plane < 3; plane++) {
          const value = map[plane * size + c * side * side + i];
          image.data[at + plane] = EMPTY[plane] + (255 - EMPTY[plane]) * Math.sqrt(value / max);
        }
        image.data[at + 3] = 255;
      }
    }
    node.getContext("2d").putImageData(image, 0, 0);
    node.setAttribute("aria-label", t("mapLabel", { layer, n: filled, all: 3 * size }));
  }

  _paintPlane(node, replay, plane) {
    const size = SIDES[4] ** 2, image = new ImageData(32, 32);
    for (let p = 0; p < size; p++) {
      const value = replay.planes[plane * size + p];
      const there = plane * size + p < replay.pixels;
      image.data.set(there ? [value, value, value, 255] : [0, 0, 0, 0], 4 * p);
    }
    node.getContext("2d").putImageData(image, 0, 0);
    const there = Math.max(0, Math.min(size, replay.pixels - plane * size));
    node.setAttribute("aria-label", t("planeLabel", { plane: PLANES[plane], n: number(there) }));
  }
}
