# SPDX-License-Identifier: Apache-2.0
"""The generated SystemVerilog package: plain constants and constant functions.

Only what Icarus 11, Verilator and Yosys all read: `localparam int` and functions with a case.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence

from dcgan.core.latents import LATENT
from dcgan.core.shapes import LAYER_NUMBERS, SIDES, NetworkConfig
from dcgan.hw import widths
from dcgan.hw.block_ram import image_size, slices, tables
from dcgan.hw.folding import PACKINGS, Folding
from dcgan.quant.int_generator import IntegerGenerator

ABOUT_SPEED = ("SkipZeros", "Packing", "multipliers")
"""Numbers that decide nothing about what memories hold."""
Numbers = tuple[list[tuple[str, int, str]], list[tuple[str, int, Sequence[int], str]]]


def preset_number(config: NetworkConfig, folding: Folding) -> int:
    """What chips call their preset, 32 bits: those that agree take each other's images."""
    entries = [entry[:-1] for part in _numbers(config, folding) for entry in part]
    about_contents = [entry for entry in entries if entry[0] not in ABOUT_SPEED]
    return zlib.crc32(json.dumps(about_contents, default=int).encode())


def _numbers(config: NetworkConfig, folding: Folding) -> Numbers:
    """Constants (name, value, note) and functions (name, first argument, values, note)."""
    folds, memories = folding.layers, tables(config, folding)
    stems = [name.removesuffix(".hex") for name in memories]
    constants = [
        ("NumLayers", len(LAYER_NUMBERS), "layers are numbered 1..4; 0 is the latent"),
        ("LatentSize", LATENT, "values of z"),
        ("LatentWidth", widths.LATENT_WIDTH, "bits of z, v1, v2; z + v has one more"),
        (
            "BinaryUnit",
            widths.BINARY_UNIT,
            "binary latents: layer 1 sums selected weights; their unit is 2^BinaryUnit",
        ),
        ("Elements", folds[0].elements, "elements of z that layer 1 takes in one cycle"),
        ("DigitBits", folds[0].digits, "bits of each of them; of a binary latent there is one"),
        ("ActWidth", widths.ACT_WIDTH, "bits of an activation, unsigned"),
        ("ActMax", widths.ACT_MAX, "activations saturate here"),
        ("PixelWidth", 8, "bits of a pixel"),
        ("TanhIndexWidth", widths.TANH_INDEX_BITS, "address bits of the tanh table"),
        ("ShiftWidth", widths.SHIFT_BITS, "bits of a shift from accumulator to activation"),
        ("ParameterWidth", widths.PARAMETER_WIDTH, "bits of a word of parameters"),
        ("ParameterDepth", widths.parameter_depth(config), "words of the parameter memory"),
        ("SkipZeros", int(folding.skip_zeros), "1: zero activations are not issued"),
        (
            "Packing",
            PACKINGS.index(folding.packing),
            "0 none, 1 ECP5, 2 DSP48: two lanes a multiplier",
        ),
        ("NumMemories", len(memories), "memories of a network: " + ", ".join(stems)),
        ("ImageBytes", image_size(config, folding), "bytes of a network that is loaded"),
    ]
    functions = [
        ("channels", 0, config.channels, "channels of the latent (0) and of layer 1..4"),
        ("side", 0, SIDES, "height and width of the map"),
        ("weight_width", 1, [f.weight_bits for f in folds], "bits of a weight, symmetric"),
        (
            "acc_width",
            1,
            [widths.acc_width(config, folding, n) for n in LAYER_NUMBERS],
            "holds every sum of such weights",
        ),
        ("couts", 1, [f.couts for f in folds], "output channels computed in parallel"),
        ("phase_rows", 1, [f.phase_rows for f in folds], "rows of the 2x2 block in parallel"),
        ("phase_cols", 1, [f.phase_cols for f in folds], "columns of the 2x2 block in parallel"),
        ("windows", 1, [f.windows for f in folds], "2: both windows of a pixel column in parallel"),
        ("reads", 1, [f.reads for f in folds], "activations of a list read in one cycle"),
        ("beat", 1, [f.beat for f in folds], "channels in one beat of the layer's results"),
        ("values", 1, [f.values for f in folds], "values in such a beat: beat x phases"),
        (
            "multipliers",
            1,
            [folding.multipliers(n) for n in LAYER_NUMBERS],
            "hardware multipliers: one a lane, or one a pair of lanes when packed",
        ),
        ("memory_words", 0, [m.depth for m in memories.values()], "words of a memory"),
        ("memory_slices", 0, [slices(m.width) for m in memories.values()], "of 36 bits in a word"),
    ]
    return constants, functions


def render_package(ig: IntegerGenerator, folding: Folding, command: str) -> str:
    """Text of dcgan_shape_pkg.sv: nothing but its banner depends on the numbers of the network."""
    constants, functions = _numbers(ig.config, folding)
    code = preset_number(ig.config, folding)
    constants.append(("Preset", code, "checksum of the other numbers, those of speed left out"))
    lines = [
        "// SPDX-License-Identifier: Apache-2.0",
        f"// GENERATED by {command} -- do not edit",
        "//",
        f"// Shapes, formats and parallelism of the '{ig.config.name}' network.",
        "",
        "package dcgan_shape_pkg;",
        "",
    ]
    for name, value, note in constants:
        shown = value if value < 1 << 31 else f"32'h{value:08x}"
        lines += [f"  // {note}", f"  localparam int {name} = {shown};"]
    for name, first, values, note in functions:
        lines += ["", *_function(name, first, values, note)]
    lines += ["", "endpackage : dcgan_shape_pkg"]
    return "\n".join(lines) + "\n"


def _function(name: str, first: int, values: Sequence[int], note: str) -> list[str]:
    of = "memory" if name.startswith("memory_") else "layer"
    cases = [f"      {first + i}: return {int(v)};" for i, v in enumerate(values)]
    return [
        f"  // {note}",
        f"  function automatic int {name}(input int {of});",
        f"    case ({of})",
        *cases,
        "      default: return 0;",
        "    endcase",
        f"  endfunction : {name}",
    ]
