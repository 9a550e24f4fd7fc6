// SPDX-License-Identifier: Apache-2.0
//
// From one avatar to another: equations 12 and 13 of the paper, as a strip and as a movement.

import { between } from "../core/latents.js";
import { $, brick, paintPlanes } from "./dom.js";
import { number, t } from "./texts.js";

const STEPS = 100, SECONDS = 4;

export class Walk {
  /** `latentOf(seed text)` is a latent or null; `take(z)` shows an avatar of the strip above. */
  constructor(remote, { latentOf, take }) {
    Object.assign(this, { _remote: remote, _latentOf: latentOf, _take: take, _moving: false, _round: 0 });
    $("walk-seed").onchange = () => this._aim();
    $("inner").onchange = () => this._strip();
    $("move").onclick = () => (this._moving ? this._stop() : this._move());
    $("position").oninput = () => {
      this._stop();
      this._show(Number($("position").value));
    };
  }

  /** Begin at this latent. */
  from(z) {
    this._first = z;
    this._aim();
  }

  relabel() {
    $("move").textContent = t(this._moving ? "stopMove" : "move");
    if (this._difference) this._said();
    for (const node of $("strip").children) node.setAttribute("aria-label", t("step", { t: node.dataset.t }));
  }

  _aim() {
    const z = this._latentOf($("walk-seed").value);
    $("walk-seed").setAttribute("aria-invalid", String(!z));
    if (!z || !this._first) return;
    this._second = z;
    this._strip();
    this._show(Number($("position").value));
  }

  async _strip() {
    const round = ++this._round, steps = Number($("inner").value) + 1;
    const bricks = Array.from({ length: steps + 1 }, (_, k) => {
      const z = between(this._first, this._second, k, steps);
      const node = brick(() => this._take(z));
      node.dataset.t = `${k}/${steps}`;
      return { z, node };
    });
    $("strip").replaceChildren(...bricks.map(({ node }) => node));
    this.relabel();
    for (const { z, node } of bricks) {
      const { pixels, difference } = await this._remote.ask("glance", { z });
      if (round !== this._round) return;
      paintPlanes(node.firstChild, pixels);
      node.classList.toggle("bad", difference.count > 0);
    }
  }

  /** The avatar at position `index` of STEPS; false if it was not drawn, for a newer one waits. */
  async _show(index) {
    this._wanted = index;
    if (this._drawing || !this._second) return;
    this._drawing = true;
    while (this._wanted !== null) {
      const at = this._wanted;
      this._wanted = null;
      const answer = await this._remote.ask("glance", { z: between(this._first, this._second, at, STEPS) });
      paintPlanes($("moving"), answer.pixels);
      this._difference = { ...answer.difference, at };
      this._said();
    }
    this._drawing = false;
  }

  _said() {
    const { at, count } = this._difference;
    const where = number(at / STEPS, 2);
    $("position-said").textContent = t("positionSaid", { t: where, count, pixels: 3072 });
    $("position").setAttribute("aria-valuetext", `t = ${where}`);
  }

  async _move() {
    this._moving = true;
    this.relabel();
    const began = performance.now(), offset = Number($("position").value) / STEPS;
    while (this._moving) {
      // There and back again, a round in 2 x SECONDS.
      const turn = (offset + (performance.now() - began) / (1000 * SECONDS)) % 2;
      const at = Math.round(STEPS * (turn > 1 ? 2 - turn : turn));
      $("position").value = at;
      await this._show(at);
      await new Promise(requestAnimationFrame);
    }
  }

  _stop() {
    this._moving = false;
    this.relabel();
  }
}
