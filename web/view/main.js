// SPDX-License-Identifier: Apache-2.0
//
// The page: what is shown, and who has to know.

import { drawLatents, evenNumbers } from "../core/latents.js";
import { parseSeed, readAddress, writeAddress } from "./address.js";
import { loadAssets } from "./assets.js";
import { CheckPanel, writeVerdict } from "./check.js";
import { $, make, paintPlanes } from "./dom.js";
import { connectDownloads } from "./downloads.js";
import { LatentPanel } from "./latent.js";
import { Machine } from "./machine.js";
import { Remote } from "./remote.js";
import { languageNow, number, preferred, setLanguage, t } from "./texts.js";
import { Walk } from "./walk.js";
import { Wall } from "./wall.js";

const DIRECTIONS = 5;
const FIRST_SEED = 7n, WALK_SEED = 21n;
const RANDOM_SEEDS = 1_000_000;

class Page {
  constructor({ page, remote }) {
    Object.assign(this, { page, remote, seed: FIRST_SEED, run: null, chosenLanguage: null });
    const take = (z) => this.show(z, { seed: null, play: false, focus: true });
    this.latent = new LatentPanel((z) => this.show(z, { seed: null, play: false, keep: true }));
    this.machine = new Machine(page, (replay, ended) => this._paint(replay, ended));
    this.check = new CheckPanel(remote, page, {
      again: () => this.show(this.z, { seed: this.seed, play: false, keep: true }),
      loaded: (facts) => this._loaded(facts),
    });
    this.walk = new Walk(remote, { latentOf: (text) => this._latentOf(text), take });
    this.wall = new Wall(remote, page, { latents: (count) => drawLatents(this._randomSeed(), count, page.thresholds), take });
    this._buttons();
  }

  /** Draw z. `seed` is null for a z of one's own; `keep` leaves sliders as they are. */
  async show(z, { seed, play, keep = false, focus = false }) {
    Object.assign(this, { z, seed });
    this._next = { z, play };
    $("seed").value = seed === null ? "" : String(seed);
    writeAddress({ seed, z, lang: this.chosenLanguage });
    if (!keep) this.latent.take(z);
    if (focus) $("avatar").focus();
    if (!this._drawing) this._drawing = this._drawAll().finally(() => { this._drawing = null; });
    return this._drawing;
  }

  /** Draw what is wanted now until nothing newer came meanwhile. */
  async _drawAll() {
    while (this._next) {
      const { z, play } = this._next;
      this._next = null;
      const run = await this.remote.ask("draw", { z });
      this.run = run;
      this._judged = null;
      document.documentElement.dataset.first ??= Math.round(performance.now());
      this.machine.show(run, play && !matchMedia("(prefers-reduced-motion: reduce)").matches);
      this._how();
    }
    this.walk.from(this.z);
  }

  /** The avatar at a cycle of the run: planes first, then everything, then the verdict. */
  _paint(replay, ended) {
    const { run } = this;
    paintPlanes($("picture"), ended ? run.pixels : replay.planes, ended ? undefined : replay.pixels);
    $("picture").setAttribute("aria-label", t("picture", { what: this.seed === null ? t("ofOwn") : t("ofSeed", { seed: String(this.seed) }) }));
    const judged = ended ? languageNow() : "";
    if (judged === this._judged) return; // a status that is written again is read out again
    this._judged = judged;
    const values = replay.sizes.reduce((sum, size) => sum + 3 * size, 0);
    writeVerdict(ended ? run : null, values);
  }

  async start() {
    const { seed, z, lang } = readAddress();
    this.chosenLanguage = lang;
    this.language(lang ?? preferred());
    $("walk-seed").value = String(WALK_SEED);
    this.network = this.machine.network = await this.opened;
    this.latent.describe(this.network, this._attributes(this.network), []);
    if (z) await this.show(z, { seed: null, play: false });
    else await this.show(this._latentOf(String(seed ?? FIRST_SEED)), { seed: seed ?? FIRST_SEED, play: true });
    await this._describe();
    this.language(languageNow());
  }

  async _loaded(facts) {
    this.network = this.machine.network = facts;
    await this.show(this.z, { seed: this.seed, play: false });
    await this._describe();
    this.language(languageNow());
  }

  /** Attributes and directions of the network. */
  async _describe() {
    const attributes = this._attributes(this.network);
    const directions = await this.remote.ask("directions", { count: DIRECTIONS });
    this.latent.describe(this.network, attributes, directions);
    this.latent.take(this.z);
  }

  /** A file names its own attributes; where it does not, those of the same recipe are meant. */
  _attributes({ metadata, binary }) {
    const training = metadata.training ?? {}, named = training.data?.attributes;
    const codes = training.data?.attribute_codes ?? {}, order = training.data?.attribute_order ?? Object.keys(named ?? {});
    if (named) return order.map((name) => ({ name, values: named[name], numbers: codes[name] ?? evenNumbers(named[name].length) }));
    return binary && training.recipe?.name === this.page.recipe ? this.page.attributes : [];
  }

  _latentOf(text) {
    const seed = parseSeed(text);
    return seed === null ? null : drawLatents(seed, 1, this.page.thresholds)[0];
  }

  _randomSeed() {
    return BigInt(Math.floor(Math.random() * RANDOM_SEEDS));
  }

  /** Seconds that the hardware alone takes for `count` avatars, at most a batch. */
  async race(count) {
    return (await this.remote.ask("batch", { latents: drawLatents(FIRST_SEED, count, this.page.thresholds) })).seconds;
  }

  language(chosen) {
    setLanguage(chosen, { mhz: this.page.board.mhz });
    for (const part of [this.latent, this.machine, this.walk, this.wall]) part.relabel();
    this.check.relabel(this.network?.name ?? this.page.network);
    this._judged = null;
    if (this.run) this.machine.relabel();
    else writeVerdict(null, 0, "opening");
    this._how();
  }

  _how() {
    const { mhz } = this.page.board;
    const rate = this.run ? this.run.cycles / this.run.seconds : 0;
    const lines = [t("how1"), t("how2"), t("how4")];
    if (rate) lines.splice(2, 0, t("how3", { factor: number(Math.round((mhz * 1e6) / rate)), mhz, tens: number(100 * mhz) }));
    $("how").replaceChildren(...lines.map((textContent) => make("li", { textContent })));
  }

  _buttons() {
    const seeded = (seed) => this.show(this._latentOf(String(seed)), { seed, play: true });
    $("another").onclick = () => seeded(this._randomSeed());
    $("seed").onchange = () => {
      const seed = parseSeed($("seed").value);
      $("seed").setAttribute("aria-invalid", String(seed === null));
      $("said").textContent = seed === null ? t("badSeed") : "";
      if (seed !== null) seeded(seed);
    };
    $("share").onclick = async () => {
      const copied = await navigator.clipboard?.writeText(location.href).then(() => true, () => false);
      $("said").textContent = t(copied ? "copied" : "copyFailed");
    };
    connectDownloads(this.page, () => ({ run: this.run, stem: this.seed === null ? "avatar" : `avatar-${this.seed}` }));
    for (const button of document.querySelectorAll("[data-language]")) {
      button.onclick = () => {
        this.chosenLanguage = button.dataset.language;
        this.language(this.chosenLanguage);
        if (this.run) writeAddress({ seed: this.seed, z: this.z, lang: this.chosenLanguage });
      };
    }
    window.addEventListener("hashchange", () => {
      const { seed, z } = readAddress();
      if (z) this.show(z, { seed: null, play: false });
      else if (seed !== null) seeded(seed);
    });
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const theme = () => {
      document.documentElement.dataset.theme = $("theme").value || (dark.matches ? "dark" : "light");
      this.machine.repaint();
    };
    $("theme").onchange = dark.onchange = theme;
    theme();
  }
}

async function open() {
  setLanguage(readAddress().lang ?? preferred(), {});
  try {
    const { wasm, integers, page, worker } = await loadAssets();
    const remote = new Remote(worker);
    const shown = new Page({ page, remote });
    shown.opened = remote.ask("open", { wasm, integers, page });
    await shown.start();
    window.avatarPage = shown; // the tests ask it
    document.documentElement.dataset.ready = "yes";
  } catch (error) {
    $("verdict").className = "verdict bad";
    $("verdict").firstChild.textContent = t("failed", { error: error.message });
    document.documentElement.dataset.ready = "failed";
    throw error;
  }
}

open();
