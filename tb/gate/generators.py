# SPDX-License-Identifier: Apache-2.0
"""Netlists of a whole Generator, as sources of a simulation.

They are made as the netlist of a bitstream is: look-up tables, flip-flops, MULT18X18D and DP16KD,
whose models are in blocks.py. ROM contents are inside; no hex file is read.
"""

from __future__ import annotations

import json
from pathlib import Path

from synth_flow import memories
from synth_flow.gate import netlist_verilog, write_verilog

from tb.gate.blocks import with_models
from tb.lib.build import FILE_LIST, source_files
from tb.lib.network import ROOT, exported, locked

TOP = "dcgan_axis"


def retargeted(folder: Path, name: str) -> None:
    """Synthesised with markers: the contents of a network take their place in the netlist."""
    design = json.loads((folder / "packed.json").read_text())
    network = exported(name)
    assert memories.fill_netlist(design["modules"][TOP], folder / "markers", network.rom_dir)
    (folder / "packed.json").write_text(json.dumps(design))
    write_verilog(folder)


def generator_sources(name: str, *, marked: bool = False) -> list[str | Path]:
    """Netlist of one network with the models of its cells, and the package the harness asks.

    marked: synthesised with markers, and the network exchanged into it.
    """
    network = exported(name)
    folder = ROOT / "build" / "gate" / f"axis_{name}{'_marked' if marked else ''}"
    rom_dir = network.rom_dir
    if marked:
        rom_dir = folder / "markers"
        memories.write_markers(network.rom_dir, network.package, rom_dir)
    with locked(folder.with_suffix(".lock")):
        rtl = [str(path.relative_to(ROOT)) for path in source_files([FILE_LIST], network.package)]
        used = [path for path in rtl if "/board/" not in path and "/video/" not in path]
        parameters = {"RomDir": str(rom_dir.relative_to(ROOT))}
        gate, counts = netlist_verilog(TOP, used, parameters, folder)
        if marked:
            retargeted(folder, name)
        for kind in ("ram_output_registers", "multiplier_input_registers"):
            assert counts.get(kind), f"nothing was packed: {counts}"
        # The harness hands RomDir on; in a netlist the ROMs are contents of block RAMs.
        text = gate.read_text().replace(
            f"module {TOP}(", f'module {TOP} #(parameter RomDir = "") ('
        )
        gate.write_text(text)
        return [network.package, *with_models(gate)]
