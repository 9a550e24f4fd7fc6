// SPDX-License-Identifier: Apache-2.0
//
// The address of the page says what it shows: #seed=42, or #z= and 100 bytes in base64, and lang=.

import { LATENT, Z_MAX } from "../core/integers.js";

const LARGEST_SEED = (1n << 64n) - 1n;

/** The seed that a text means, a BigInt, or null. */
export function parseSeed(text) {
  if (!/^\d{1,20}$/.test(text.trim())) return null;
  const seed = BigInt(text.trim());
  return seed <= LARGEST_SEED ? seed : null;
}

/** { seed, z, lang }, each null if the address does not have it or it makes no sense. */
export function readAddress() {
  const parts = new URLSearchParams(location.hash.slice(1));
  return { seed: parseSeed(parts.get("seed") ?? ""), z: decode(parts.get("z")), lang: parts.get("lang") };
}

/** Say in the address what is shown, without a new entry in the history. */
export function writeAddress({ seed, z, lang }) {
  const parts = new URLSearchParams();
  if (seed !== null) parts.set("seed", String(seed));
  else parts.set("z", encode(z));
  if (lang) parts.set("lang", lang);
  history.replaceState(null, "", `#${parts}`);
}

const encode = (z) =>
  btoa(String.fromCharCode(...new Uint8Array(z.buffer, z.byteOffset, LATENT))).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");

function decode(text) {
  if (!text) return null;
  try {
    const bytes = Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
    return bytes.length === LATENT ? Int8Array.from(bytes, (b) => Math.max(-Z_MAX, (b << 24) >> 24)) : null;
  } catch {
    return null;
  }
}
