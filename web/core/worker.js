// SPDX-License-Identifier: Apache-2.0
//
// The worker: hardware and integer model side by side, so that the page stays smooth.
//
// Messages have a `task` and an `id`; the answer has the same id. `wall` answers once for every avatar.

import { checkFits, readIntegers, Unfit } from "./integers.js";
import { comparePixels, compareMaps } from "./compare.js";
import { powerUp } from "./core.js";
import { drawGolden } from "./golden.js";
import { strongestDirections } from "./latents.js";
import { Replay } from "./record.js";
import { buildRoms, flipBit } from "./rom.js";

let module, shape, layout, network, roms, core;
let installed; // the ROMs that the core was powered up with: `roms`, or damaged ones
const stopped = new Set();

function install(contents) {
  core = powerUp(module, contents);
  installed = contents;
}

const tasks = {
  /** Compile the module and load the network that came with the page. */
  async open({ wasm, integers, page }) {
    module = await WebAssembly.compile(wasm);
    ({ shape, layout } = page);
    return tasks.load({ integers });
  },

  /** Take another network of the same shape; nothing changes if it does not fit. */
  load({ integers }) {
    const read = readIntegers(integers);
    checkFits(read, shape);
    network = read;
    roms = buildRoms(network, layout);
    install(roms);
    const { name, metadata, binary, offsets } = network;
    return { name, metadata, binary, offsets };
  },

  /** One avatar with its record, compared value by value. */
  draw({ z }) {
    core.start([z]);
    const began = performance.now();
    const record = core.runRecorded();
    const seconds = (performance.now() - began) / 1000;
    const replay = new Replay(shape);
    replay.seek(record, core.cycles);
    const pixels = core.planes(0), golden = drawGolden(network, z);
    return {
      z, pixels, record, seconds, cycles: core.cycles, firstBeat: core.firstBeat, latency: core.latency,
      status: core.status, golden: golden.pixels, maps: replay.maps,
      difference: comparePixels(pixels, golden.pixels),
      mapDifference: compareMaps(replay.maps, golden.maps, network.channels),
    };
  },

  /** Pixels only, without a record: for movements. */
  glance({ z }) {
    core.start([z]);
    core.run();
    const pixels = core.planes(0);
    return { z, pixels, difference: comparePixels(pixels, drawGolden(network, z).pixels) };
  },

  /** A batch of avatars (two or more) behind one another; each is posted when its last pixel has left. */
  async wall({ id, latents }) {
    const own = powerUp(module, installed); // other tasks come in between, and use `core`
    const its = network, last = latents.length - 1;
    let seconds = 0;
    own.start(latents);
    for (let index = 0; index <= last; index++) {
      if (stopped.delete(id)) return { stopped: true };
      const began = performance.now();
      own.run(index + 1);
      seconds += (performance.now() - began) / 1000;
      const pixels = own.planes(index);
      const difference = comparePixels(pixels, drawGolden(its, latents[index]).pixels);
      postMessage({ id, part: { index, pixels, difference, seconds } }, [pixels.buffer]);
      await breathe();
    }
    const cyclesPerAvatar = (own.lastPixel(last) - own.lastPixel(0)) / last;
    return { seconds, cyclesPerAvatar, count: latents.length };
  },

  stop({ which }) {
    stopped.add(which);
    return {};
  },

  /** Start the hardware again with one bit of a ROM inverted (rom: null puts everything right). */
  flip({ rom, word, bit }) {
    const entry = layout.find(({ name }) => name === rom);
    if (rom && !(word >= 0 && word < entry?.words && bit >= 0 && bit < entry.lanes * entry.lane_width)) {
      throw new Error(`there is no bit ${bit} in word ${word} of ${rom}`);
    }
    const changed = new Map(roms);
    if (rom) changed.set(rom, flipBit(entry, roms.get(rom), word, bit));
    install(changed);
    return { rom, word, bit };
  },

  directions({ count }) {
    return strongestDirections(network, count);
  },

  /** A batch behind one another, nothing compared: what was drawn, when, and in how many seconds. */
  batch({ latents }) {
    core.start(latents);
    const began = performance.now();
    core.run();
    const seconds = (performance.now() - began) / 1000;
    const drawn = latents.map((_, i) => ({ pixels: core.planes(i), lastPixel: core.lastPixel(i) }));
    return { seconds, drawn, cycles: core.cycles, firstBeat: core.firstBeat };
  },
};

/** Let messages in, such as a wish to stop. */
const breathe = () => new Promise((resolve) => setTimeout(resolve, 0));

onmessage = async ({ data }) => {
  try {
    const result = await tasks[data.task](data);
    postMessage({ id: data.id, result });
  } catch (error) {
    const unfit = error instanceof Unfit ? { key: error.key, facts: error.facts } : null;
    postMessage({ id: data.id, error: String(error.message ?? error), unfit });
  }
};
