# SPDX-License-Identifier: Apache-2.0
"""Mutants of a module: small changes of its source, all in one copy, chosen when it runs.

    a && b      becomes    ((mutant_q == 3) ? (a || b) : (a && b))

`mutant_q` is set by +mutant=3, so that one build serves every mutant of a module; 0 is the module
as it is. Changed is what the module computes while it runs: operators, constants, conditions, and
registers that are no longer written. Parameters, ranges, generate heads, functions and checks stay
as they are.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pyslang.syntax import SyntaxTree

SWAPS = {
    "LogicalAndExpression": "||",
    "LogicalOrExpression": "&&",
    "BinaryAndExpression": "|",
    "BinaryOrExpression": "&",
    "BinaryXorExpression": "|",
    "AddExpression": "-",
    "SubtractExpression": "+",
    "EqualityExpression": "!=",
    "InequalityExpression": "==",
    "LessThanExpression": "<=",
    "LessThanEqualExpression": "<",
    "GreaterThanExpression": ">=",
    "GreaterThanEqualExpression": ">",
    "LogicalShiftLeftExpression": ">>",
    "LogicalShiftRightExpression": "<<",
}
NOTS = {"UnaryLogicalNotExpression", "UnaryBitwiseNotExpression"}
FLIPPED = {"'0": "'1", "'1": "'0"}
CONSTANTS = {"IntegerVectorExpression", "UnbasedUnsizedLiteralExpression"}
NOT_WRITTEN = "not written"
# Behind what is assigned to, a width, a count.
WITHOUT_FIRST = {"CastExpression", "MultipleConcatenationExpression"}
HEADS = {"ForLoopStatement", "LoopGenerate", "IfGenerate", "CaseGenerate"}
BODIES = ("Statement", "Block", "ElseClause")
CHOICE = """
  int mutant_q;
  initial if (!$value$plusargs("mutant=%d", mutant_q)) mutant_q = 0;
"""
# What a module is before it runs, and what only checks it.
PASSED_OVER = (
    "ParameterDeclaration",
    "ParameterPortList",
    "AnsiPortList",
    "ParameterValueAssignment",
    "DataDeclaration",
    "TypedefDeclaration",
    "FunctionDeclaration",
    "InitialBlock",
    "EventControl",
    "Dimension",
    "Select",
    "ConcurrentAssertion",
    "GenvarDeclaration",
)


@dataclass(frozen=True)
class Mutant:
    """One change: the source between two offsets, and what stands there instead."""

    number: int
    kind: str
    start: int
    end: int
    after: str


def children(node: object) -> list[object]:
    """Syntax nodes below a node; tokens are none."""
    return [child for child in node if hasattr(child, "kind") and not hasattr(child, "valueText")]


def kind(node: object) -> str:
    """Name of the kind of a node."""
    return str(node.kind).removeprefix("SyntaxKind.")


def span(node: object) -> tuple[int, int]:
    """Offsets of a node."""
    return node.sourceRange.start.offset, node.sourceRange.end.offset


def changes(node: object, text: str) -> Iterator[tuple[str, int, int, str]]:
    """Kind, start, end and new text of every change below a node, outermost first."""
    name = kind(node)
    if any(word in name for word in PASSED_OVER) or ("$fatal" in str(node) and "Block" in name):
        return

    def of(part: object) -> str:
        return text[slice(*span(part))]

    below = children(node)
    if name in SWAPS:
        yield "operator", *span(node), f"{of(below[0])} {SWAPS[name]} {of(below[1])}"
    elif name in NOTS:
        yield "negation", *span(node), of(below[-1])
    elif name in CONSTANTS:
        literal = of(node)
        if literal in FLIPPED or "'" in literal[1:]:
            yield "constant", *span(node), FLIPPED.get(literal, f"{literal} ^ 1'b1")
        return
    elif name == "ConditionalExpression":
        yield "branches", *span(node), f"{of(below[0])} ? {of(below[-1])} : {of(below[-2])}"
    elif name == "ExpressionStatement" and kind(below[0]) == "NonblockingAssignmentExpression":
        yield NOT_WRITTEN, *span(node), ";"
    if name == "ConditionalStatement":
        yield "condition", *span(below[0]), f"!({of(below[0])})"
    for child in inside(node, below):
        yield from changes(child, text)


def inside(node: object, below: list[object]) -> list[object]:
    """Children that are computed while the module runs."""
    name = kind(node)
    if "AssignmentExpression" in name or name in WITHOUT_FIRST:
        return below[1:]
    if name in HEADS:
        return [child for child in below if any(word in kind(child) for word in BODIES)]
    return below[-1:] if name == "StandardCaseItem" else below


class Mutants:
    """The mutants of one source file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.text = path.read_text(encoding="utf-8")
        found = changes(SyntaxTree.fromText(self.text).root, self.text)
        self.all = [Mutant(number, *change) for number, change in enumerate(found, start=1)]

    def line(self, mutant: Mutant) -> int:
        """Where a mutant stands."""
        return self.text.count("\n", 0, mutant.start) + 1

    def before(self, mutant: Mutant) -> str:
        """What stood there."""
        return " ".join(self.text[mutant.start : mutant.end].split())

    def sample(self, count: int, seed: int) -> list[Mutant]:
        """At most `count` of them, the same ones for the same seed."""
        if count >= len(self.all):
            return self.all
        chosen = random.Random(f"{seed} {self.path.name}").sample(self.all, count)
        return sorted(chosen, key=lambda mutant: mutant.number)

    def single(self, mutant: Mutant) -> str:
        """The module with one mutant in the place of the original."""
        after = mutant.after if mutant.kind == NOT_WRITTEN else f"({mutant.after})"
        return self.text[: mutant.start] + after + self.text[mutant.end :]

    def choice(self, chosen: list[Mutant]) -> str:
        """The module with all of them, and +mutant=N to choose."""
        nested = sorted(chosen, key=lambda m: (m.start, -m.end, m.number))
        text = self._render(0, len(self.text), nested)
        end = text.index(");", text.index("\nmodule ")) + len(");")
        return text[:end] + CHOICE + text[end:]

    def _render(self, start: int, end: int, mutants: list[Mutant]) -> str:
        """A part of the text; the first mutant contains those that begin before its end."""
        pieces, at = [], start
        while mutants:
            outer, rest = mutants[0], mutants[1:]
            within = [m for m in rest if m.start < outer.end]
            body = self._render(outer.start, outer.end, within)
            if outer.kind == NOT_WRITTEN:
                # A block: an else behind it must stay where it was.
                body = f"begin if (mutant_q != {outer.number}) {body} end"
            else:
                body = f"((mutant_q == {outer.number}) ? ({outer.after}) : ({body}))"
            pieces += [self.text[at : outer.start], body]
            at, mutants = outer.end, rest[len(within) :]
        return "".join([*pieces, self.text[at:end]])
