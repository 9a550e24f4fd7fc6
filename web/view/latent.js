// SPDX-License-Identifier: Apache-2.0
//
// Ways to move z: attributes, directions, single entries.

import { codedAttributes, moved, withAttribute } from "../core/latents.js";
import { LATENT, Z_MAX } from "../core/integers.js";
import { $, make } from "./dom.js";
import { number, t, word } from "./texts.js";

const REACH = 4, STEP = 0.1; // of a direction, in standard deviations of an entry

export class LatentPanel {
  /** `onMove(z)` is called with every new z. */
  constructor(onMove) {
    this._onMove = onMove;
    this._attributes = [];
    this._directions = [];
    this._amounts = [];
    this._entries = [];
    $("entries").ontoggle = () => this._openEntries();
  }

  /** The network changed: other attributes, other directions. */
  describe({ binary, metadata }, attributes, directions) {
    this._binary = binary;
    this._random = metadata.source === "random";
    this._attributes = attributes;
    this._directions = directions;
    this._build();
  }

  relabel() {
    this._build();
    if (this._z) this._write();
  }

  /** z came from elsewhere: sliders follow, directions start again from it. */
  take(z) {
    this._z = z;
    this._base = z;
    this._amounts = this._directions.map(() => 0);
    this._write();
  }

  get _codes() {
    return this._attributes.map(({ numbers }) => numbers);
  }

  _build() {
    if (this._binary !== undefined) {
      const hints = [t(this._binary ? "latentBinary" : "latentNormal"), this._random ? t("latentRandom") : ""];
      $("latent-hint").textContent = hints.join(" ").trim();
    }
    $("attributes").hidden = !this._attributes.length;
    this._selects = this._attributes.map(({ name, values }, i) => {
      const options = values.map((value, n) => make("option", { value: n, textContent: word(value) }));
      const select = make("select", { id: `attribute-${name}` }, ...options);
      select.onchange = () => {
        this.take(withAttribute(this._z, this._codes, i, Number(select.value)));
        this._onMove(this._z);
      };
      return make("label", {}, make("span", { textContent: word(name) }), select);
    });
    $("attributes").querySelector(".fields").replaceChildren(...this._selects);
    this._sliders = this._directions.map((_, i) => this._slider(i));
    $("directions").querySelector(".fields").replaceChildren(...this._sliders);
    for (const { label, slider, index } of this._entries) {
      label.firstChild.textContent = index;
      slider.setAttribute("aria-label", t("entry", { n: index }));
    }
  }

  _slider(i) {
    const slider = make("input", { type: "range", min: -REACH, max: REACH, step: STEP, value: this._amounts[i] ?? 0 });
    const shown = make("output", { textContent: number(0, 1) });
    slider.oninput = () => {
      this._amounts[i] = Number(slider.value);
      shown.textContent = number(this._amounts[i], 1);
      this._z = moved(this._base, this._directions, this._amounts);
      this._writeEntries();
      this._writeAttributes();
      this._onMove(this._z);
    };
    return make("label", {}, make("span", { textContent: t("direction", { n: i + 1 }) }), slider, shown);
  }

  _openEntries() {
    if (this._entries.length) return;
    this._entries = Array.from({ length: LATENT }, (_, index) => {
      const slider = make("input", { type: "range", min: -Z_MAX, max: Z_MAX, step: 1, "aria-label": t("entry", { n: index }) });
      slider.oninput = () => {
        const z = this._z.slice();
        z[index] = Number(slider.value);
        this._z = this._base = z;
        this._amounts = this._directions.map(() => 0);
        this._writeDirections();
        this._writeAttributes();
        this._onMove(z);
      };
      const label = make("label", {}, make("span", { textContent: index }), slider);
      return { label, slider, index };
    });
    $("entries").querySelector(".grid100").replaceChildren(...this._entries.map(({ label }) => label));
    this._writeEntries();
  }

  _write() {
    this._writeAttributes();
    this._writeDirections();
    this._writeEntries();
  }

  _writeAttributes() {
    const values = codedAttributes(this._z, this._codes);
    this._selects.forEach((label, i) => { label.lastChild.value = values[i]; });
  }

  _writeDirections() {
    this._sliders.forEach((label, i) => {
      label.children[1].value = this._amounts[i];
      label.lastChild.textContent = number(this._amounts[i] ?? 0, 1);
    });
  }

  _writeEntries() {
    for (const { slider, index } of this._entries) slider.value = this._z[index];
  }
}
