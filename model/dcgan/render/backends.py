# SPDX-License-Identifier: Apache-2.0
"""The ways to draw the same avatar: float network, golden integers, simulated hardware.

The simulation of the hardware belongs to the testbench, which this package does not know: a command
line hands it in (`tb.sim.renderer.open_rtl`).
"""

from __future__ import annotations

from collections.abc import Callable

from dcgan.core.network_files import float_file, integer_file, is_file_name
from dcgan.core.renderer import Renderer
from dcgan.render.stream import open_render

BACKENDS = ("float", "golden", "rtl")


def open_backend(
    backend: str, network: str, open_rtl: Callable[[str], Renderer] | None = None
) -> Renderer:
    """`network` is a preset, or (not for rtl) a .safetensors file of the kind the back end reads.

    `open_rtl` opens the simulated hardware of a preset. ValueError if there is no such network or
    no such back end at hand, FileNotFoundError if the network's file is missing.
    """
    if backend not in BACKENDS:
        raise ValueError(f"no back end is called '{backend}': choose one of {', '.join(BACKENDS)}")
    if backend == "rtl":
        if open_rtl is None:
            raise ValueError("the rtl back end needs the testbench: run model/generate.py")
        if is_file_name(network):
            raise ValueError("the rtl back end draws presets: export the network and use its name")
        return open_rtl(network)
    return open_render(integer_file(network) if backend == "golden" else float_file(network))
