# SPDX-License-Identifier: Apache-2.0
"""From RTL to a bitstream: python scripts/synth.py ulx3s [--seeds all]

Writes build/synth/<board>/: the bitstream, report.json, utilisation.png and every log.
Exit status 1 with the critical path in words if the clock of the board is missed.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

from synth_flow import ecp5, tools, xilinx
from synth_flow.boards import ROOT, Board, FlowError, load, names

from tb.sim.measure import measured


def rom_folder(board: Board) -> Path:
    """ROM contents of the board's network, relative to the repository root; made if absent."""
    if board.network == "compact":
        return Path("rtl/rom")
    folder = Path("build/rom") / board.network
    subprocess.run(
        [sys.executable, "model/export.py", "--network", board.network, "--out", str(folder)],
        cwd=ROOT,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return folder


def prepare(board: Board) -> Path:
    """build/synth/<board>, and the shape package where the flow expects it."""
    folder = ROOT / "build" / "synth" / board.name
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def program(board: Board, folder: Path) -> None:
    """Load the bitstream with openFPGALoader."""
    bitstream = folder / f"{board.name}.bit"
    if not bitstream.is_file():
        raise FlowError(f"no bitstream: run `make synth BOARD={board.name}` first")
    if not board.programmer:
        raise FlowError(f"{board.title} is not loaded this way: use Vivado or the PYNQ driver")
    loader = tools.tool("openFPGALoader")
    subprocess.run([loader, "-b", board.programmer, str(bitstream)], check=True)


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


def run_board(board: Board, arguments: argparse.Namespace) -> None:
    began = time.monotonic()

    def say(text: str) -> None:
        print(f"[{time.monotonic() - began:6.0f} s] {text}", flush=True)

    folder = prepare(board)
    if arguments.program:
        program(board, folder)
        return
    rom_dir = rom_folder(board)
    if board.family == "ecp5":
        seeds = list(board.seeds) if arguments.seeds == "all" else [board.seed]
        say("cycles an avatar, from simulation")
        cycles = measured(board.network).cycles_per_avatar
        report = ecp5.build(board, folder, rom_dir, seeds, cycles, say)
        show_ecp5(report)
    elif xilinx.has_vivado():
        xilinx.run_vivado(board, folder, rom_dir, say)
    else:
        say("Vivado is not installed: no placement, no timing and no bitstream were made")
        report = xilinx.count(board, folder, rom_dir, say)
        if not show_xilinx(report):
            raise FlowError(f"{board.network} does not fit {board.title}")
    say(f"done: {os.path.relpath(folder, ROOT)}")


def main() -> int:
    parser = argparse.ArgumentParser(description="From RTL to a bitstream.")
    parser.add_argument("board", help=", ".join(names()))
    parser.add_argument("--seeds", choices=("pinned", "all"), default="pinned")
    parser.add_argument("--program", action="store_true", help="load the bitstream, build nothing")
    arguments = parser.parse_args()
    try:
        run_board(load(arguments.board), arguments)
    except (FlowError, subprocess.CalledProcessError, RuntimeError, AssertionError) as problem:
        print(f"error: {problem}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
