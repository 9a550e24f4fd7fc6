#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Write ROM contents and the shape package of a network, or check the ones on disk.

python model/export.py                       compact -> rtl/rom and rtl/dcgan/dcgan_shape_pkg.sv
python model/export.py --network tiny        tiny    -> build/networks/tiny/rom
python model/export.py --network mine_int.safetensors --out roms/
python model/export.py --network tiny --random --out roms/
python model/export.py --check               exit status 1 and the file's name when one is stale
python model/export.py --network mine_int.safetensors --onnx mine.onnx --qonnx mine_q.onnx
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from dcgan_cli.arguments import Parser, command, new_file, new_folder, seed

from dcgan.core.shapes import preset
from dcgan.hw.onnx_export import write_onnx
from dcgan.hw.rom import PACKAGE, check_roms, write_roms
from dcgan.quant.random_network import random_integer

from tb.lib.network import COMMITTED, Network, network, network_name


def parse_arguments(words: Sequence[str] | None) -> argparse.Namespace:
    """Command line of this script."""
    parser = Parser(description=__doc__)
    parser.add_argument("--network", default=COMMITTED, help="preset or integer checkpoint")
    parser.add_argument("--random", action="store_true", help="random weights, for hardware tests")
    parser.add_argument("--seed", type=seed(), default=0, help="seed of --random")
    parser.add_argument("--folding", type=Path, metavar="JSON", help="parallelism (the network's)")
    parser.add_argument(
        "--out", type=new_folder, help="folder for everything, the package included"
    )
    parser.add_argument("--check", action="store_true", help="compare with the files on disk")
    parser.add_argument(
        "--onnx", type=new_file(), metavar="FILE", help="write an exact ONNX file instead"
    )
    parser.add_argument(
        "--qonnx", type=new_file(), metavar="FILE", help="the same with Quant nodes"
    )
    return parser.parse_args(words)


def chosen_network(args: argparse.Namespace) -> Network:
    """The network to export, with the banner that says how."""
    chosen = network(network_name(args.network, args.folding))
    words = ["python model/export.py --network", Path(args.network).name]
    if args.random:
        bits = tuple(fold.weight_bits for fold in chosen.folding.layers)
        integers = random_integer(preset(args.network), args.seed, bits)
        chosen = replace(chosen, integers=integers)
        words.append(f"--random --seed {args.seed}")
    words += [f"--folding {args.folding.name}"] if args.folding else []
    rom_dir, package = chosen.rom_dir, chosen.package
    if args.out:
        rom_dir, package = args.out, args.out / PACKAGE
    elif args.random:
        raise ValueError("--random writes ROMs of no network: give --out FOLDER with it")
    return replace(chosen, rom_dir=rom_dir, package=package, command=" ".join(words))


@command
def main(words: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    args = parse_arguments(words)
    chosen = chosen_network(args)
    for path, qonnx in ((args.onnx, False), (args.qonnx, True)):
        if path:
            write_onnx(path, chosen.integers, qonnx)
            print(f"written: {path}")
    if args.onnx or args.qonnx:
        return 0
    place = (chosen.rom_dir, chosen.package, chosen.command)
    if args.check:
        problems = check_roms(chosen.integers, chosen.folding, *place)
        for problem in problems:
            print(f"error: {problem}; run: {chosen.command}", file=sys.stderr)
        if not problems:
            print(f"{chosen.rom_dir}: equal to what {chosen.command} writes")
        return 1 if problems else 0
    manifest = write_roms(chosen.integers, chosen.folding, *place)
    print(
        f"{chosen.name}: {len(manifest['files'])} files in {chosen.rom_dir}, package "
        f"{chosen.package}; {chosen.folding.total_lanes} lanes on "
        f"{chosen.folding.total_multipliers} multipliers, "
        f"accumulators {'/'.join(map(str, manifest['acc_widths']))} bits"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
