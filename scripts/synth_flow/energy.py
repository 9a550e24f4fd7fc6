# SPDX-License-Identifier: Apache-2.0
"""Power and energy of a placed design: a rough estimate, with its method beside the number.

    P = V I_standby + f V^2 sum over cells of (number x capacitance x share of cycles it switches)

The standby current is the data sheet's. No vendor publishes capacitances, and the open tools have
no power model: those below are the usual size of such cells with their wires in a 40 nm process,
and may be wrong by a factor of two either way. What comes out tells milliwatts from watts, no more.
"""

from __future__ import annotations

from typing import Any

CORE_VOLTS = 1.1
STANDBY_AMPERES = {"12k": 0.077, "25k": 0.077, "45k": 0.116, "85k": 0.212}
"""Typical ICC of LFE5U-12F (the die of the 25F), -25F, -45F, -85F at 85 degrees C (Lattice
FPGA-DS-02012, supply current)."""

PICOFARADS = {"lut4": 0.6, "ff": 0.3, "ebr": 12.0, "mult18x18d": 8.0}
"""Switched by one cell in a cycle in which it is active, with the wires behind it and its clock."""

ACTIVITY = {"lut4": 0.15, "ff": 0.15, "ebr": 0.8, "mult18x18d": 0.8}
"""Share of cycles in which a cell switches: logic at the usual 12 to 15 %, memories and multipliers
as busy as the counters of the generator say (`make sim`)."""

DOUBT = 2.0
METHOD = "standby current + f V^2 sum(n C activity), C assumed: scripts/synth_flow/energy.py"
LEFT_OUT = "input and output pins, PLL, regulator losses, temperature, glitches, configuration"


def estimate(used: dict[str, int], device: str, clock_mhz: float, per_second: float | None) -> dict:
    """Milliwatts, and millijoules an avatar if the rate is known. `used`: cells by report name."""
    static = 1e3 * CORE_VOLTS * STANDBY_AMPERES[device]
    switched = sum(used[kind] * PICOFARADS[kind] * ACTIVITY[kind] for kind in PICOFARADS)
    dynamic = 1e3 * switched * 1e-12 * CORE_VOLTS**2 * clock_mhz * 1e6
    result: dict[str, Any] = {
        "static_mw": round(static),
        "dynamic_mw": round(dynamic),
        "dynamic_mw_from": round(dynamic / DOUBT),
        "dynamic_mw_to": round(dynamic * DOUBT),
        "method": METHOD,
        "left_out": LEFT_OUT,
    }
    if per_second:
        result["millijoules_per_avatar"] = round((static + dynamic) / per_second, 3)
    return result
