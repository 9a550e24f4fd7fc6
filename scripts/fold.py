#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Choose the parallelism of every layer for a chip, from the trained model's measured sparsity.

python scripts/fold.py --network compact --multipliers 156 --ebr 208     ECP5-85F
python scripts/fold.py --network compact --target xc7z020
python scripts/fold.py --network compact --weights-bits 6 --target ecp5-45f
python scripts/fold.py --network mine_int.safetensors --target ecp5-25f --out fold25.json
python scripts/fold.py --network compact --write                         model/folding/compact.json
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from collections.abc import Sequence
from pathlib import Path

try:
    from dcgan_cli.arguments import Parser, command, new_file, whole
except ModuleNotFoundError:
    raise SystemExit("error: `make setup`, then run this with .venv/bin/python") from None

import numpy as np
from dcgan.core.files import write_atomically
from dcgan.core.latents import draw_z
from dcgan.core.shapes import LAYER_NUMBERS, PRESETS
from dcgan.hw.block_ram import memories, total_blocks
from dcgan.hw.cycle_model import stage_cycles, useful_macs
from dcgan.hw.folding import FOLDER, PACKINGS, Folding, load_folding
from dcgan.hw.folding_search import DEVICES, Device, Solution, measure, solve
from dcgan.quant.int_generator import IntegerGenerator
from rich.console import Console
from rich.table import Table

from tb.lib.network import network

LATENTS = 16


@command
def main(words: Sequence[str] | None = None) -> None:
    """Run the command line."""
    report(parse_arguments(words))


def parse_arguments(words: Sequence[str] | None) -> argparse.Namespace:
    """Command line of this script."""
    parser = Parser(description=__doc__)
    parser.add_argument("--network", default="compact", help="preset or integer checkpoint")
    parser.add_argument("--target", choices=DEVICES, default="ecp5-85f", help="chip")
    parser.add_argument(
        "--multipliers", type=whole(4, 1_000_000), help="at most so many (default: all of the chip)"
    )
    parser.add_argument(
        "--ebr", "--blocks", type=whole(1, 1_000_000), dest="blocks", help="memory blocks, likewise"
    )
    parser.add_argument("--weights-bits", type=int, choices=range(4, 9), help="assume this width")
    parser.add_argument("--packing", choices=PACKINGS, help="default: what the chip can do")
    parser.add_argument("--dense", action="store_true", help="do not skip zeros")
    parser.add_argument("--check", type=Path, metavar="JSON", help="judge this folding, solve none")
    parser.add_argument(
        "--write", action="store_true", help="make it the shipped folding of the preset"
    )
    parser.add_argument("--out", type=new_file(), metavar="JSON", help="write the folding there")
    return parser.parse_args(words)


def report(args: argparse.Namespace) -> None:
    """Solve, print, write."""
    chosen = network(args.network)
    ig, config = chosen.integers, chosen.integers.config
    if args.write and args.network not in PRESETS:
        raise ValueError("--write is for presets: give --out FILE, then FOLDING=FILE to the verbs")
    if args.weights_bits:
        ig = narrowed(ig, args.weights_bits)
    device = chosen_device(args)
    layers = tuple(
        dataclasses.replace(fold, weight_bits=args.weights_bits or fold.weight_bits)
        for fold in chosen.folding.layers
    )
    base = dataclasses.replace(
        chosen.folding, layers=layers, packing=device.packing, skip_zeros=not args.dense
    )
    planes = measure(ig, draw_z(LATENTS, 1))
    if args.check:
        folding = load_folding(args.check)
        folding.check(config)
        cycles = stage_cycles(config, folding, planes, ig.latent_bits)
        blocks = total_blocks(ig, folding, device.memory)
        solution = Solution(folding, cycles, folding.total_multipliers, blocks)
    else:
        solution = solve(ig, planes, device, base)
    show(ig, device, solution, chosen.trained)
    target = args.out or (FOLDER / f"{config.name}.json" if args.write else None)
    if target:
        write(solution.folding, target)


def narrowed(ig: IntegerGenerator, bits: int) -> IntegerGenerator:
    """`ig` with weights cut to `bits`: right for sizes of memories, not for pictures."""
    limit = 2 ** (bits - 1) - 1
    weights = tuple(np.clip(weight, -limit, limit) for weight in ig.weights)
    return dataclasses.replace(ig, weights=weights, weight_bits=(bits,) * len(weights))


def chosen_device(args: argparse.Namespace) -> Device:
    """The chip, with what the command line takes away from it."""
    device = DEVICES[args.target]
    changes = {
        "multipliers": args.multipliers,
        "blocks": args.blocks,
        "packing": args.packing,
    }
    return dataclasses.replace(device, **{k: v for k, v in changes.items() if v is not None})


def show(ig: IntegerGenerator, device: Device, solution: Solution, trained: bool) -> None:
    """Print the choice and its predictions."""
    folding, cycles = solution.folding, solution.cycles
    kind = "trained" if trained else "random"
    table = Table(title=f"{ig.config.name} ({kind} weights) on {device.name}")
    for column in (
        "layer",
        "couts",
        "rows",
        "cols",
        "windows",
        "reads",
        "lanes",
        "multipliers",
        "ROM bits a cycle",
        "cycles an avatar",
        "busy",
    ):
        table.add_column(column, justify="right")
    for layer in LAYER_NUMBERS:
        fold = folding.layer(layer)
        busy = cycles.layers[layer - 1] / cycles.steady_state
        row = [
            layer,
            fold.couts,
            fold.phase_rows,
            fold.phase_cols,
            fold.windows,
            fold.reads,
            fold.lanes if layer > 1 else "-",
            folding.multipliers(layer),
            fold.lanes * fold.elements * fold.weight_bits,
            f"{cycles.layers[layer - 1]:,.0f}",
            f"{busy:.0%}",
        ]
        table.add_row(*map(str, row))
    console = Console()
    console.print(table)
    first = folding.layer(1)
    console.print(
        f"layer 1 sums, in look-up tables, {min(first.digits, ig.latent_bits)} bits of "
        f"{first.elements} entries of the latent for {first.couts} channels a cycle"
    )
    efficiency = useful_macs(ig.config) / (solution.multipliers * cycles.steady_state)
    console.print(f"cycles an avatar      {cycles.steady_state:,.0f}")
    console.print(f"latency, cycles       {cycles.latency:,.0f}")
    console.print(f"multipliers           {solution.multipliers} of {device.multipliers}")
    console.print(f"{device.memory.name:22s}{solution.blocks} of {device.blocks}")
    console.print(f"useful MACs / (multipliers x cycles)  {efficiency:.2f}")
    console.print("largest memories:")
    ranked = sorted(memories(ig, folding), key=lambda m: -m.bits)[:6]
    for m in ranked:
        blocks = device.memory.blocks(m.width, m.depth, m.rom)
        console.print(f"  {m.name:22s}{m.depth:6d} x {m.width:4d} bits  {blocks:4d}")


def write(folding: Folding, path: Path) -> None:
    """Write a folding file in one step."""
    write_atomically(path, json.dumps(dataclasses.asdict(folding), indent=2) + "\n")
    print(f"wrote {path}")


if __name__ == "__main__":
    sys.exit(main())
