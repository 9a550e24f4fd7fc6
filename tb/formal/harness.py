# SPDX-License-Identifier: Apache-2.0
"""A harness: one SystemVerilog file whose header says what is proven of which sources, and how.

// Sources  rtl/stream/stream_fifo.sv, ...
// Proof    induction 2 | bounded 40       steps of the induction, or cycles that are looked at
// Reach    12                             cycles within which covers and seeded bugs are found
// Solver   z3                             left out: bitwuzla
// Cases    Width=3 Depth=4, Width=1 Depth=2

    // bug: held_q <= '0; ==> held_q <= 1;
    `PROVE(Name, given, holds)

Every property names, in the line above it, a small change of the sources that breaks it. The text
before ==> stands in exactly one place of them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from tb.lib.tools import ROOT

FOLDER = ROOT / "tb" / "formal"
SUFFIX = "_formal.sv"
FIELD = re.compile(r"^// (Sources|Proof|Reach|Solver|Cases) +(.*(?:\n// {10}.*)*)", re.MULTILINE)
PROPERTY = re.compile(r"`PROVE\((\w+),")
BUG = re.compile(r"// bug: (.*?) ==> (.*)")


class HarnessError(RuntimeError):
    """A harness that says nothing checkable."""


@dataclass(frozen=True)
class Bug:
    """A change of one place in the sources that must break one property."""

    breaks: str
    old: str
    new: str


@dataclass(frozen=True)
class Harness:
    """What a file of this folder promises."""

    path: Path
    sources: tuple[Path, ...]
    method: str
    steps: int
    reach: int
    solver: str
    cases: tuple[tuple[str, ...], ...]
    properties: tuple[str, ...]
    bugs: tuple[Bug, ...]

    @property
    def top(self) -> str:
        """Name of the module in the file."""
        return self.path.stem

    @property
    def name(self) -> str:
        """What is verified."""
        return self.path.name.removesuffix(SUFFIX)

    @property
    def claim(self) -> str:
        """proven, or within how many cycles."""
        return "proven" if self.method == "induction" else f"bounded, {self.steps} cycles"


def harnesses(folder: Path = FOLDER) -> list[Harness]:
    """Every harness of a folder, by name."""
    return [read(path) for path in sorted(folder.glob(f"*{SUFFIX}"))]


def read(path: Path) -> Harness:
    """The promises of a file; HarnessError if they are not whole."""
    text = path.read_text(encoding="utf-8")
    fields = {
        name: " ".join(value.replace("//", " ").split()) for name, value in FIELD.findall(text)
    }
    missing = {"Sources", "Proof", "Reach"} - set(fields)
    if missing:
        raise HarnessError(f"{path.name}: the header has no {', '.join(sorted(missing))}")
    method = re.fullmatch(r"(induction|bounded) (\d+)", fields["Proof"])
    if not method:
        raise HarnessError(f"{path.name}: Proof must be 'induction N' or 'bounded N'")
    cases = [tuple(case.split()) for case in fields.get("Cases", "").split(",")]
    properties, bugs = _properties(path.name, text)
    return Harness(
        path=path,
        sources=tuple(ROOT / name.strip() for name in fields["Sources"].split(",")),
        method=method[1],
        steps=int(method[2]),
        reach=int(fields["Reach"]),
        solver=fields.get("Solver", "bitwuzla"),
        cases=tuple(cases),
        properties=properties,
        bugs=bugs,
    )


def _properties(name: str, text: str) -> tuple[tuple[str, ...], tuple[Bug, ...]]:
    """Properties in order, each with the bug in the lines above it."""
    properties: list[str] = []
    bugs: list[Bug] = []
    pending: list[tuple[str, str]] = []
    for line in text.splitlines():
        if bug := BUG.search(line):
            pending.append((bug[1].strip(), bug[2].strip()))
        elif found := PROPERTY.search(line):
            if not pending:
                raise HarnessError(f"{name}: {found[1]} names no bug that breaks it")
            properties.append(found[1])
            bugs += [Bug(found[1], old, new) for old, new in pending]
            pending = []
    if pending or not properties:
        raise HarnessError(f"{name}: a bug without a property, or no property at all")
    if len(set(properties)) < len(properties):
        raise HarnessError(f"{name}: two properties have one name")
    return tuple(properties), tuple(bugs)
