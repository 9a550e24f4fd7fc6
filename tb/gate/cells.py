# SPDX-License-Identifier: Apache-2.0
"""Small netlists to try a pass on, as Yosys writes them: one bit a pin."""

from __future__ import annotations

from synth_flow import carry

CLOCK, OUT = 1, 90
ADDER = f"{carry.PLAIN_ADDER:016b}"


def cell(kind: str, outputs: tuple[str, ...], pins: dict, **parameters) -> dict:
    return {
        "type": kind,
        "parameters": parameters,
        "port_directions": {pin: "output" if pin in outputs else "input" for pin in pins},
        "connections": {pin: [net] for pin, net in pins.items()},
    }


def table(init: int, output: int, **pins) -> dict:
    every = {pin: pins.get(pin, "0") for pin in "ABCD"}
    return cell("LUT4", ("Z",), {**every, "Z": output}, INIT=f"{init:016b}")


def adder(a: int, b: int) -> dict:
    pins = {f"{pin}{half}": "0" for pin in "ABC" for half in "01"} | {"D0": "1", "D1": "1"}
    pins |= {"A0": a, "B0": b, "CIN": "0", "COUT": 91, "S0": OUT, "S1": 92}
    return cell("CCU2C", ("COUT", "S0", "S1"), pins, INIT0=ADDER, INIT1=ADDER)


def flip_flop(data: int, output: int, **pins) -> dict:
    return cell("TRELLIS_FF", ("Q",), {"CLK": CLOCK, "DI": data, "Q": output, "LSR": "0", **pins})


def module(cells: dict, outputs: list[int]) -> dict:
    ports = {"o": {"direction": "output", "bits": outputs}}
    return {"cells": cells, "ports": ports | {"c": {"direction": "input", "bits": [CLOCK]}}}
