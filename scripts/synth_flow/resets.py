# SPDX-License-Identifier: Apache-2.0
"""Let flip-flops turn their reset over themselves, in a Yosys JSON netlist.

The RTL resets with a low level, Yosys' flip-flops with a high one: one inverter stands between,
with every flip-flop of the chip behind it. The reset input of an ECP5 slice can invert (LSRMUX =
INV): then the reset comes straight from a flip-flop, whose copies share the work (fanout.py).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

from .netlist import LUT_PINS


def absorb_inverters(module: dict[str, Any]) -> Counter:
    """Remove inverters that drive nothing but resets of flip-flops; in place, returns how many."""
    cells = module["cells"]
    loads = defaultdict(list)
    outside = {bit for port in module["ports"].values() for bit in port["bits"]}
    for cell in cells.values():
        for pin, bits in cell["connections"].items():
            if bits and cell["port_directions"].get(pin) != "output":
                loads[bits[0]].append((cell, pin))
    counts: Counter = Counter()
    for name in [name for name, cell in cells.items() if cell["type"] == "LUT4"]:
        turned = inverted(cells[name])
        output = cells[name]["connections"]["Z"][0]
        if turned is None or output in outside or not all(map(is_reset, loads[output])):
            continue
        for cell, _ in loads[output]:
            cell["parameters"]["LSRMUX"] = "INV"
            cell["connections"]["LSR"] = [turned]
        del cells[name]
        counts["inverters_absorbed"] += 1
    return counts


def is_reset(load: tuple[dict[str, Any], str]) -> bool:
    """Whether this is the reset pin of a flip-flop that does not invert yet."""
    cell, pin = load
    plain = cell["parameters"].get("LSRMUX", "LSR").strip() == "LSR"
    return cell["type"] == "TRELLIS_FF" and pin == "LSR" and plain


def inverted(table: dict[str, Any]) -> int | None:
    """The net that this look-up table inverts, None if it does something else."""
    pins = {pin: table["connections"].get(pin, ["0"])[0] for pin in LUT_PINS}
    free = [pin for pin, net in pins.items() if not isinstance(net, str)]
    if len(free) != 1:
        return None
    init = int(table["parameters"]["INIT"], 2)
    constant = sum(int(pins[pin] == "1") << n for n, pin in enumerate(LUT_PINS))
    at_one = constant | 1 << LUT_PINS.index(free[0])
    return pins[free[0]] if init >> constant & 1 and not init >> at_one & 1 else None
