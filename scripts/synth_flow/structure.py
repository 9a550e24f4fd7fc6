# SPDX-License-Identifier: Apache-2.0
"""What of a netlist is not contents of block RAMs and constants, as text and as a digest.

Two networks of one preset must have the same, and two clocks of a board: then one placement, and
its timing, serve both.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

from .netlist import is_constant

BLOCK_RAM = "DP16KD"
CONTENTS = re.compile(r"INITVAL_[0-9A-F]{2}")
PLL = "EHXPLLL"
DIVIDERS = re.compile(r"CLK\w+_(DIV|CPHASE)")


def structure(module: dict[str, Any]) -> list[str]:
    """Ports and cells of a flat module, one a line, without what may be exchanged."""
    lines = [f"port {name} {json.dumps(port)}" for name, port in sorted(module["ports"].items())]
    for name, cell in sorted(module["cells"].items()):
        facts = [cell["type"], fixed_parameters(cell), cell["connections"]]
        lines.append(f"cell {name} {json.dumps(facts, sort_keys=True)}")
    return lines


def fixed_parameters(cell: dict[str, Any]) -> dict[str, Any]:
    """Parameters of a cell without those that place and route do not see."""
    parameters = cell["parameters"]
    if cell["type"] == BLOCK_RAM:
        return {key: value for key, value in parameters.items() if not CONTENTS.fullmatch(key)}
    if cell["type"] == PLL:
        return {key: value for key, value in parameters.items() if not DIVIDERS.fullmatch(key)}
    return {} if is_constant(cell) else parameters


def digest(module: dict[str, Any]) -> str:
    """Changes with anything in `structure`."""
    return hashlib.sha256("\n".join(structure(module)).encode()).hexdigest()
