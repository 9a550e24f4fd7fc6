# SPDX-License-Identifier: Apache-2.0
"""What is done to a mapped netlist before it is placed: each step changes no value in any cycle."""

from __future__ import annotations

from collections import Counter
from typing import Any

from . import carry, fanout, netlist, resets
from .boards import FlowError


def improve(module: dict[str, Any]) -> Counter:
    """Pack registers, merge tables into adders and resets, copy busy flip-flops.

    In place; returns counts of what was done.
    """
    counts = netlist.pack(module) + carry.absorb(module)
    counts += resets.absorb_inverters(module) + fanout.spread(module)
    if lost := netlist.undriven(module):
        raise FlowError(f"{len(lost)} inputs have lost their driver, {lost[0]} is the first")
    return counts
