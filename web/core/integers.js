// SPDX-License-Identifier: Apache-2.0
//
// The integer Generator of a *_int.safetensors file: the twin of model/dcgan/quant/int_generator.py.

export const LATENT = 100;
export const LAYERS = 4;
export const Z_MAX = 127;
export const ONE = 32; // 1 on the grid of z
export const SIDES = [1, 4, 8, 16, 32];
const METADATA = "integer_generator";
const FORMAT = "avatar-dcgan integer generator, version 1";
const TYPES = { I8: Int8Array, U8: Uint8Array, I32: Int32Array };
const MIN_ACC_WIDTH = 18, MOST_HEADER = 1 << 20;

/** Error with a sentence for the visitor: its `key` is looked up in the texts of the page. */
export class Unfit extends Error {
  constructor(key, facts = {}) {
    super(`${key} ${JSON.stringify(facts)}`);
    this.key = key;
    this.facts = facts;
  }
}

/** Read a file's bytes; throws Unfit if it holds no integer Generator. */
export function readIntegers(buffer) {
  const { header, tensor } = open(buffer);
  let about;
  try {
    about = JSON.parse(header.__metadata__[METADATA]);
  } catch {
    throw new Unfit("notIntegers");
  }
  if (about?.format !== FORMAT || !Array.isArray(about.config?.channels)) throw new Unfit("notIntegers");
  const channels = about.config.channels;
  const layers = [1, 2, 3, 4];
  const network = {
    name: String(about.config.name),
    channels,
    metadata: about.metadata ?? {},
    weightBits: about.weight_bits,
    tanhBits: about.tanh_index_bits,
    weights: layers.map((l) => tensor(`layer${l}.weight`, "I8", [channels[l - 1], channels[l], 4, 4])),
    biases: layers.map((l) => tensor(`layer${l}.bias`, "I32", [channels[l]])),
    shifts: layers.map((l) => tensor(`layer${l}.shift`, "I32", [])[0]),
    offsets: [new Int8Array(LATENT), tensor("v1", "I8", [LATENT]), tensor("v2", "I8", [LATENT])],
    actMax: tensor("activation.max", "I32", [])[0],
    tanh: tensor("tanh.table", "U8", [2 ** about.tanh_index_bits]),
  };
  network.binary = ["signs", "binary"].includes(network.metadata.latents);
  checkRanges(network);
  return network;
}

/** Header of a safetensors file, and a function that reads a tensor of it. */
function open(buffer) {
  if (buffer.byteLength < 8) throw new Unfit("notIntegers");
  const size = Number(new DataView(buffer).getBigUint64(0, true));
  if (size > Math.min(MOST_HEADER, buffer.byteLength - 8)) throw new Unfit("notIntegers");
  let header;
  try {
    header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 8, size)));
  } catch {
    throw new Unfit("notIntegers");
  }
  const tensor = (name, type, shape) => {
    const found = header?.[name];
    if (found?.dtype !== type || JSON.stringify(found.shape) !== JSON.stringify(shape)) {
      throw new Unfit("tensor", { name, want: `${type} [${shape.join(", ")}]` });
    }
    const [from, to] = found.data_offsets.map((offset) => 8 + size + offset);
    const length = shape.reduce((product, n) => product * n, 1) * TYPES[type].BYTES_PER_ELEMENT;
    if (to - from !== length || to > buffer.byteLength) throw new Unfit("tensor", { name, want: "data" });
    return new TYPES[type](buffer.slice(from, to));
  };
  return { header, tensor };
}

function checkRanges(network) {
  const whole = (value, low, high) => Number.isInteger(value) && value >= low && value <= high;
  for (let layer = 1; layer <= LAYERS; layer++) {
    const bits = network.weightBits?.[layer - 1];
    if (!whole(bits, 2, 8)) throw new Unfit("notIntegers");
    const limit = 2 ** (bits - 1) - 1;
    if (network.weights[layer - 1].some((w) => Math.abs(w) > limit)) throw new Unfit("notIntegers");
    if (!whole(network.shifts[layer - 1], 1, 31)) throw new Unfit("notIntegers");
  }
  if (!whole(network.actMax, 1, 255) || !whole(network.tanhBits, 4, 14)) throw new Unfit("notIntegers");
}

/** Throws Unfit with the first reason why `network` cannot run in hardware built for `shape`. */
export function checkFits(network, shape) {
  if (network.channels.join() !== shape.channels.join()) {
    throw new Unfit("channels", { got: network.channels.join("-"), want: shape.channels.join("-") });
  }
  if (network.actMax !== shape.actMax) throw new Unfit("actMax", { got: network.actMax, want: shape.actMax });
  if (network.tanhBits > shape.tanhBits) {
    throw new Unfit("tanhBits", { got: network.tanhBits, want: shape.tanhBits });
  }
  for (let layer = 1; layer <= LAYERS; layer++) {
    const bits = network.weightBits[layer - 1], room = shape.weightBits[layer - 1];
    if (bits > room) throw new Unfit("weightBits", { layer, got: bits, want: room });
    const shift = network.shifts[layer - 1];
    if (shift > shape.mostShift) throw new Unfit("shift", { layer, got: shift, want: shape.mostShift });
    const width = accWidth(network, layer, shape.tanhBits), held = shape.accWidths[layer - 1];
    if (width > held) throw new Unfit("accWidth", { layer, got: width, want: held });
  }
}

/** What accumulators begin at besides the bias: rounding() of model/dcgan/hw/widths.py. */
export function rounding(network, layer, tanhBits) {
  const shift = network.shifts[layer - 1];
  return 2 ** (shift - 1) + (layer === LAYERS ? 2 ** (shift + tanhBits - 1) : 0);
}

/** Bits that hold every sum of a layer, what it begins at included. */
export function accWidth(network, layer, tanhBits) {
  const weight = network.weights[layer - 1], bias = network.biases[layer - 1];
  const cin = network.channels[layer - 1], cout = network.channels[layer];
  // Layer 1 has a sum for each of the 16 pixels; a pixel of layers 2 to 4 sees 4 of the 16 taps.
  const group = (tap) => (layer === 1 ? tap : 2 * ((tap >> 2) & 1) + (tap & 1));
  const sums = new Float64Array(cout * 16);
  for (let i = 0; i < cin; i++) {
    const reach = layer === 1
      ? Z_MAX + Math.max(Math.abs(network.offsets[1][i]), Math.abs(network.offsets[2][i]))
      : network.actMax;
    for (let c = 0; c < cout; c++) {
      for (let tap = 0; tap < 16; tap++) {
        sums[c * 16 + group(tap)] += Math.abs(weight[(i * cout + c) * 16 + tap]) * reach;
      }
    }
  }
  let bound = 0;
  const start = rounding(network, layer, tanhBits);
  for (let c = 0; c < cout; c++) {
    for (let g = 0; g < 16; g++) bound = Math.max(bound, sums[c * 16 + g] + Math.abs(bias[c]) + start);
  }
  return Math.max(MIN_ACC_WIDTH, bound.toString(2).length + 1);
}
