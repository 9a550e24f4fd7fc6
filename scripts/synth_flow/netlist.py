# SPDX-License-Identifier: Apache-2.0
"""Pack flip-flops into ECP5 block RAMs and multipliers, in a Yosys JSON netlist.

Yosys leaves every register in front of and behind a DP16KD or MULT18X18D in the fabric, although
the blocks have their own: with them a block RAM answers 0.96 ns after the clock instead of 5.6 ns.
The RTL writes these registers as plain flip-flops (mem_table, mem_ram, arith_mult_pair); this pass
moves them inside where that changes nothing:

    DP16KD      DO -> FF                   all used outputs of a port    REGMODE = OUTREG
    MULT18X18D  FF -> A, FF -> B           all eighteen bits             REG_INPUTx = CLK0
    MULT18X18D  P -> FF                    all used bits                 REG_OUTPUT = CLK0

One common clock (and enable, for the RAM), no reset, no other load between block and register.
tb/gate_level runs the packed netlist against the golden model.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

Bit = int | str  # a net number, or "0", "1", "x"
OPERAND_BITS = 18
PRODUCT_BITS = 36
RAM_BITS = 18
LUT_PINS = "ABCD"


@dataclass(frozen=True)
class FlipFlop:
    """A TRELLIS_FF without reset: nets and name."""

    name: str
    data: Bit
    output: Bit
    clock: Bit
    enable: Bit  # "1" if always enabled


@dataclass
class Design:
    """One flat module of a Yosys JSON netlist, with indices by net."""

    module: dict[str, Any]
    flip_flops: dict[str, FlipFlop] = field(default_factory=dict)
    by_output: dict[Bit, FlipFlop] = field(default_factory=dict)
    by_data: dict[Bit, list[FlipFlop]] = field(default_factory=lambda: defaultdict(list))
    loads: Counter = field(default_factory=Counter)
    counts: Counter = field(default_factory=Counter)

    @property
    def cells(self) -> dict[str, Any]:
        return self.module["cells"]


def index(module: dict[str, Any]) -> Design:
    """Find the flip-flops that may move, and count the loads of every net."""
    design = Design(module)
    for port in module["ports"].values():
        if port["direction"] != "input":
            design.loads.update(port["bits"])
    for name, cell in module["cells"].items():
        for pin, bits in cell["connections"].items():
            if cell["port_directions"].get(pin) != "output":
                design.loads.update(bits)
        flip_flop = plain_flip_flop(name, cell)
        if flip_flop:
            design.flip_flops[name] = flip_flop
            design.by_output[flip_flop.output] = flip_flop
            design.by_data[flip_flop.data].append(flip_flop)
    return design


def plain_flip_flop(name: str, cell: dict[str, Any]) -> FlipFlop | None:
    """This cell as a FlipFlop if it has a rising clock, an active-high enable and no reset."""
    if cell["type"] != "TRELLIS_FF":
        return None
    parameters, pins = cell["parameters"], cell["connections"]
    reset = pins.get("LSR", ["0"])[0]
    # A register that starts at one keeps its place: those inside the blocks start at zero.
    starts_at_one = parameters.get("REGSET", "RESET") == "SET"
    if parameters.get("CLKMUX", "CLK") != "CLK" or reset != "0" or starts_at_one:
        return None
    gate = parameters.get("CEMUX", "1").strip()  # Yosys writes "1 ": it must not look like a number
    if gate not in ("1", "CE"):
        return None
    enable = pins["CE"][0] if gate == "CE" else "1"
    data = pins.get("DI", pins.get("M"))[0]
    return FlipFlop(name, data, pins["Q"][0], pins["CLK"][0], enable)


def remove(design: Design, flip_flop: FlipFlop) -> None:
    """Take a flip-flop out of the module and out of the indices."""
    cell = design.cells.pop(flip_flop.name)
    for pin, bits in cell["connections"].items():
        if cell["port_directions"].get(pin) != "output":
            design.loads.subtract(bits)
    del design.flip_flops[flip_flop.name]
    del design.by_output[flip_flop.output]
    design.by_data[flip_flop.data].remove(flip_flop)
    design.counts["flip_flops_packed"] += 1


def followers(design: Design, nets: list[Bit]) -> list[FlipFlop] | None:
    """The one flip-flop behind each net, None if any net has another load or they differ."""
    found = []
    for net in nets:
        behind = design.by_data.get(net, [])
        if len(behind) != 1 or design.loads[net] != 1:
            return None
        found.append(behind[0])
    if not found or len({(f.clock, f.enable) for f in found}) != 1:
        return None
    return found


def pack_ram(design: Design, cell: dict[str, Any]) -> None:
    """Give a block RAM its output registers."""
    pins, parameters = cell["connections"], cell["parameters"]
    used = {
        side: {
            pin: pins[pin][0]
            for pin in (f"DO{side}{bit}" for bit in range(RAM_BITS))
            if pin in pins and pins[pin] and design.loads[pins[pin][0]]
        }
        for side in "AB"
    }
    wide = int(parameters["DATA_WIDTH_B"], 2) == 2 * RAM_BITS
    written = int(parameters["DATA_WIDTH_A"], 2) == 2 * RAM_BITS
    # Pseudo dual port: A writes, B reads, and the word leaves through the pins of both sides.
    groups = [("B", used["A"] | used["B"])] if wide or written else [(s, used[s]) for s in "AB"]
    for side, outputs in groups:
        behind = followers(design, list(outputs.values()))
        clock = pins.get(f"CLK{side}", ["x"])[0]
        if (
            behind is None
            or behind[0].clock != clock
            or f"CLK{side}" != parameters.get(f"CLK{side}MUX", f"CLK{side}")
        ):
            continue
        for register_side in "AB" if wide or written else side:
            parameters[f"REGMODE_{register_side}"] = "OUTREG"
            pins[f"OCE{register_side}"] = [behind[0].enable]
            design.loads[behind[0].enable] += 1
        for pin, flip_flop in zip(outputs, behind, strict=True):
            pins[pin] = [flip_flop.output]
            remove(design, flip_flop)
        design.counts["ram_output_registers"] += 1


def pack_operand(design: Design, cell: dict[str, Any], operand: str) -> None:
    """Pull the flip-flops in front of one operand into the multiplier."""
    pins, parameters = cell["connections"], cell["parameters"]
    names = [f"{operand}{bit}" for bit in range(OPERAND_BITS)]
    nets = [pins[name][0] for name in names]
    before = {net: design.by_output.get(net) for net in nets if not isinstance(net, str)}
    plain = [flip_flop for flip_flop in before.values() if flip_flop is not None]
    if not plain or len(plain) != len(before):
        return
    if len({f.clock for f in plain}) != 1 or any(f.enable != "1" for f in plain):
        return
    if not share_clock(pins, plain[0].clock):
        return
    for name, net in zip(names, nets, strict=True):
        if not isinstance(net, str):
            pins[name] = [before[net].data]
            design.loads[before[net].data] += 1
            design.loads[net] -= 1
    parameters[f"REG_INPUT{operand}_CLK"] = "CLK0"
    design.counts["multiplier_input_registers"] += 1
    for flip_flop in plain:
        if design.loads[flip_flop.output] == 0:
            remove(design, flip_flop)


def pack_product(design: Design, cell: dict[str, Any]) -> None:
    """Push the flip-flops behind the product into the multiplier."""
    pins, parameters = cell["connections"], cell["parameters"]
    outputs = {
        pin: pins[pin][0]
        for pin in (f"P{bit}" for bit in range(PRODUCT_BITS))
        if pin in pins and pins[pin] and design.loads[pins[pin][0]]
    }
    behind = followers(design, list(outputs.values()))
    if behind is None or behind[0].enable != "1" or not share_clock(pins, behind[0].clock):
        return
    parameters["REG_OUTPUT_CLK"] = "CLK0"
    for pin, flip_flop in zip(outputs, behind, strict=True):
        pins[pin] = [flip_flop.output]
        remove(design, flip_flop)
    design.counts["multiplier_output_registers"] += 1


def share_clock(pins: dict[str, list[Bit]], clock: Bit) -> bool:
    """Connect clock 0 of a multiplier; False if it already has another clock."""
    now = pins.get("CLK0", ["0"])[0]
    if now not in (clock, "0", "x"):
        return False
    pins.update(CLK0=[clock], CE0=["1"], RST0=["0"])
    return True


def pack(module: dict[str, Any]) -> Counter:
    """Pack all blocks of one flat module in place; returns what was done."""
    design = index(module)
    for cell in list(design.cells.values()):
        if cell["type"] == "DP16KD":
            pack_ram(design, cell)
        elif cell["type"] == "MULT18X18D":
            for operand in "AB":
                pack_operand(design, cell, operand)
            pack_product(design, cell)
            for pin in ("CLK0", "CE0", "RST0"):
                cell["port_directions"][pin] = "input"
    for pin in ("OCEA", "OCEB"):
        for cell in design.cells.values():
            if cell["type"] == "DP16KD":
                cell["port_directions"][pin] = "input"
    return design.counts


def is_constant(cell: dict[str, Any]) -> bool:
    """Whether a cell is a bit of `mem_constant`: a table without inputs, no other one has none."""
    pins = cell["connections"]
    return cell["type"] == "LUT4" and not any(
        isinstance(pins.get(pin, ["0"])[0], int) for pin in LUT_PINS
    )


def undriven(module: dict[str, Any]) -> list[str]:
    """`cell.pin` of every input whose net nothing drives."""
    driven = {bit for port in module["ports"].values() for bit in port["bits"]}
    inputs: list[tuple[str, str, Bit]] = []
    for name, cell in module["cells"].items():
        for pin, bits in cell["connections"].items():
            if cell["port_directions"].get(pin) == "input":
                inputs += [(name, pin, bit) for bit in bits if isinstance(bit, int)]
            else:
                driven.update(bits)
    return [f"{name}.{pin}" for name, pin, bit in inputs if bit not in driven]
