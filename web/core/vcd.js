// SPDX-License-Identifier: Apache-2.0
//
// The record of a run as a value change dump (IEEE 1364), for GTKWave and its like.

import { active, colour, dataWords, flag, latentByte, mapReady, mapValid, plane, planePixel, tag } from "./record.js";

const HALF_PERIODS = 2; // times a cycle: the clock rises at the second

/** Text of the dump; `mhz` gives the length of a cycle. */
export function vcdText(record, cycles, mhz, banner) {
  const signals = signalsOf();
  const period = Math.round(1e6 / mhz / HALF_PERIODS); // in picoseconds
  const lines = [`$comment ${banner} $end`, "$timescale 1ps $end", "$scope module dut $end", "$var wire 1 ! aclk $end"];
  let scope = "";
  signals.forEach((signal, i) => {
    signal.code = `s${i}`;
    if (signal.scope !== scope) {
      if (scope) lines.push("$upscope $end");
      if (signal.scope) lines.push(`$scope module ${signal.scope} $end`);
      scope = signal.scope;
    }
    lines.push(`$var wire ${signal.width} ${signal.code} ${signal.name} $end`);
  });
  if (scope) lines.push("$upscope $end");
  lines.push("$upscope $end", "$enddefinitions $end");
  const last = signals.map(() => null);
  for (let at = 0; at < cycles; at++) {
    lines.push(`#${HALF_PERIODS * at * period}`, "0!");
    signals.forEach((signal, i) => {
      const value = signal.value(record, at);
      if (value === last[i]) return;
      last[i] = value;
      lines.push(signal.width === 1 ? `${value}${signal.code}` : `b${value.toString(2)} ${signal.code}`);
    });
    lines.push(`#${(HALF_PERIODS * at + 1) * period}`, "1!");
  }
  lines.push(`#${HALF_PERIODS * cycles * period}`, "0!");
  return lines.join("\n") + "\n";
}

function signalsOf() {
  const bit = (name, field, scope = "") => ({ scope, name, width: 1, value: (r, at) => flag(r, at, field) });
  const list = [
    bit("s_axis_tvalid", "sValid"), bit("s_axis_tready", "sReady"), bit("s_axis_tlast", "sLast"),
    { scope: "", name: "s_axis_tdata", width: 8, value: (r, at) => latentByte(r, at) & 255 },
    bit("m_axis_tvalid", "mValid"), bit("m_axis_tready", "mReady"), bit("m_axis_tuser", "mUser"), bit("m_axis_tlast", "mLast"),
    { scope: "", name: "m_axis_tdata", width: 24, value: colour },
    bit("status_busy", "busy"),
  ];
  for (let layer = 1; layer <= 4; layer++) {
    const scope = `layer${layer}`;
    list.push(
      { scope, name: "active", width: 1, value: (r, at) => active(r, at, layer) },
      { scope, name: "out_valid", width: 1, value: (r, at) => mapValid(r, at, layer) },
      { scope, name: "out_ready", width: 1, value: (r, at) => mapReady(r, at, layer) },
      { scope, name: "out_row", width: 8, value: (r, at) => tag(r, at, layer).row },
      { scope, name: "out_col", width: 8, value: (r, at) => tag(r, at, layer).col },
      { scope, name: "out_channel", width: 16, value: (r, at) => tag(r, at, layer).channel },
      { scope, name: "out_data", width: 64, value: (r, at) => wide(dataWords(r, at, layer)) },
    );
  }
  const scope = "planes";
  list.push(
    bit("pixel_valid", "planeValid", scope), bit("pixel_ready", "planeReady", scope),
    { scope, name: "pixel_user", width: 2, value: plane }, { scope, name: "pixel_data", width: 8, value: planePixel },
  );
  return list;
}

/** Two words as one number: exact up to 53 bits, and beyond as a BigInt. */
const wide = ([low, high]) => (high < 1 << 21 ? high * 2 ** 32 + low : (BigInt(high) << 32n) | BigInt(low));
