# SPDX-License-Identifier: Apache-2.0
"""The netlist of a whole Generator takes what the RTL takes: pauses, malformed latents, and a reset
in the middle of a frame."""

from __future__ import annotations

from pathlib import Path

import pytest

from tb.dcgan_axis import test_dcgan_axis as rtl_test
from tb.gate.blocks import LOOSE
from tb.gate.generators import TOP, awake_anyhow, generator_sources
from tb.lib.build import run_cocotb
from tb.lib.network import exported

PORTS = ("aclk", "aresetn", "s_axis_t*", "m_axis_t*", "load_*", "status_*")
"""What the test sees. With all inside of a netlist its C++ is more files than a command takes."""


def visible_ports(folder: Path) -> Path:
    """Verilator's configuration that shows the ports and nothing else."""
    path = folder / "ports.vlt"
    lines = [f'public_flat_rw -module "{TOP}" -var "{port}"' for port in PORTS]
    path.write_text("\n".join(["`verilator_config", *lines]) + "\n")
    return path


def run(sources: list[str | Path], plusargs: tuple[str, ...] = ()) -> None:
    """The tests of the RTL on a netlist."""
    run_cocotb(
        TOP,
        rtl_test.__file__,
        "verilator",
        sources=[visible_ports(Path(sources[-1]).parent), *sources],
        parameters={"RomDir": str(exported("tiny").rom_dir)},
        build_args=LOOSE,
        plusargs=plusargs,
        hide_internals=True,
        environment={rtl_test.AVATARS_VARIABLE: str(rtl_test.AVATARS["verilator"])},
        min_tests=5,
    )


@pytest.mark.slow
def test_the_netlist_of_tiny_passes_the_tests_of_the_rtl():
    run(generator_sources("tiny"))


@pytest.mark.slow
def test_whatever_the_flip_flops_of_the_netlist_wake_up_with():
    """A reset makes the next avatar right, from three seeds of random registers."""
    sources = awake_anyhow(generator_sources("tiny"))
    for seed in (1, 2, 3):
        run(sources, (f"+verilator+seed+{seed}",))
