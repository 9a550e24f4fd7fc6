# SPDX-License-Identifier: Apache-2.0
"""The three ways to draw the same avatar: float network, golden integers, simulated hardware.

A back end is a function int8 [N, 100] -> uint8 [N, 3, 32, 32].
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

from dcgan.config import PRESETS, preset
from dcgan.streaming import Renderer, open_render

Render = Callable[[np.ndarray], np.ndarray]

BACKENDS = ("float", "golden", "rtl")
ROOT = Path(__file__).resolve().parents[2]
CHECKPOINTS = ROOT / "model" / "checkpoints"


def open_backend(backend: str, network: str, simulator: str = "verilator") -> Render:
    """`network` is a preset, or (not for rtl) a .safetensors file of the kind the back end reads.

    ValueError if there is no such network, FileNotFoundError if its file is missing.
    """
    if backend not in BACKENDS:
        raise ValueError(f"no back end is called '{backend}': choose one of {', '.join(BACKENDS)}")
    is_file = network.endswith(".safetensors") and network not in PRESETS
    if backend == "rtl":
        if is_file:
            raise ValueError("the rtl back end draws presets: export the network and use its name")
        return _rtl(preset(network).name, simulator)
    if is_file:
        return open_render(Path(network))
    suffix = "_int" if backend == "golden" else ""
    return open_render(CHECKPOINTS / f"{preset(network).name}{suffix}.safetensors")


def _rtl(network: str, simulator: str) -> Renderer:
    """The testbench's simulation, which lives outside this package and needs a simulator."""
    if str(ROOT / "tb") not in sys.path:
        sys.path.append(str(ROOT / "tb"))
    from lib.network import network as tested
    from lib.tools import SIMULATORS
    from sim.run import draw

    if simulator not in SIMULATORS:
        raise ValueError(f"no simulator is called '{simulator}': {', '.join(SIMULATORS)}")
    os.environ["SIM"] = simulator

    def render(z: np.ndarray) -> np.ndarray:
        runs = ROOT / "build" / "generate"
        runs.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=runs) as folder:
            try:
                return draw(network, z, simulator, folder=Path(folder)).pixels
            except AssertionError as error:
                raise RuntimeError(f"the simulation failed: {error}") from error

    return Renderer(render, tested(network).integers.latents)
