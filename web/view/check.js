// SPDX-License-Identifier: Apache-2.0
//
// The verdict, a ROM bit to invert, and networks of the visitor's own.

import { $, make } from "./dom.js";
import { number, t } from "./texts.js";

const PIXELS = 3 * 32 * 32;

/** Write the verdict of a run, or what is going on (`run` null). */
export function writeVerdict(run, values, meanwhile = "drawing") {
  const node = $("verdict");
  node.className = "verdict";
  $("wrong").hidden = true;
  if (!run) {
    node.firstChild.textContent = t(meanwhile);
    return;
  }
  const { difference, mapDifference } = run;
  const good = !difference.count && !mapDifference.count;
  node.classList.add(good ? "good" : "bad");
  const facts = { pixels: PIXELS, values };
  const lines = [];
  if (good) lines.push(t("equalMore", facts));
  if (difference.count) lines.push(t("unequalMore", { ...facts, count: difference.count, ...difference.first }));
  else if (!good) lines.push(t("onlyMaps"));
  if (mapDifference.count) lines.push(t("unequalMaps", { ...facts, count: mapDifference.count, ...mapDifference.first }));
  const mark = good ? "✓ " : "✗ ";
  const title = make("b", { textContent: mark + t(good ? "equal" : "unequal") });
  node.firstChild.replaceChildren(title, lines.join(" "));
  if (difference.first) outline(difference.first);
}

/** Frame the first pixel that differs. */
function outline({ y, x }) {
  const picture = $("picture"), pixel = picture.clientWidth / 32, size = Math.max(pixel, 10);
  const place = (offset, at) => `${offset + (at + 0.5) * pixel - size / 2}px`;
  Object.assign($("wrong").style, {
    left: place(picture.offsetLeft, x), top: place(picture.offsetTop, y), width: `${size}px`, height: `${size}px`,
  });
  $("wrong").hidden = false;
}

export class CheckPanel {
  /** `again()` draws the same z with what the ROMs hold now; `loaded(facts)` follows a new network. */
  constructor(remote, page, { again, loaded }) {
    Object.assign(this, { _remote: remote, _page: page, _again: again, _loaded: loaded, _damage: null });
    $("rom").replaceChildren(...page.layout.map(({ name }) => make("option", { textContent: name })));
    $("rom").value = "layer4.hex";
    $("flip").onclick = () => this._flip();
    $("repair").onclick = () => this.repair();
    $("file").onchange = () => this._load($("file").files[0]);
    const drop = $("drop");
    for (const type of ["dragenter", "dragover"]) {
      document.addEventListener(type, (event) => {
        event.preventDefault();
        drop.classList.add("over");
      });
    }
    document.addEventListener("dragleave", (event) => event.relatedTarget || drop.classList.remove("over"));
    document.addEventListener("drop", (event) => {
      event.preventDefault();
      drop.classList.remove("over");
      this._load(event.dataTransfer.files[0]);
    });
  }

  /** Invert one bit; which one may be said by tests. */
  async flipBit(rom, word, bit) {
    this._damage = await this._remote.ask("flip", { rom, word, bit });
    this._writeDamage();
    await this._again();
  }

  /** A random bit that stores something: lanes are full, but the last word of a ROM may not be. */
  _flip() {
    const rom = this._page.layout.find(({ name }) => name === $("rom").value);
    const segment = rom.segments[Math.floor(Math.random() * rom.segments.length)];
    const length = segment.loops.reduce((product, [count]) => product * count, 1);
    const value = segment.at + Math.floor(Math.random() * length);
    const bit = (value % rom.lanes) * rom.lane_width + Math.floor(Math.random() * rom.lane_width);
    return this.flipBit(rom.name, Math.floor(value / rom.lanes), bit);
  }

  async repair() {
    if (!this._damage) return;
    await this._remote.ask("flip", { rom: null });
    this._forget();
    await this._again();
    $("flip").focus();
  }

  _forget() {
    this._damage = null;
    this._writeDamage();
  }

  _writeDamage() {
    $("damage").hidden = !this._damage;
    if (this._damage) $("damage").firstElementChild.textContent = t("damaged", this._damage);
  }

  async _load(file) {
    if (!file) return;
    try {
      const facts = await this._remote.ask("load", { integers: await file.arrayBuffer() });
      this._forget();
      this._said = { good: true, key: "loaded", facts: { name: file.name } };
      await this._loaded(facts);
    } catch (error) {
      this._said = { good: false, key: "refused", name: file.name, unfit: error.unfit, message: error.message };
    }
    this._writeSaid();
  }

  _writeSaid() {
    const said = this._said;
    if (!said) return;
    const reason = said.unfit ? t(`why_${said.unfit.key}`, said.unfit.facts) : said.message;
    $("loaded").className = said.good ? "good" : "bad";
    $("loaded").textContent = t(said.key, said.facts ?? { name: said.name, reason });
  }

  relabel(network) {
    const { shape } = this._page;
    const sum = (list) => list.reduce((total, n) => total + n, 0);
    const weights = [1, 2, 3, 4].map((l) => 16 * shape.channels[l - 1] * shape.channels[l]);
    const rows = [
      ["factNetwork", `${network}, ${shape.channels.join("-")}`], ["factWeights", number(sum(weights))],
      ["factBits", shape.weightBits.join(", ")],
      ["factMultipliers", `${shape.multipliers.join(" + ")} = ${sum(shape.multipliers)}`],
    ];
    $("facts").replaceChildren(...rows.flatMap(([key, value]) =>
      [make("dt", { textContent: t(key) }), make("dd", { textContent: value })]));
    this._writeDamage();
    this._writeSaid();
  }
}
