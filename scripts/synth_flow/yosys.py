# SPDX-License-Identifier: Apache-2.0
"""Yosys scripts: RTL to a netlist of ECP5 or 7-series cells."""

from __future__ import annotations

from pathlib import Path

from .boards import ROOT, Board

# synth_lattice without its `check` passes, which search loops in the flat design for minutes, and
# without `share`, which finds nothing here: the RTL shares by itself. No memory is read at the very
# edge that writes the same word (mem_ram), so no bypass is wanted, and registers can be packed. A
# ROM of 64 words or more is a block even where tables would do: those take too long to read. So is
# every memory of a network (mem_table): no other kind has contents from power-up and takes others.
# opt_mem, the first step of `memory`, is left out: it removes bits that are the same in all words.
# The netlist is that of a preset; the contents of its memories are data.
COARSE = """\
proc
opt_expr
opt_clean
flatten
opt_expr
opt_clean
opt -nodffe -nosdff
fsm
opt
wreduce
peepopt
opt_clean
techmap -map +/cmp2lut.v -D LUT_WIDTH=4
opt_expr
opt_clean
techmap -map +/mul2dsp.v -D DSP_A_MAXWIDTH=18 -D DSP_B_MAXWIDTH=18 \
-D DSP_A_MINWIDTH=2 -D DSP_B_MINWIDTH=2 -D DSP_NAME=$__MUL18X18
techmap -map +/lattice/dsp_map_18x18.v
chtype -set $mul t:$__soft_mul
alumacc
opt
opt_mem_priority
opt_mem_feedback
memory_bmux2rom
memory_dff -no-rw-check
opt_clean
memory_share
opt_mem_widen
opt_clean
memory_collect
setattr -set rom_style "block" t:$mem_v2 r:WR_PORTS=0 %i r:SIZE>=64 %i
setattr -set ram_style "block" t:$mem_v2 c:*contents %i
opt_clean
"""

# The front end wants the ports of primitives that the RTL instantiates.
PRIMITIVES = {"ecp5": ("scripts/synth_flow/ecp5_primitives.sv",)}


def sources(rom_dir: Path) -> list[str]:
    """Files of rtl/files.f, with the shape package of the network in `rom_dir`."""
    listed = [line.strip() for line in (ROOT / "rtl" / "files.f").read_text().splitlines()]
    package = "rtl/dcgan/dcgan_shape_pkg.sv"
    beside = rom_dir / Path(package).name  # the committed network keeps it in its place
    return [
        str(beside) if name == package and (ROOT / beside).is_file() else name
        for name in listed
        if name and not name.startswith(("#", "//", "+", "-"))
    ]


def read(board: Board, rom_dir: Path, defines: tuple[str, ...], parameters: dict) -> str:
    """The read_slang line. Strings keep their quotes."""
    flags = [f"-D {name}" for name in ("SYNTHESIS", *defines)]
    flags += [
        f'-G {name}="{value}"' if isinstance(value, str) else f"-G {name}={value}"
        for name, value in parameters.items()
    ]
    files = " ".join([*sources(rom_dir), *PRIMITIVES.get(board.family, ())])
    options = f"-j 1 --keep-hierarchy -I rtl/stream {' '.join(flags)} --top {board.top}"
    return f"read_slang {options} {files}"


def ecp5_parameters(board: Board, rom_dir: Path) -> dict:
    """Top parameters of an ECP5 board."""
    return {
        "Divide": board.divide,
        "Multiply": board.multiply,
        "Post": board.post,
        "WallScale": board.wall_scale,
        "RomDir": str(rom_dir),
    }


def ecp5_script(board: Board, rom_dir: Path, netlist: Path) -> str:
    """Everything up to a JSON netlist."""
    synth = f"synth_lattice -family ecp5 -top {board.top}"
    parameters = ecp5_parameters(board, rom_dir)
    return "\n".join(
        [
            read(board, rom_dir, ("SYNTHESIS_ECP5",), parameters),
            f"{synth} -run begin:coarse",
            COARSE,
            f"{synth} -run map_ram:check",
            "autoname",
            "stat",
            "blackbox =A:whitebox",
            f"write_json {netlist}",
        ]
    )


def xilinx_script(board: Board, rom_dir: Path, statistics: Path) -> str:
    """Resource count for a 7-series chip."""
    synth = f"synth_xilinx -family xc7 -top {board.top} -flatten -noiopad -noclkbuf"
    return "\n".join(
        [
            read(board, rom_dir, (), {"RomDir": str(rom_dir)}),
            f"{synth} -run begin:map_dsp",
            f"{synth} -run map_dsp:check",
            f"tee -q -o {statistics} stat -json",
        ]
    )
