# SPDX-License-Identifier: Apache-2.0
"""From RTL to a bitstream.

python scripts/synth.py ulx3s --seeds all
python scripts/synth.py ulx3s --network runs/mine/checkpoint_int.safetensors --chip 45f

Writes build/synth/<board>/, with network and chip in its name if they are not the usual ones: the
bitstream, report.json, utilisation.png and every log. Networks of one preset share its routed
design: place and route run for the first of them only.
Exit status 1 with the critical path in words if the clock of the board is missed.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

try:
    from dcgan_cli.arguments import Parser, command, new_folder
except ModuleNotFoundError:
    raise SystemExit("error: `make setup`, then run this with .venv/bin/python") from None

from board_flow.choice import chosen_network, prepare
from board_flow.results import copy_results, show_ecp5
from synth_flow import ecp5, tools, xilinx
from synth_flow.boards import ROOT, Board, FlowError, load, names, with_chip

from tb.lib.network import hardware
from tb.sim.measure import measured


def program(board: Board, folder: Path) -> None:
    """Load the bitstream with openFPGALoader."""
    bitstream = folder / f"{board.name}.bit"
    if not bitstream.is_file():
        raise FlowError(f"no bitstream: run `make synth BOARD={board.name}` first")
    if not board.programmer:
        raise FlowError(f"{board.title} is not loaded this way: use Vivado or the PYNQ driver")
    loader = tools.tool("openFPGALoader")
    done = subprocess.run([loader, "-b", board.programmer, str(bitstream)], check=False)
    if done.returncode:
        raise FlowError(f"openFPGALoader ended with status {done.returncode}: is {board.title} on?")


def show_xilinx(report: dict) -> bool:
    """The resource table; True if everything fits."""
    fits = True
    for name, limit in report["limits"].items():
        used = report["used"][name]
        fits &= used <= limit
        print(f"  {name:8} {used:8g} of {limit:6}  {100 * used / limit:5.1f} %")
    return fits


def run_board(arguments: argparse.Namespace) -> None:
    began = time.monotonic()

    def say(text: str) -> None:
        print(f"[{time.monotonic() - began:6.0f} s] {text}", flush=True)

    board = with_chip(load(arguments.board), arguments.chip)
    chosen = chosen_network(board, arguments.network, arguments.folding)
    board = replace(board, network=chosen.name)
    folder = prepare(board, chosen)
    if arguments.program:
        program(board, folder)
        return
    rom_dir, design = chosen.rom_dir.relative_to(ROOT), prepare(board, hardware(chosen))
    if board.family == "ecp5":
        seeds = list(board.seeds) if arguments.seeds == "all" else [board.seed]
        say("cycles an avatar, from simulation")
        cycles = measured(chosen).cycles_per_avatar
        report = ecp5.build(board, design, folder, rom_dir, chosen.package, seeds, cycles, say)
        show_ecp5(report)
    elif xilinx.has_vivado():
        xilinx.run_vivado(board, folder, rom_dir, say)
    else:
        say("Vivado is not installed: no placement, no timing and no bitstream were made")
        report = xilinx.count(board, folder, rom_dir, say)
        if not show_xilinx(report):
            raise FlowError(f"{board.network} does not fit {board.title}")
    if arguments.out:
        copy_results(folder, arguments.out)
    say(f"done: {os.path.relpath(folder, ROOT)}")


@command
def main(words: Sequence[str] | None = None) -> None:
    """Run the command line."""
    parser = Parser(description=__doc__)
    parser.add_argument("board", help=", ".join(names()))
    parser.add_argument("--network", help="preset or integer checkpoint (the board's)")
    parser.add_argument("--folding", type=Path, metavar="JSON", help="parallelism (one that fits)")
    parser.add_argument("--chip", help="of the board, if it is sold with several: 12f, 25f, ...")
    parser.add_argument("--seeds", choices=("pinned", "all"), default="pinned")
    parser.add_argument(
        "--out", type=new_folder, help="also copy bitstream, report and picture there"
    )
    parser.add_argument("--program", action="store_true", help="load the bitstream, build nothing")
    run_board(parser.parse_args(words))


if __name__ == "__main__":
    sys.exit(main())
