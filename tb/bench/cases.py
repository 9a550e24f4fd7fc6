# SPDX-License-Identifier: Apache-2.0
"""The cases of the benchmark: networks x schedules, each with its own best folding."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from dcgan.core.latents import draw_z
from dcgan.hw.cycle_model import multiplied_macs, useful_macs
from dcgan.hw.folding_search import DEVICES, solve
from dcgan.quant.golden import GoldenGenerator, PlaneMaps

from tb.lib.network import Network, network, refolded
from tb.sim.report import first_difference
from tb.sim.run import draw_fast

MULTIPLIERS = 156  # of an ECP5-85F
UNLIMITED_BLOCKS = 10**6  # `paper` fits no chip here; its cycles are of interest all the same
SCHEDULES = {
    "dense": {"skip_zeros": False, "packing": "none"},
    "skipping": {"skip_zeros": True, "packing": "none"},
    "skipping + packing": {"skip_zeros": True, "packing": "ecp5"},
}
NETWORKS = ("tiny", "compact", "paper")
AVATARS = {"paper": 2}
USUAL_AVATARS = 8
SEED = 64


@dataclass(frozen=True)
class Case:
    """One simulated network and schedule."""

    network: str
    schedule: str
    trained: bool
    multipliers: int
    lanes: int
    cycles_predicted: float
    cycles: float
    latency_cycles: int
    useful_macs: int
    multiplied_macs: int  # of them in layers 2 to 4: layer 1 has no multipliers
    avatars: int
    mismatches: int

    @property
    def efficiency(self) -> float:
        """Useful MACs a multiplier and cycle; inserted zeros and border taps count nothing."""
        return self.useful_macs / (self.multipliers * self.cycles)

    @property
    def multiplier_efficiency(self) -> float:
        """The same without layer 1, which is summed in look-up tables."""
        return self.multiplied_macs / (self.multipliers * self.cycles)


def run_case(name: str, schedule: str) -> Case:
    """Solve the folding for at most MULTIPLIERS, simulate, compare every pixel."""
    base = network(name)
    z = draw_z(AVATARS.get(name, USUAL_AVATARS), SEED)
    golden = GoldenGenerator(base.integers)
    planes = golden.run_planes(z)
    solution = best_folding(base, planes, SCHEDULES[schedule], MULTIPLIERS)
    chosen = refolded(base, solution.folding)
    frames = draw_fast(chosen, z)
    difference = first_difference(frames.pixels, golden.rgb(z))
    if difference is not None:
        raise AssertionError(f"{name}, {schedule}: {difference}")
    return Case(
        network=base.name,
        schedule=schedule,
        trained=base.trained,
        multipliers=solution.multipliers,
        lanes=solution.folding.total_lanes,
        cycles_predicted=round(solution.cycles.steady_state, 1),
        cycles=round(frames.cycles_per_avatar, 1),
        latency_cycles=frames.latency_cycles,
        useful_macs=useful_macs(base.integers.config),
        multiplied_macs=multiplied_macs(base.integers.config),
        avatars=len(z),
        mismatches=0,
    )


def best_folding(base: Network, planes: tuple[PlaneMaps, ...], schedule: dict, multipliers: int):
    """Fewest cycles with so many multipliers; block memories are not limited here."""
    device = dataclasses.replace(
        DEVICES["ecp5-85f"],
        multipliers=multipliers,
        blocks=UNLIMITED_BLOCKS,
        packing=schedule["packing"],
    )
    return solve(base.integers, planes, device, dataclasses.replace(base.folding, **schedule))


def all_cases(names: Sequence[str], progress: Callable[[str], None]) -> list[Case]:
    """Every network with every schedule."""
    cases = []
    for name in names:
        for schedule in SCHEDULES:
            progress(f"{name}, {schedule}")
            cases.append(run_case(name, schedule))
    return cases


def growth(names: Sequence[str], progress: Callable[[str], None]) -> dict[str, list[dict]]:
    """Predicted cycles of the packed schedule against multipliers and against channels.

    Predictions of dcgan.hw.cycle_model, which the simulated cases check.
    """
    curves: dict[str, list[dict]] = {"multipliers": [], "channels": []}
    schedule = SCHEDULES["skipping + packing"]
    for name in names:
        progress(f"{name}, growth")
        base = network(name)
        z = draw_z(2, SEED)
        planes = GoldenGenerator(base.integers).run_planes(z)
        for multipliers in (20, 39, 78, 156, 312):
            solution = best_folding(base, planes, schedule, multipliers)
            point = {
                "network": base.name,
                "allowed": multipliers,
                "multipliers": solution.multipliers,
                "cycles": round(solution.cycles.steady_state, 1),
            }
            curves["multipliers"].append(point)
            if multipliers == MULTIPLIERS:
                channels = base.integers.config.channels[1]
                curves["channels"].append({**point, "channels": channels})
    return curves


def stored_fraction(name: str) -> list[float]:
    """Share of non-zero activations after layers 1 to 3."""
    base = network(name)
    z = draw_z(8, SEED)
    planes = GoldenGenerator(base.integers).run_planes(z)
    return [
        round(float(np.mean([np.mean(getattr(m, f"act{layer}") > 0) for m in planes])), 4)
        for layer in (1, 2, 3)
    ]
