#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The whole way: sprites in, a trained network, its integers, the simulated hardware, a page out.

python scripts/avatars.py --data sprites/
python scripts/avatars.py --data sheet.png --iterations 800 --board ulx3s

Each step is one of the other commands and is printed. Stopped or failed, the same command goes on
where it was. Everything lies in --out (runs/avatars-NAME); look at its index.md.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

try:
    from dcgan_cli.arguments import INTERRUPTED, Parser, command, new_folder, real, seed, whole
except ModuleNotFoundError:
    raise SystemExit("error: `make setup`, then run this with .venv/bin/python") from None

from avatar_flow.page import write_page
from avatar_flow.steps import StepFailed, run_all
from avatar_flow.way import Wanted, steps
from dcgan.core.shapes import PRESETS
from dcgan.data.sources import DataOptions
from dcgan.data.training_set import training_set
from synth_flow.boards import load, with_chip

from tb.lib.tools import SIMULATORS


def parse_arguments(words: Sequence[str] | None) -> argparse.Namespace:
    """Command line of this script."""
    parser = Parser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder or sheet of sprites")
    parser.add_argument("--out", type=new_folder, help="folder of results (runs/avatars-NAME)")
    parser.add_argument("--network", choices=PRESETS, default="compact", help="(%(default)s)")
    parser.add_argument("--iterations", type=whole(10, 1_000_000), default=4000)
    parser.add_argument("--seed", type=seed(), default=0)
    parser.add_argument(
        "--density", type=real(0, 1, above=True), default=0.25, help="of activations"
    )
    parser.add_argument("--finetune", type=whole(1, 1_000_000), default=1500, help="(%(default)s)")
    parser.add_argument("--simulator", choices=SIMULATORS, default="verilator")
    parser.add_argument("--board", default="", help="also make a bitstream for this board")
    parser.add_argument("--chip", default="", help="of the board: 12f, 25f, 45f, 85f")
    for name in ("margin", "spacing"):
        parser.add_argument(f"--{name}", type=whole(0, 4096), help="see model/train.py --help")
    for name in ("grid", "rows", "key", "background"):
        parser.add_argument(f"--{name}", help="of the sprites: see model/train.py --help")
    return parser.parse_args(words)


@command
def main(words: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    args = parse_arguments(words)
    if not args.data.exists():
        raise ValueError(f"{args.data} is not there: give --data a folder or a sheet of sprites")
    names = ("grid", "margin", "spacing", "rows", "key", "background")
    given = {name: getattr(args, name) for name in names if getattr(args, name) is not None}
    options = DataOptions(args.data, **given)
    if args.chip and not args.board:
        raise ValueError("--chip is of a board: give --board with it")
    if args.board:
        with_chip(load(args.board), args.chip)
    wanted = Wanted(
        data=args.data.resolve(),
        out=(args.out or Path("runs", f"avatars-{args.data.resolve().stem}")).resolve(),
        network=args.network,
        iterations=args.iterations,
        seed=args.seed,
        density=args.density,
        finetune=args.finetune,
        simulator=args.simulator,
        board=args.board,
        chip=args.chip,
        data_options=[f"--{name}={value}" for name, value in given.items()],
    )
    if not wanted.out.exists():
        training_set(options)  # says what is wrong with the pictures before there is a folder
    wanted.out.mkdir(parents=True, exist_ok=True)
    try:
        run_all(wanted.out, steps(wanted))
    except StepFailed as failed:
        if failed.status != INTERRUPTED:
            print(f"stopped: {failed}")  # the step has said why
            return failed.status
        print("interrupted: the same command goes on", file=sys.stderr)
        return INTERRUPTED
    finally:
        page = write_page(wanted)
    print(f"look at {page}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
