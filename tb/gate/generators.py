# SPDX-License-Identifier: Apache-2.0
"""Netlists of a whole Generator, as sources of a simulation.

They are made as the netlist of a bitstream is: look-up tables, flip-flops, MULT18X18D and DP16KD,
whose models are in blocks.py. ROM contents are inside; no hex file is read.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from synth_flow import fanout, memories
from synth_flow.gate import cell_models, netlist_verilog, write_verilog

from tb.gate.blocks import INIT_ROWS, with_models
from tb.lib.build import FILE_LIST, source_files
from tb.lib.network import ROOT, exported, locked

TOP = "dcgan_axis"
FLIP_FLOP, ANYHOW = "TRELLIS_FF", "ANYHOW_FF"
WAKES = "initial Q = srval;"
"""Of the model of a flip-flop."""
LOGIC = {FLIP_FLOP, "LUT4", "PFUMX", "L6MUX21", "CCU2C"}
ENABLES = ("WEA", "ADA0", "ADA1", "ADA2", "ADA3")
"""Pins of a block RAM that let port A write; of one of 36 bits addresses are enables of bytes."""
ROWS = [f"INITVAL_{row:02X}" for row in range(INIT_ROWS)]


def with_rom_dir(text: str) -> str:
    """The harness hands RomDir on; in a netlist the ROMs are contents of block RAMs."""
    return text.replace(f"module {TOP}(", f'module {TOP} #(parameter RomDir = "") (')


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
        gate.write_text(with_rom_dir(gate.read_text()))
        return [network.package, *with_models(gate)]


def awake_anyhow(sources: list[str | Path]) -> list[str | Path]:
    """The netlist with flip-flops that wake up as chance will have it.

    Those that let a table be written keep the zero of the bitstream, as on a chip: otherwise the
    network would be spoilt before any reset.
    """
    design = json.loads((Path(sources[-1]).parent / "packed.json").read_text())
    cells = design["modules"][TOP]["cells"]
    kept = write_enables(cells)
    assert kept, "no table can be written: the pins have other names now"
    for name, cell in cells.items():
        if cell["type"] == FLIP_FLOP and name not in kept:
            cell["type"] = ANYHOW
    folder = Path(sources[-1]).parent / "anyhow"
    folder.mkdir(exist_ok=True)
    (folder / "packed.json").write_text(json.dumps(design))
    gate, flip_flop = write_verilog(folder), folder / "flip_flop.v"
    gate.write_text(with_rom_dir(gate.read_text()))
    model = cell_models()
    start = model.index(f"module {FLIP_FLOP}(")
    model = model[start : model.index("endmodule", start)] + "endmodule\n"
    assert model.count(WAKES) == 1
    flip_flop.write_text(
        model.replace(FLIP_FLOP, ANYHOW).replace(WAKES, "initial Q = $urandom_range(1);")
    )
    return [*sources[:-1], flip_flop, gate]


def write_enables(cells: dict[str, Any]) -> set[str]:
    """Flip-flops that write enables of block RAMs with contents come from, also through logic."""
    drivers = {
        bit: name
        for name, cell in cells.items()
        for pin, bits in cell["connections"].items()
        if cell["port_directions"].get(pin) == "output"
        for bit in bits
    }
    found: set[str] = set()
    tables = [
        cell["connections"]
        for cell in cells.values()
        if cell["type"] == fanout.BLOCK_RAM
        and any("1" in cell["parameters"].get(row, "") for row in ROWS)
    ]
    bits = [bit for pins in tables for pin in ENABLES for bit in pins.get(pin, [])]
    seen = set(bits)
    while bits:
        name = drivers.get(bits.pop())
        if name is None or cells[name]["type"] not in LOGIC:
            continue
        if cells[name]["type"] == FLIP_FLOP:
            found.add(name)
            continue
        for pin, inputs in cells[name]["connections"].items():
            if cells[name]["port_directions"].get(pin) == "input":
                bits += [bit for bit in inputs if bit not in seen]
                seen.update(inputs)
    return found
