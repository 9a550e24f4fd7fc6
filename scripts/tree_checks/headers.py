# SPDX-License-Identifier: Apache-2.0
"""Headers of modules name a golden function that exists, and the folder of their test.

Golden  model/dcgan/quant/golden.py: GoldenGenerator.conv(), tanh_index() -- a remark
Golden  zlib.crc32                     importable: standard library or an installed package
Golden  none (wiring)                  nothing is computed
Test    tb/<module>
"""

from __future__ import annotations

import ast
import importlib
import re
from functools import cache
from pathlib import Path

from tree_checks.laws import modules, name_of

FIELDS = ("Format", "Latency", "Throughput", "Golden", "Test")
NONE = "none (wiring)"
REFERENCE = re.compile(r"^(?P<path>[\w./]+\.py): (?P<names>[\w.]+\(\)(?:, [\w.]+\(\))*)$")
DOTTED = re.compile(r"^[A-Za-z_]\w*(?:\.\w+)+$")


def check(root: Path) -> list[str]:
    """One sentence for every header that names what does not exist."""
    problems = []
    for module in modules(root):
        fields = header_fields(module.read_text(encoding="utf-8"))
        name = name_of(module, root)
        if "Golden" not in fields:
            problems.append(f"{name}: the header names no Golden")
        else:
            problems += [f"{name}: {p}" for p in golden_problems(fields["Golden"], root)]
        if fields.get("Test") != f"tb/{module.stem}":
            problems.append(f"{name}: the header must say 'Test  tb/{module.stem}'")
    return problems


def header_fields(text: str) -> dict[str, str]:
    """Name -> text of the fields of a module's header comment; continued lines are joined."""
    header = text.split("\nmodule ")[0]
    body = " ".join(
        line.removeprefix("//").strip() if line.startswith("//") else ""
        for line in header.splitlines()
    )
    pattern = rf"(?<!\S)({'|'.join(FIELDS)}) +"
    parts = re.split(pattern, body)
    return {
        field: " ".join(value.split())
        for field, value in zip(parts[1::2], parts[2::2], strict=True)
    }


def golden_problems(golden: str, root: Path) -> list[str]:
    """What is wrong with the text of a Golden field: nothing, or sentences."""
    reference = golden.split(" -- ")[0].strip()
    if reference == NONE:
        return []
    if DOTTED.match(reference):
        return [] if importable(reference) else [f"Golden {reference} cannot be imported"]
    match = REFERENCE.match(reference)
    if not match:
        return [f"Golden '{reference}' must be '<path>.py: name()', a dotted name or '{NONE}'"]
    path = root / match["path"]
    if not path.is_file():
        return [f"Golden {match['path']} does not exist"]
    known = definitions(path)
    return [
        f"Golden {match['path']} defines no {name}"
        for name in match["names"].replace("()", "").split(", ")
        if name not in known
    ]


@cache
def definitions(path: Path) -> frozenset[str]:
    """Functions, classes and methods (Class.method) of a Python file."""
    found = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        if isinstance(node, ast.ClassDef):
            found |= {f"{node.name}.{f.name}" for f in node.body if isinstance(f, ast.FunctionDef)}
    return frozenset(found)


def importable(dotted: str) -> bool:
    """Whether `package.module.name` can be imported."""
    module, name = dotted.rsplit(".", 1)
    try:
        return hasattr(importlib.import_module(module), name)
    except ImportError:
        return False
