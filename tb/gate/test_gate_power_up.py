# SPDX-License-Identifier: Apache-2.0
"""The netlist of a whole Generator needs no register to begin at a known value, and takes a reset
in the middle of a frame.

On Icarus every flip-flop is X until the design itself gives it a value, so an X that leaves shows
as a pixel that is no number; on Verilator it begins at random.
"""

from __future__ import annotations

import pytest

from tb.dcgan_axis import test_dcgan_axis as rtl_test
from tb.gate.blocks import LOOSE
from tb.gate.generators import TOP, generator_sources
from tb.lib.build import run_cocotb
from tb.lib.network import exported

RANDOM_STARTS = 3


def run(simulator: str, seed: int) -> None:
    """What the tests of the RTL ask, of the netlist: resets, malformed latents, pauses."""
    fast = simulator == "verilator"
    run_cocotb(
        TOP,
        rtl_test.__file__,
        simulator,
        sources=generator_sources("tiny", initial_values=False),
        parameters={"RomDir": str(exported("tiny").rom_dir)},
        build_args=LOOSE if fast else (),
        hide_internals=True,  # or the C++ of a netlist is more files than a command line takes
        plusargs=(f"+verilator+seed+{seed}", "+verilator+rand+reset+2") if fast else (),
        environment={rtl_test.AVATARS_VARIABLE: str(rtl_test.AVATARS[simulator])},
        min_tests=5,
    )


@pytest.mark.slow
def test_the_netlist_of_tiny_needs_no_initial_values(simulator):
    for seed in range(1, RANDOM_STARTS + 1 if simulator == "verilator" else 2):
        run(simulator, seed)
