# SPDX-License-Identifier: Apache-2.0
"""Requirements and properties, and whether what they name is there."""

from __future__ import annotations

import ast
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from dcgan.core.files import write_json

from tb.evidence.files import BUILD, digest
from tb.formal.harness import harnesses
from tb.lib.tools import ROOT

REPORT = BUILD / "trace.json"
REQUIREMENTS = Path(__file__).with_name("requirements.toml")
PROPERTIES = Path(__file__).with_name("properties.toml")
GROUPS = ("paper", "stream", "protocol", "registers")


class TraceError(ValueError):
    """A table that cannot be read as one."""


@dataclass(frozen=True)
class Requirement:
    """What must hold, and what checks it: tests `file::function`, proofs `harness::property`."""

    id: str
    group: str
    text: str
    tests: tuple[str, ...] = ()
    proofs: tuple[str, ...] = ()
    open: str = ""


@dataclass(frozen=True)
class Property:
    """What is shown, by which methods, and what is outside of all of them."""

    what: str
    formal: tuple[str, ...] = ()
    exhaustive: tuple[str, ...] = ()
    random: tuple[str, ...] = ()
    outside: str = ""


def requirements(path: Path = REQUIREMENTS) -> list[Requirement]:
    """In the order of the file; TraceError for unknown fields, groups, or a number given twice."""
    found = [Requirement(**entry) for entry in _entries(path, "requirement", Requirement)]
    numbers = [requirement.id for requirement in found]
    if twice := {number for number in numbers if numbers.count(number) > 1}:
        raise TraceError(f"{path.name}: {', '.join(sorted(twice))} stands there twice")
    if strange := [r.id for r in found if r.group not in GROUPS]:
        raise TraceError(f"{path.name}: {', '.join(strange)}: the group is one of {GROUPS}")
    return found


def properties(path: Path = PROPERTIES) -> list[Property]:
    """In the order of the file; TraceError for unknown fields."""
    return [Property(**entry) for entry in _entries(path, "property", Property)]


def problems(required: list[Requirement], shown: list[Property]) -> list[str]:
    """One sentence for each name that is not there, and for each row that names nothing."""
    found = []
    for requirement in required:
        if not requirement.tests and not requirement.proofs:
            found.append(f"{requirement.id}: neither a test nor a proof")
        found += _missing(requirement.id, requirement.tests, requirement.proofs)
    for prop in shown:
        tests = (*prop.exhaustive, *prop.random)
        if not tests and not prop.formal:
            found.append(f"{prop.what}: shown by no method")
        found += _missing(prop.what, tests, prop.formal)
    return found


def measure() -> dict[str, Any]:
    """Check both tables; the report, which lists what is missing, is a file in build/evidence."""
    report = {
        "key": key(),
        "requirements": len(requirements()),
        "properties": len(properties()),
        "problems": problems(requirements(), properties()),
    }
    write_json(REPORT, report)
    return report


def key() -> str:
    """Of the tables and of every file that they name."""
    files = {REQUIREMENTS, PROPERTIES}
    for row in requirements():
        files |= {ROOT / name.split("::")[0] for name in row.tests}
    for row in properties():
        files |= {ROOT / name.split("::")[0] for name in (*row.exhaustive, *row.random)}
    return digest(path for path in files if path.is_file())


@cache
def functions(path: Path) -> frozenset[str]:
    """Names of the functions of a Python file; of none if it is not there."""
    if not path.is_file():
        return frozenset()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    defined = (ast.FunctionDef, ast.AsyncFunctionDef)
    return frozenset(node.name for node in tree.body if isinstance(node, defined))


def is_run(name: str) -> bool:
    """Whether `file::function` is a pytest function, or a coroutine in a file that has one."""
    file, _, function = name.partition("::")
    names = functions(ROOT / file)
    return function in names and any(other.startswith("test_") for other in names)


@cache
def proven() -> frozenset[str]:
    """Every `harness::property` there is."""
    return frozenset(f"{h.name}::{name}" for h in harnesses() for name in h.properties)


def _missing(row: str, tests: tuple[str, ...], proofs: tuple[str, ...]) -> list[str]:
    found = [f"{row}: there is no test {name}" for name in tests if not is_run(name)]
    return found + [
        f"{row}: there is no property {name}" for name in proofs if name not in proven()
    ]


def _entries(path: Path, title: str, kind: type) -> list[dict[str, Any]]:
    """Tables of a file with fields that `kind` takes, lists as tuples."""
    fields = set(kind.__init__.__annotations__) - {"return"}
    entries = []
    for entry in tomllib.loads(path.read_text(encoding="utf-8")).get(title, []):
        if unknown := set(entry) - fields:
            raise TraceError(f"{path.name}: {', '.join(sorted(unknown))} means nothing there")
        values = {k: tuple(v) if isinstance(v, list) else v for k, v in entry.items()}
        entries.append(values)
    if not entries:
        raise TraceError(f"{path.name} holds no {title}")
    return entries
