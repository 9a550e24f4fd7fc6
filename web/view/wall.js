// SPDX-License-Identifier: Apache-2.0
//
// A wall of avatars, drawn behind one another.

import { $, brick, paintPlanes } from "./dom.js";
import { number, t } from "./texts.js";

const COUNT = 64;

export class Wall {
  /** `latents(count)` makes new ones; `take(z)` shows one above. */
  constructor(remote, page, { latents, take }) {
    Object.assign(this, { _remote: remote, _page: page, _latents: latents, _take: take });
    $("fill").onclick = () => (this._running ? this._stop() : this._fill());
  }

  relabel() {
    $("fill").textContent = t(this._running ? "stop" : "fill");
    if (this._say) $("wall-said").textContent = this._say();
    [...$("bricks").children].forEach((node, i) => node.setAttribute("aria-label", t("brick", { n: i + 1 })));
  }

  async _fill() {
    const latents = this._latents(COUNT);
    let wrong = 0;
    const bricks = latents.map((z) => brick(() => this._take(z)));
    for (const node of bricks) node.disabled = true;
    $("bricks").replaceChildren(...bricks);
    const asked = this._remote.ask("wall", { latents }, ({ index, pixels, difference, seconds }) => {
      paintPlanes(bricks[index].firstChild, pixels);
      bricks[index].disabled = false;
      bricks[index].classList.toggle("bad", difference.count > 0);
      wrong += difference.count;
      this._say = null;
      $("wall-said").textContent = t("wallRunning", { n: index + 1, all: COUNT, rate: number((index + 1) / seconds, 1) });
    });
    this._running = asked.id;
    $("wall-said").setAttribute("aria-busy", "true"); // 64 messages are not for reading out
    this.relabel();
    const done = await asked.finally(() => { this._running = null; });
    $("wall-said").setAttribute("aria-busy", "false");
    if (!done.stopped) this._summary(done, wrong);
    this.relabel();
  }

  _summary({ seconds, cyclesPerAvatar, count }, wrong) {
    const { mhz } = this._page.board;
    this._say = () => t("wallDone", {
      n: count, rate: number(count / seconds, 1), cycles: number(Math.round(cyclesPerAvatar)), mhz,
      board: number(Math.floor((mhz * 1e6) / cyclesPerAvatar)), count: wrong,
    });
  }

  _stop() {
    this._remote.ask("stop", { which: this._running });
  }
}
