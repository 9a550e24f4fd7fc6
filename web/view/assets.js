// SPDX-License-Identifier: Apache-2.0
//
// The files beside the page, or, in the page of one file, what is packed inside it.

/** { wasm, integers: ArrayBuffer, page: object, worker: URL } */
export async function loadAssets() {
  const [wasm, integers, page] = await Promise.all(["dut.wasm", "network.safetensors", "page.json"].map(bytesOf));
  const packed = document.getElementById("worker.js");
  const worker = packed
    ? URL.createObjectURL(new Blob([await bytesOf("worker.js")], { type: "text/javascript" }))
    : "worker.js";
  return { wasm, integers, page: JSON.parse(new TextDecoder().decode(page)), worker };
}

async function bytesOf(name) {
  const packed = document.getElementById(name);
  if (packed) return unpack(packed.textContent);
  const answer = await fetch(name);
  if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
  return answer.arrayBuffer();
}

function unpack(text) {
  const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).arrayBuffer();
}
