# SPDX-License-Identifier: Apache-2.0
"""The registers of the Generator, read from its sources, and the class that each belongs to."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from pyslang.syntax import SyntaxTree

from tb.evidence.files import RTL
from tb.evidence.mutants import children, kind

AREAS = ("dcgan", "convt", "arith", "mem", "stream")
CLASSES = Path(__file__).with_name("classes.toml")
LASTING = "ROM"
"""The class whose flips no reset and no later write mends."""
NAMES = {"IdentifierName", "IdentifierSelectName"}


class ClassError(ValueError):
    """A register that belongs to no class, or a class that no register belongs to."""


def sources() -> list[Path]:
    """Files that a Generator may consist of."""
    return sorted(path for area in AREAS for path in (RTL / area).glob("*.sv"))


@cache
def registers() -> dict[str, set[str]]:
    """Module -> names that a clock edge writes."""
    found = {path.stem: set(_written(path)) for path in sources()}
    return {module: names for module, names in found.items() if names}


def configuration() -> str:
    """For Verilator: these names, and no others, can be written from outside."""
    lines = [
        f'public_flat_rw -module "{module}" -var "{name}"'
        for module, names in sorted(registers().items())
        for name in sorted(names)
    ]
    return "\n".join(["`verilator_config", *lines, ""])


def classes(path: Path = CLASSES) -> dict[str, dict[str, str]]:
    """Name -> what it holds and the patterns of its modules and names, in the order of the file."""
    entries = tomllib.loads(path.read_text(encoding="utf-8"))["class"]
    return {entry["name"]: entry for entry in entries}


def class_of(module: str, name: str, path: Path = CLASSES) -> str:
    """The first class whose patterns match; ClassError if none does."""
    for title, entry in _patterns(path).items():
        if entry[0].fullmatch(module) and entry[1].fullmatch(name):
            return title
    raise ClassError(f"{module}.{name} belongs to no class of {path.name}")


@cache
def _patterns(path: Path) -> dict[str, tuple[re.Pattern[str], re.Pattern[str]]]:
    return {
        title: (re.compile(entry["modules"]), re.compile(entry["names"]))
        for title, entry in classes(path).items()
    }


def _written(path: Path) -> Iterator[str]:
    """Targets of non-blocking assignments."""

    def walk(node: object) -> Iterator[str]:
        if kind(node) == "NonblockingAssignmentExpression":
            yield from names(children(node)[0])
        for child in children(node):
            yield from walk(child)

    def names(node: object) -> Iterator[str]:
        if kind(node) in NAMES:
            yield node.identifier.valueText
            return  # what stands in brackets is read
        for child in children(node):
            yield from names(child)

    return walk(SyntaxTree.fromText(path.read_text(encoding="utf-8")).root)
