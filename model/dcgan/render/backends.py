# SPDX-License-Identifier: Apache-2.0
"""The ways to draw the same avatar: float network, golden integers, simulated hardware.

The simulation of the hardware belongs to the testbench, which this package does not know: a command
line hands it in (`tb.sim.renderer.open_rtl`).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from dcgan.core.network_files import float_file, integer_file
from dcgan.core.renderer import Renderer
from dcgan.quant.int_generator import load_integer
from dcgan.render.networks import FloatRenderer, IntegerRenderer, is_integer

BACKENDS = ("float", "golden", "rtl")


def open_backend(
    backend: str, network: str | Path, open_rtl: Callable[[str], Renderer] | None = None
) -> Renderer:
    """`network` is a preset, or a .safetensors file of the kind the back end reads.

    `open_rtl` opens the simulated hardware of a network. ValueError if there is no such network or
    no such back end at hand, or if the file is of the other kind.
    """
    if backend not in BACKENDS:
        raise ValueError(f"no back end is called '{backend}': choose one of {', '.join(BACKENDS)}")
    if backend == "rtl":
        if open_rtl is None:
            raise ValueError("the rtl back end needs the testbench: run model/generate.py")
        return open_rtl(str(network))
    if backend == "golden":
        path = integer_file(network)
        if not is_integer(path):
            raise ValueError(f"{path} holds a float network: quantise it, or use back end float")
        return IntegerRenderer(load_integer(path))
    path = float_file(network)
    if is_integer(path):
        raise ValueError(f"{path} holds integers: use back end golden")
    return FloatRenderer(path)
