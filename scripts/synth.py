# SPDX-License-Identifier: Apache-2.0
"""From RTL to a bitstream.

python scripts/synth.py ulx3s --seeds all
python scripts/synth.py ulx3s --network runs/mine/checkpoint_int.safetensors --chip 45f

Writes build/synth/<board>/, with network and chip in its name if they are not the usual ones: the
bitstream, report.json, utilisation.png and every log.
Exit status 1 with the critical path in words if the clock of the board is missed.
"""

from __future__ import annotations

import argparse
import os
import shutil
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

from dcgan.core.latents import draw_z
from dcgan.hw.block_ram import total_blocks
from dcgan.hw.folding_search import DEVICES, Device, DoesNotFit, measure, solve
from synth_flow import ecp5, tools, xilinx
from synth_flow.boards import ROOT, Board, FlowError, load, names, with_chip

from tb.lib.network import FOLDING_LATENTS, Network, network, network_name, refolded
from tb.sim.measure import measured

WALL_BLOCKS = {5: 12, 7: 4}
"""Block RAMs of the video wall, by its scale: one for each avatar shown."""


def chosen_network(board: Board, args: argparse.Namespace) -> Network:
    """The network to build in, exported, folded so that it fits the chip.

    FlowError, one line, if a folding that was asked for does not fit, or none does.
    """
    chosen = network(network_name(args.network or board.network, args.folding))
    device = board_device(board)
    if fits(chosen, device):
        return chosen.export()
    if args.folding:
        blocks = total_blocks(chosen.integers, chosen.folding, device.memory)
        raise FlowError(
            f"{args.folding} needs {chosen.folding.total_multipliers} multipliers and {blocks} "
            f"{device.memory.name}, {device.name} has {device.multipliers} and {device.blocks} for "
            "the Generator: leave --folding out, then one that fits is searched for"
        )
    planes = measure(chosen.integers, draw_z(FOLDING_LATENTS, 1))
    base = replace(chosen.folding, packing=device.packing)
    try:
        return refolded(chosen, solve(chosen.integers, planes, device, base).folding)
    except DoesNotFit as reason:
        raise FlowError(str(reason)) from None


def board_device(board: Board) -> Device:
    """What the board's chip has for the Generator: all but the block RAMs of the video wall."""
    device = DEVICES[board.folded_for]
    return replace(device, blocks=device.blocks - WALL_BLOCKS.get(board.wall_scale, 0))


def fits(chosen: Network, device: Device) -> bool:
    """Whether the network's folding fits, in multipliers of the right kind and in block RAMs."""
    folding = chosen.folding
    blocks = total_blocks(chosen.integers, folding, device.memory)
    return (
        folding.packing in ("none", "ecp5", device.packing)  # 18 bits fit into every multiplier
        and folding.total_multipliers <= device.multipliers
        and blocks <= device.blocks
    )


def prepare(board: Board, chosen: Network) -> Path:
    """build/synth/<board>, with network and chip in the name where they are not the usual ones."""
    parts = [board.name]
    parts += [chosen.name] if chosen.name != load(board.name).network else []
    parts += [board.chip] if board.chip != load(board.name).chip else []
    folder = ROOT / "build" / "synth" / "-".join(parts)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def copy_results(folder: Path, target: Path) -> None:
    """Bitstream, report and picture, as far as the flow of the board makes them."""
    target.mkdir(parents=True, exist_ok=True)
    overlay = (*folder.glob("*.bit"), *folder.glob("*.hwh"))
    for path in (*overlay, folder / "utilisation.png", folder / "report.json"):
        if path.is_file():
            shutil.copyfile(path, target / path.name)


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


def show_ecp5(report: dict) -> None:
    """The figures that people ask for first."""
    for name in ("lut4", "ff", "ebr", "mult18x18d"):
        used, available = report[name], report[f"{name}_available"]
        print(f"  {name:11} {used:6} of {available:6}  {100 * used / available:5.1f} %")
    print(
        f"  clock       {report['clock_mhz']:.1f} MHz asked, {report['fmax_mhz']:.1f} reached, "
        f"{report['fmax_mhz_worst_seed']:.1f} with the worst of "
        f"{len(report['seeds_run'])} seed(s): post-route estimate"
    )
    if report["avatars_per_second"]:
        print(f"  avatars/s   {report['avatars_per_second']:.0f} at the asked clock")
    power = report["energy"]
    print(
        f"  power       {power['static_mw']} mW at rest + some {power['dynamic_mw']} mW "
        f"({power['dynamic_mw_from']} to {power['dynamic_mw_to']}): see energy in report.json"
    )


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

    board = with_chip(load(arguments.board), arguments.chip or load(arguments.board).chip)
    chosen = chosen_network(board, arguments)
    board = replace(board, network=chosen.name)
    folder = prepare(board, chosen)
    if arguments.program:
        program(board, folder)
        return
    rom_dir = chosen.rom_dir.relative_to(ROOT)
    if board.family == "ecp5":
        seeds = list(board.seeds) if arguments.seeds == "all" else [board.seed]
        say("cycles an avatar, from simulation")
        cycles = measured(chosen).cycles_per_avatar
        report = ecp5.build(board, folder, rom_dir, seeds, cycles, say)
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
