# SPDX-License-Identifier: Apache-2.0
"""The Generator after synthesis, registers packed, draws the golden model's avatars.

What is simulated is made as the netlist of a bitstream is: look-up tables, flip-flops, MULT18X18D
and DP16KD, whose models are in blocks.py. ROM contents are inside; no hex file is read.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from dcgan.core.latents import draw_z
from dcgan.quant.golden import GoldenGenerator
from synth_flow import memories
from synth_flow.gate import netlist_verilog, write_verilog

from tb.gate.blocks import LOOSE, with_models
from tb.lib.build import FILE_LIST, source_files
from tb.lib.network import ROOT, exported, locked
from tb.sim.report import first_difference
from tb.sim.run import draw

TOP = "dcgan_axis"
AVATARS = {"verilator": 3, "icarus": 2}


def retargeted(folder: Path, name: str) -> None:
    """Synthesised with markers: the contents of a network take their place in the netlist."""
    design = json.loads((folder / "packed.json").read_text())
    network = exported(name)
    assert memories.fill_netlist(design["modules"][TOP], folder / "markers", network.rom_dir)
    (folder / "packed.json").write_text(json.dumps(design))
    write_verilog(folder)


def gate_sources(name: str, marked: bool = False) -> list[str | Path]:
    """Netlist of one network with the models of its cells, and the package the harness asks."""
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


def check(name: str, simulator: str, avatars: int, folder: Path, marked: bool = False) -> None:
    z = draw_z(avatars, seed=21)
    build_args = LOOSE if simulator == "verilator" else ()
    frames = draw(
        name,
        z,
        simulator,
        seed=3,
        folder=folder,
        sources=gate_sources(name, marked),
        build_args=build_args,
        optimise=False,  # a netlist is 60 MB of C++, drawn from a few times
    )
    expected = GoldenGenerator(exported(name).integers).rgb(z)
    assert first_difference(frames.pixels, expected) is None


@pytest.mark.slow
def test_the_netlist_of_tiny_draws_golden_avatars(simulator, tmp_path):
    check("tiny", simulator, AVATARS[simulator], tmp_path)


@pytest.mark.slow
def test_a_netlist_whose_memories_were_exchanged_draws_a_golden_avatar(tmp_path):
    check("tiny", "verilator", 1, tmp_path, marked=True)


@pytest.mark.slow
def test_the_netlist_of_compact_draws_a_golden_avatar(tmp_path):
    check("compact", "verilator", 1, tmp_path)
