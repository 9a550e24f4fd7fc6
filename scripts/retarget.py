# SPDX-License-Identifier: Apache-2.0
"""Another network into a design that `make synth` has routed: seconds instead of place and route.

python scripts/retarget.py ulx3s --network runs/mine/network_int.safetensors

Writes the bitstream and report.json to build/synth/<board>-<network>/. Every block RAM is read back
from the bitstream and compared. The timing is that of the routed design, whatever the network.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

try:
    from dcgan_cli.arguments import Parser, command, new_folder
except ModuleNotFoundError:
    raise SystemExit("error: `make setup`, then run this with .venv/bin/python") from None

from board_flow.choice import chosen_network, folder_of
from board_flow.results import copy_results, show_ecp5
from dcgan.core.latents import draw_z
from dcgan.hw.cycle_model import stage_cycles
from dcgan.hw.folding_search import measure
from synth_flow import ecp5, retarget, xilinx
from synth_flow.boards import ROOT, Board, FlowError, load, names, with_chip

from tb.lib.network import FOLDING_LATENTS, Network, hardware


def advice(board: Board, design: Network) -> str:
    """What routes the design."""
    words = [f"make synth BOARD={board.name}"]
    words += [f"NETWORK={design.source}"] if design.name != load(board.name).network else []
    words += [f"CHIP={board.chip}"] if board.chip != load(board.name).chip else []
    return " ".join(words)


def predicted_cycles(chosen: Network) -> float:
    """Cycles an avatar, by the model of the hardware: a simulation would take minutes."""
    ig = chosen.integers
    planes = measure(ig, draw_z(FOLDING_LATENTS, 1))
    return round(stage_cycles(ig.config, chosen.folding, planes, ig.latent_bits).steady_state, 1)


def run_board(arguments: argparse.Namespace) -> None:
    began = time.monotonic()
    board = with_chip(load(arguments.board), arguments.chip)
    if board.family != "ecp5" and not xilinx.has_vivado():
        raise FlowError(
            f"{board.title} needs Vivado for this, which is not installed: a PYNQ takes another "
            "network while it runs, see scripts/pynq_z2/README.md"
        )
    chosen = chosen_network(board, arguments.network, arguments.folding)
    own = hardware(chosen)
    design, folder = folder_of(board, own), folder_of(board, chosen)
    board = replace(board, network=chosen.name)
    if board.family == "ecp5":
        fill_ecp5(board, chosen, own, design, folder)
    else:
        preset = xilinx.route_preset(board, design, chosen.rom_dir, chosen.package, print)
        lines = sum(xilinx.fill(board, preset, chosen.rom_dir, folder).values())
        print(f"  {lines} data lines of block RAMs read back and compared")
    if arguments.out:
        copy_results(folder, arguments.out)
    print(f"[{time.monotonic() - began:6.1f} s] done: {os.path.relpath(folder, ROOT)}")


def fill_ecp5(board: Board, chosen: Network, own: Network, design: Path, folder: Path) -> None:
    """The bitstream of `chosen` from the routed design of `own`, its hardware."""

    def key() -> str:
        markers = ecp5.mark(design, chosen.rom_dir.relative_to(ROOT), chosen.package)
        return ecp5.design_key(board, design, markers)

    found = retarget.routed(design, key, board, advice(board, own))
    cycles = predicted_cycles(chosen)
    report = retarget.retarget(board, design, found, chosen.rom_dir, folder, cycles)
    show_ecp5(report)
    blocks = sum(report["roms_read_back"].values())
    print(f"  {report['timing']}; {blocks} block RAMs of the ROMs read back and compared")


@command
def main(words: Sequence[str] | None = None) -> None:
    """Run the command line."""
    parser = Parser(description=__doc__)
    parser.add_argument("board", help=", ".join(names()))
    parser.add_argument("--network", help="preset or integer checkpoint (the board's)")
    parser.add_argument("--folding", type=Path, metavar="JSON", help="that of the routed design")
    parser.add_argument("--chip", help="of the board, if it is sold with several: 12f, 25f, ...")
    parser.add_argument("--out", type=new_folder, help="also copy bitstream and report there")
    run_board(parser.parse_args(words))


if __name__ == "__main__":
    sys.exit(main())
