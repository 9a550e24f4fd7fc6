# SPDX-License-Identifier: Apache-2.0
"""Put look-up tables in front of an adder into the adder's own, in a Yosys JSON netlist.

Half of a CCU2C is a look-up table and a multiplexer of the carry:

    sum = LUT4(A, B, C, D) ^ carry in          carry out = LUT4 ? carry in : LUT2(A, B)

Yosys adds with two of the four inputs, LUT4 = A ^ B. Where B comes from a look-up table g of up to
three inputs, as in acc + (first ? bias : ...), the three can enter themselves: LUT4 = A ^ g. The
carry out needs LUT2(A, B) = A, and LUT2 is that part of LUT4 where C = D = 0: so g must be 0 there,
whatever B is.

A table without inputs stays: whether it could go depends on its value, and the netlist must not.

tb/gate compares the result with the RTL.
"""

from __future__ import annotations

import itertools
from collections import Counter
from typing import Any

from .netlist import LUT_PINS, is_constant

Bit = int | str
PLAIN_ADDER = 0x96AA  # D ? A ^ B ^ C : A


def absorb(module: dict[str, Any]) -> Counter:
    """Move what can be moved in one flat module, in place; returns how many tables went."""
    cells = module["cells"]
    loads: Counter[Bit] = Counter()
    tables: dict[Bit, str] = {}
    for port in module["ports"].values():
        if port["direction"] != "input":
            loads.update(port["bits"])
    for name, cell in cells.items():
        for pin, bits in cell["connections"].items():
            if cell["port_directions"].get(pin) != "output":
                loads.update(bits)
        if cell["type"] == "LUT4" and not is_constant(cell):
            tables[cell["connections"]["Z"][0]] = name

    counts: Counter = Counter()
    for cell in [cell for cell in cells.values() if cell["type"] == "CCU2C"]:
        for half in "01":
            for operand in "BA":
                table = tables.get(cell["connections"][operand + half][0])
                if table is None or loads[cells[table]["connections"]["Z"][0]] != 1:
                    continue
                found = arrangement(cells[table]) if is_plain(cell, half) else None
                if found is None:
                    continue
                place(cell, half, operand, found)
                del cells[table]
                counts["tables_absorbed"] += 1
                break
    return counts


def is_plain(cell: dict[str, Any], half: str) -> bool:
    """Whether this half adds A and B and has C and D to spare."""
    return (
        int(cell["parameters"][f"INIT{half}"], 2) == PLAIN_ADDER
        and cell["connections"][f"C{half}"] == ["0"]
        and cell["connections"][f"D{half}"] == ["1"]
    )


def arrangement(table: dict[str, Any]) -> tuple[list[Bit], int] | None:
    """(nets for pins B, C, D, function g of them as 8 bits) with g = 0 at C = D = 0; or None."""
    pins = {pin: table["connections"].get(pin, ["0"])[0] for pin in LUT_PINS}
    free = [pin for pin, net in pins.items() if not isinstance(net, str)]
    if len(free) > 3:
        return None
    init = int(table["parameters"]["INIT"], 2)
    for order in itertools.permutations([*free, *[None] * (3 - len(free))]):
        g = 0
        for inputs in range(8):
            values = {pin: inputs >> n & 1 for n, pin in enumerate(order) if pin}
            index = sum(
                values.get(pin, int(pins[pin] == "1")) << n for n, pin in enumerate(LUT_PINS)
            )
            g |= (init >> index & 1) << inputs
        if g & 0b11 == 0:
            return [pins[pin] if pin else "0" for pin in order], g
    return None


def place(cell: dict[str, Any], half: str, operand: str, found: tuple[list[Bit], int]) -> None:
    """Let one half of an adder add its other operand and g."""
    nets, g = found
    pins = cell["connections"]
    pins[f"A{half}"] = pins[("A" if operand == "B" else "B") + half]
    for pin, net in zip("BCD", nets, strict=True):
        pins[pin + half] = [net]
    init = sum((index & 1 ^ g >> (index >> 1) & 1) << index for index in range(16))
    cell["parameters"][f"INIT{half}"] = f"{init:016b}"
