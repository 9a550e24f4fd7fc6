# SPDX-License-Identifier: Apache-2.0
"""Block memories of a network and a folding: what each memory holds, and how many blocks it takes.

A block memory gives so many bits, but only so many of them a cycle: a wide shallow ROM is paid for
by its width. The shapes here are those of the mem_table and mem_ram instances in rtl/.
"""

from __future__ import annotations

from dataclasses import dataclass

from dcgan.core.shapes import LAYER_NUMBERS, SIDES, NetworkConfig
from dcgan.hw.folding import Folding
from dcgan.hw.pipeline_model import PLANES, RING_ROWS
from dcgan.hw.widths import PARAMETER_WIDTH, TANH_INDEX_BITS, acc_width, parameter_depth
from dcgan.quant.int_generator import IntegerGenerator

SMALL_BITS = 1024  # synthesis makes look-up tables of a RAM of so many
SLICE_BITS, SLICE_BYTES = 36, 5
"""A chip is loaded in slices of a word, each in so many bytes (dcgan.hw.image)."""
RASTER_ROWS = 4  # of rtl/dcgan/dcgan_raster.sv


@dataclass(frozen=True)
class BlockMemory:
    """A kind of block memory: (depth, width) of each of its modes, and the bits a cycle."""

    name: str
    modes: tuple[tuple[int, int], ...]

    def blocks(self, width: int, depth: int, rom: bool = False) -> int:
        """Fewest blocks for `depth` words of `width` bits; a ROM has one at least."""
        if width * depth <= SMALL_BITS and not rom:
            return 0
        return min(-(-width // w) * -(-depth // d) for d, w in self.modes)


MODES_18_KBIT = ((512, 36), (1024, 18), (2048, 9), (4096, 4), (8192, 2), (16384, 1))
EBR = BlockMemory("EBR", MODES_18_KBIT)
BRAM18 = BlockMemory("BRAM18", MODES_18_KBIT)


@dataclass(frozen=True)
class Memory:
    """One memory of the Generator."""

    name: str
    width: int
    depth: int
    layer: int  # 0: belongs to no layer
    rom: bool = False

    @property
    def bits(self) -> int:
        """Contents."""
        return self.width * self.depth


def tables(config: NetworkConfig, folding: Folding) -> dict[str, Memory]:
    """The memories that hold a network, by ROM file, in the order in which a chip loads them."""
    first, channels = folding.layer(1), config.channels
    rows = SIDES[1] ** 2 * channels[1] // first.couts
    offsets = PLANES * first.couts * acc_width(config, folding, 1)
    weights = first.couts * first.elements * first.weight_bits
    found = {
        "parameters.hex": Memory("parameters", PARAMETER_WIDTH, parameter_depth(config), 0, True),
        "offset.hex": Memory("offsets", offsets, rows, 1, True),
        "layer1.hex": Memory("layer 1 weights", weights, rows * first.steps, 1, True),
    }
    for layer in LAYER_NUMBERS[1:]:
        fold = folding.layer(layer)
        words = channels[layer - 1] * _groups(fold, channels[layer])
        width = fold.lanes // fold.reads * fold.weight_bits
        found[f"layer{layer}.hex"] = Memory(f"layer {layer} weights", width, words, layer, True)
    return found | {"tanh.hex": Memory("tanh table", 8, 2**TANH_INDEX_BITS, 0, True)}


def slices(width: int) -> int:
    """Slices of a word of `width` bits."""
    return -(-width // SLICE_BITS)


def image_size(config: NetworkConfig, folding: Folding) -> int:
    """Bytes of a network that is loaded into hardware of this shape."""
    found = tables(config, folding).values()
    return sum(memory.depth * slices(memory.width) for memory in found) * SLICE_BYTES


def memories(ig: IntegerGenerator, folding: Folding) -> list[Memory]:
    """Every memory that may become block RAM, in the order of the data path."""
    channels, table = ig.config.channels, tables(ig.config, folding)
    found = [table["layer1.hex"], table["offset.hex"]]
    for layer in LAYER_NUMBERS[1:]:
        found += [table[f"layer{layer}.hex"]] * folding.layer(layer).reads
        found += _map_banks(f"layer {layer} map", layer, channels[layer - 1], 8, folding)
    found += _map_banks("raster rows", 5, 1, TANH_INDEX_BITS, folding, RASTER_ROWS)
    found += [table["tanh.hex"], table["parameters.hex"]]
    found += [Memory(f"plane {plane}", 8, SIDES[4] ** 2, 0) for plane in "RG"]
    return found


def total_blocks(ig: IntegerGenerator, folding: Folding, kind: BlockMemory) -> int:
    """Blocks of all memories."""
    return sum(kind.blocks(m.width, m.depth, m.rom) for m in memories(ig, folding))


def layer_blocks(ig: IntegerGenerator, folding: Folding, layer: int, kind: BlockMemory) -> int:
    """Blocks of the memories whose shape the folding of `layer` decides."""
    return sum(
        kind.blocks(m.width, m.depth, m.rom)
        for m in memories(ig, folding)
        if m.name == f"layer {layer} weights"
    )


def _groups(fold, out_channels: int) -> int:
    folds = out_channels // fold.couts
    return (2 // fold.phase_rows) * (2 // fold.phase_cols) * folds * 2 * (2 // fold.windows)


def _map_banks(
    name: str, layer: int, channels: int, value_bits: int, folding: Folding, rows: int = RING_ROWS
):
    """The memories of a row ring that layer - 1 writes: one for each value of its beats."""
    banks = folding.layer(layer - 1).values
    width = value_bits + max(1, (channels - 1).bit_length())
    depth = rows * SIDES[layer - 1] * channels // banks
    return [Memory(name, width, depth, layer) for _ in range(banks)]
