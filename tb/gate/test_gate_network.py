# SPDX-License-Identifier: Apache-2.0
"""The Generator after synthesis, registers packed, draws the golden model's avatars.

What is simulated is made as the netlist of a bitstream is: look-up tables, flip-flops, MULT18X18D
and DP16KD, whose models are in blocks.py. ROM contents are inside; no hex file is read.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from dcgan.core.latents import draw_z
from dcgan.quant.golden import GoldenGenerator
from synth_flow.gate import netlist_verilog

from tb.gate.blocks import LOOSE, with_models
from tb.lib.build import FILE_LIST, source_files
from tb.lib.network import ROOT, exported, locked
from tb.sim.report import first_difference
from tb.sim.run import draw

TOP = "dcgan_axis"
AVATARS = {"verilator": 3, "icarus": 2}


def gate_sources(name: str) -> list[str | Path]:
    """Netlist of one network with the models of its cells, and the package the harness asks."""
    network = exported(name)
    folder = ROOT / "build" / "gate" / f"axis_{name}"
    with locked(folder.with_suffix(".lock")):
        rtl = [str(path.relative_to(ROOT)) for path in source_files([FILE_LIST], network.package)]
        used = [path for path in rtl if "/board/" not in path and "/video/" not in path]
        parameters = {"RomDir": str(network.rom_dir.relative_to(ROOT))}
        gate, counts = netlist_verilog(TOP, used, parameters, folder)
        for kind in ("ram_output_registers", "multiplier_input_registers"):
            assert counts.get(kind), f"nothing was packed: {counts}"
        # The harness hands RomDir on; in a netlist the ROMs are contents of block RAMs.
        text = gate.read_text().replace(
            f"module {TOP}(", f'module {TOP} #(parameter RomDir = "") ('
        )
        gate.write_text(text)
        return [network.package, *with_models(gate)]


def check(name: str, simulator: str, avatars: int, folder: Path) -> None:
    z = draw_z(avatars, seed=21)
    build_args = LOOSE if simulator == "verilator" else ()
    frames = draw(
        name,
        z,
        simulator,
        seed=3,
        folder=folder,
        sources=gate_sources(name),
        build_args=build_args,
        optimise=False,  # a netlist is 60 MB of C++, drawn from a few times
    )
    expected = GoldenGenerator(exported(name).integers).rgb(z)
    assert first_difference(frames.pixels, expected) is None


@pytest.mark.slow
def test_the_netlist_of_tiny_draws_golden_avatars(simulator, tmp_path):
    check("tiny", simulator, AVATARS[simulator], tmp_path)


@pytest.mark.slow
def test_the_netlist_of_compact_draws_a_golden_avatar(tmp_path):
    check("compact", "verilator", 1, tmp_path)
