# SPDX-License-Identifier: Apache-2.0
"""What of a netlist is not contents of block RAMs, as text and as a digest.

Two networks of one preset must have the same: then one placement, and its timing, serve both.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

BLOCK_RAM = "DP16KD"
CONTENTS = re.compile(r"INITVAL_[0-9A-F]{2}")


def structure(module: dict[str, Any]) -> list[str]:
    """Ports and cells of a flat module, one a line, without what block RAMs hold at power-up."""
    lines = [f"port {name} {json.dumps(port)}" for name, port in sorted(module["ports"].items())]
    for name, cell in sorted(module["cells"].items()):
        parameters = cell["parameters"]
        if cell["type"] == BLOCK_RAM:
            parameters = {key: p for key, p in parameters.items() if not CONTENTS.fullmatch(key)}
        facts = [cell["type"], parameters, cell["connections"]]
        lines.append(f"cell {name} {json.dumps(facts, sort_keys=True)}")
    return lines


def digest(module: dict[str, Any]) -> str:
    """Changes with anything in `structure`."""
    return hashlib.sha256("\n".join(structure(module)).encode()).hexdigest()
