// SPDX-License-Identifier: Apache-2.0
//
// What a visitor can take home: the picture, z, and the waveforms of the run.

import { vcdText } from "../core/vcd.js";
import { $, canvas, paintPlanes, save } from "./dom.js";

const SCALE = 8;

/** Connect the three buttons; `current()` has the run and a stem for the names of files. */
export function connectDownloads(page, current) {
  $("get-png").onclick = () => {
    const { run, stem } = current();
    const small = canvas(32, 32), large = canvas(32 * SCALE, 32 * SCALE);
    paintPlanes(small, run.pixels);
    const context = large.getContext("2d");
    context.imageSmoothingEnabled = false;
    context.drawImage(small, 0, 0, large.width, large.height);
    large.toBlob((blob) => save(`${stem}.png`, blob, "image/png"));
  };
  $("get-z").onclick = () => {
    const { run, stem } = current();
    const facts = { network: page.network, scale: "1/32", z: [...run.z], latency_cycles: run.latency };
    save(`${stem}.json`, JSON.stringify(facts) + "\n", "application/json");
  };
  $("get-vcd").onclick = () => {
    const { run, stem } = current();
    save(`${stem}.vcd`, vcdText(run.record, run.cycles, page.board.mhz, `avatar-dcgan ${page.network}`), "text/plain");
  };
}
