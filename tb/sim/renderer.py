# SPDX-License-Identifier: Apache-2.0
"""The simulated hardware as a back end (dcgan.core.renderer): what command lines hand in."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import numpy as np
from dcgan.core.renderer import Draw, Renderer

from tb.lib.network import ROOT, exported, network, twin
from tb.lib.tools import SIMULATORS
from tb.sim.run import draw
from tb.sim.served import PATIENCE, ServedSimulation

RUNS = ROOT / "build" / "generate"


def open_rtl(name: str, simulator: str = "verilator") -> Renderer:
    """The RTL of a preset or an integer checkpoint under `simulator`, built when it first draws.

    ValueError if there is no such network or simulator; RuntimeError if a simulation fails.
    """
    if simulator not in SIMULATORS:
        raise ValueError(f"no simulator is called '{simulator}': {', '.join(SIMULATORS)}")
    return RtlRenderer(name) if simulator == "verilator" else CocotbRenderer(name, simulator)


class RtlRenderer(Renderer):
    """The RTL as a program of Verilator, with the behavioural twin of its multipliers.

    Each process that draws has one simulator, from its first avatar to `close()` or its end.
    `patience` is how many seconds one avatar may take.
    """

    def __init__(self, name: str, patience: float = PATIENCE):
        super().__init__(network(name).integers.about)
        self.name, self.patience = name, patience

    def open(self) -> Draw:
        return ServedSimulation(twin(exported(self.name)), self.patience)

    def __call__(self, z: np.ndarray) -> np.ndarray:
        try:
            return super().__call__(z)
        except RuntimeError:
            self.close()  # the next call starts another simulator
            raise


class CocotbRenderer(Renderer):
    """The RTL through cocotb, started for each call: for simulators that make no program."""

    def __init__(self, name: str, simulator: str):
        super().__init__(network(name).integers.about)
        self.name, self.simulator = name, simulator

    def open(self) -> Draw:
        os.environ["SIM"] = self.simulator
        return self._draw

    def _draw(self, z: np.ndarray) -> np.ndarray:
        RUNS.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=RUNS) as folder:
            try:
                return draw(self.name, z, self.simulator, folder=Path(folder)).pixels
            except AssertionError as error:
                raise RuntimeError(f"the simulation failed: {error}") from error
