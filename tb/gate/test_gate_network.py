# SPDX-License-Identifier: Apache-2.0
"""The Generator after synthesis, registers packed, draws the golden model's avatars."""

from __future__ import annotations

from pathlib import Path

import pytest
from dcgan.core.latents import draw_z
from dcgan.quant.golden import GoldenGenerator

from tb.gate.blocks import LOOSE
from tb.gate.generators import generator_sources
from tb.lib.network import exported
from tb.sim.report import first_difference
from tb.sim.run import draw

AVATARS = {"verilator": 3, "icarus": 2}


def check(name: str, simulator: str, avatars: int, folder: Path, marked: bool = False) -> None:
    z = draw_z(avatars, seed=21)
    build_args = LOOSE if simulator == "verilator" else ()
    frames = draw(
        name,
        z,
        simulator,
        seed=3,
        folder=folder,
        sources=generator_sources(name, marked=marked),
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
