# SPDX-License-Identifier: Apache-2.0
"""The simulated hardware as a back end (dcgan.core.renderer): what command lines hand in."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import numpy as np
from dcgan.core.renderer import Renderer
from dcgan.core.shapes import preset

from tb.lib.network import ROOT, network
from tb.lib.tools import SIMULATORS
from tb.sim.run import draw

RUNS = ROOT / "build" / "generate"


def open_rtl(name: str, simulator: str = "verilator") -> Renderer:
    """The RTL of preset `name` under `simulator`, built when it first draws.

    ValueError if there is no such preset or simulator; RuntimeError if a simulation fails.
    """
    preset(name)
    if simulator not in SIMULATORS:
        raise ValueError(f"no simulator is called '{simulator}': {', '.join(SIMULATORS)}")
    os.environ["SIM"] = simulator

    def render(z: np.ndarray) -> np.ndarray:
        RUNS.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=RUNS) as folder:
            try:
                return draw(name, z, simulator, folder=Path(folder)).pixels
            except AssertionError as error:
                raise RuntimeError(f"the simulation failed: {error}") from error

    return Renderer(render, network(name).integers.about)
