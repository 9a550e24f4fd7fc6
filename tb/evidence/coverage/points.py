# SPDX-License-Identifier: Apache-2.0
"""What else is counted of a module: states, changes of state, and situations of points.toml.

Each becomes a `cover property` behind the module's own text, in a copy of its source that is built
in its place. Nothing is bound to ports, and the RTL knows nothing of it:

    state__<register>__<state>           a register of an enum type has this value
    step__<register>__<from>__<to>       it goes from one to the other
    point__<name>                        a situation of points.toml

A situation that does not name the reset counts outside it; one that names it (`!rst_ni && ...`) is
what a reset meets. A module without a reset is always outside it, one without a clock is looked at
whenever something changes.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from itertools import permutations
from pathlib import Path

from tb.evidence.coverage.counts import SUFFIX, CoverageError
from tb.evidence.files import module_file

POINTS = Path(__file__).with_name("points.toml")
ENUM = re.compile(r"typedef\s+enum\b[^{;]*\{([^}]*)\}\s*(\w+)\s*;")
CLOCKS = {"clk_i": "rst_ni", "aclk": "aresetn"}
"""Clock and reset of a module."""
SOURCE, SINK = ("in_valid_i", "in_ready_o"), ("out_valid_o", "out_ready_i")
SIDES = {
    "moves": "{0} && {1}",
    "offers_nothing": "!{0} && {1}",
    "waits": "{0} && !{1}",
}
"""What one side of a stream does in a cycle: valid, ready."""


@dataclass
class Watch:
    """What is counted of one module besides its code."""

    helper: str = ""
    points: dict[str, str] = field(default_factory=dict)


def pairs(never: list[str]) -> dict[str, str]:
    """Every pair of what source and sink of a stream do in the same cycle, but for some."""
    every = {
        f"source_{a}_sink_{b}": f"{left.format(*SOURCE)} && {right.format(*SINK)}"
        for a, left in SIDES.items()
        for b, right in SIDES.items()
    }
    if unknown := set(never) - set(every):
        raise CoverageError(f"points.toml: no such pair of stalls: {', '.join(sorted(unknown))}")
    return {name: when for name, when in every.items() if name not in never}


def watches(path: Path = POINTS) -> dict[str, Watch]:
    """Module -> what is watched there; CoverageError or ValueError for an entry that cannot be."""
    found = {}
    for module, entry in tomllib.loads(path.read_text(encoding="utf-8")).items():
        module_file(module)
        watch = Watch(entry.pop("helper", ""))
        if entry.pop("stalls", False):
            watch.points |= pairs(entry.pop("never", []))
        for name, when in entry.items():
            if not re.fullmatch(r"[a-z][a-z0-9_]*", name) or not isinstance(when, str):
                raise CoverageError(f"points.toml: {module}: {name}: a name and an expression")
            watch.points[name] = when
        found[module] = watch
    return found


def states(source: str) -> dict[str, list[str]]:
    """Register -> states, of every register of an enum type, in the order of the type."""
    found = {}
    code = re.sub(r"//[^\n]*", "", source)
    for body, kind in ENUM.findall(code):
        values = [value.split("=")[0].strip() for value in body.split(",")]
        for names in re.findall(rf"\b{kind}\s+(\w+(?:\s*,\s*\w+)*)\s*;", code):
            for name in re.split(r"\s*,\s*", names):
                found[name] = values
    return found


def properties(source: str, watch: Watch) -> list[str]:
    """Lines of SystemVerilog that count, for the end of a module."""
    clock = next((clock for clock in CLOCKS if re.search(rf"\binput\b.*\b{clock}\b", source)), None)
    lines = watch.helper.strip().splitlines()
    if clock is None:
        return [*lines, *(f"always_comb point__{n}: cover ({w});" for n, w in watch.points.items())]
    named = re.search(rf"\binput\b.*\b{CLOCKS[clock]}\b", source)
    reset = CLOCKS[clock] if named else "1'b1"
    edge = f"cover property (@(posedge {clock})"
    for name, when in watch.points.items():
        outside = when if re.search(rf"\b{reset}\b", when) else f"{reset} && ({when})"
        lines.append(f"point__{name}: {edge} ({outside}));")
    for register, values in states(source).items():
        before = f"{register}__before"
        # What a reset does to a register is no step of its machine.
        lines += [
            f"logic [$bits({register})-1:0] {before};",
            f"logic {before}_runs;",
            f"always_ff @(posedge {clock}) {before} <= {register};",
            f"always_ff @(posedge {clock}) {before}_runs <= {reset};",
        ]
        lines += [
            f"state__{register}__{value}: {edge} ({reset} && {register} == {value}));"
            for value in values
        ]
        lines += [
            f"step__{register}__{a}__{b}: "
            f"{edge} ({reset} && {before}_runs && {before} == {a} && {register} == {b}));"
            for a, b in permutations(values, 2)
        ]
    return lines


def watched(module: str, watch: Watch) -> str:
    """The source of a module with what counts behind it; its own lines keep their places."""
    path = module_file(module)
    source = path.read_text(encoding="utf-8")
    head, end, tail = source.rpartition("endmodule")
    if not end:
        raise CoverageError(f"{path} has no module")
    behind = head.count("\n") + 1
    return "\n".join(
        [
            f'`line 1 "{path}" 0',
            head,
            f'`line 1 "{path}{SUFFIX}" 0',
            *properties(source, watch),
            f'`line {behind} "{path}" 0',
            end + tail,
        ]
    )
