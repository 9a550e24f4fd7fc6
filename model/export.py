#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Write ROM contents and the shape package of a network, or check the ones on disk.

python model/export.py                       compact -> rtl/rom and rtl/dcgan/dcgan_shape_pkg.sv
python model/export.py --network tiny        tiny    -> build/rom/tiny
python model/export.py --network tiny --random --out build/rom/tiny
python model/export.py --check               exit status 1 and the file's name when one is stale
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from dcgan.core.network_files import integer_file
from dcgan.core.shapes import PRESETS, preset
from dcgan.hw.folding import default_folding, load_folding
from dcgan.hw.rom import PACKAGE, check_roms, write_roms
from dcgan.quant.int_generator import IntegerGenerator, load_integer
from dcgan.quant.random_network import random_integer
from dcgan_cli.arguments import Parser, command, seed

ROOT = Path(__file__).resolve().parent.parent
COMMITTED = "compact"  # the network whose ROMs live under rtl/


def parse_arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    """Command line of this script."""
    parser = Parser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--network", default=COMMITTED, help=f"{', '.join(PRESETS)} or an _int file"
    )
    parser.add_argument("--random", action="store_true", help="random weights, for hardware tests")
    parser.add_argument("--seed", type=seed(), default=0, help="seed of --random")
    parser.add_argument(
        "--folding", type=Path, help="parallelism, default model/folding/NETWORK.json"
    )
    parser.add_argument("--out", type=Path, help="folder for everything, the package included")
    parser.add_argument("--check", action="store_true", help="compare with the files on disk")
    return parser.parse_args(argv)


def load_network(args: argparse.Namespace) -> IntegerGenerator:
    """The integers to export: random, of a preset's committed file, or of a named file."""
    if args.random:
        return random_integer(preset(args.network), args.seed)
    return load_integer(integer_file(args.network))


@command
def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    args = parse_arguments(argv)
    ig = load_network(args)
    folding = load_folding(args.folding) if args.folding else default_folding(ig.config)
    if args.out or args.random or args.network != COMMITTED:
        rom_dir = args.out or ROOT / "build" / "rom" / ig.config.name
        package = rom_dir / PACKAGE
    else:
        rom_dir, package = ROOT / "rtl" / "rom", ROOT / "rtl" / "dcgan" / PACKAGE
    command = _command(args)
    if args.check:
        problems = check_roms(ig, folding, rom_dir, package, command)
        for problem in problems:
            print(f"error: {problem}; run: {command}", file=sys.stderr)
        if not problems:
            print(f"{rom_dir}: equal to what {command} writes")
        return 1 if problems else 0
    manifest = write_roms(ig, folding, rom_dir, package, command)
    print(
        f"{ig.config.name}: {len(manifest['files'])} files in {rom_dir}, package {package}; "
        f"{folding.total_lanes} lanes on {folding.total_multipliers} multipliers, "
        f"accumulators {'/'.join(map(str, manifest['acc_widths']))} bits"
    )
    return 0


def _command(args: argparse.Namespace) -> str:
    """The command for the banner: what decides the contents, not where they are written."""
    words = ["python model/export.py --network", Path(args.network).name]
    words += [f"--random --seed {args.seed}"] if args.random else []
    words += [f"--folding {args.folding.name}"] if args.folding else []
    return " ".join(words)


if __name__ == "__main__":
    sys.exit(main())
