# SPDX-License-Identifier: Apache-2.0
"""Mutants of a Python module: one small change of its source each.

Changed is what is computed: comparisons, arithmetic, shifts, numbers, clamps, branches, the type of
numbers, and checks that are no longer made. Docstrings, annotations and messages stay as they are.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

COMPARISONS = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.And: ast.Or,
    ast.Or: ast.And,
}
ARITHMETIC = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.BitXor: ast.BitOr,
}
# A name of numpy, and one beside it.
NEIGHBOURS = {
    "float64": "float32",
    "int64": "int32",
    "uint8": "int8",
    "floor": "ceil",
    "zeros": "ones",
    "empty": "zeros",
    "integer": "number",
}

MARK = "@@"


@dataclass(frozen=True)
class Mutant:
    """One change: the source between two offsets in bytes, and what stands there instead."""

    number: int
    kind: str
    start: int
    end: int
    after: str


class Mutants:
    """The mutants of one source file, numbered from 1 in the order of the source."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.source = path.read_bytes()
        self._lines = [0]
        for line in self.source.splitlines(keepends=True):
            self._lines.append(self._lines[-1] + len(line))
        found = set(self._places(ast.parse(self.source)))
        order = sorted(found, key=lambda change: (change[1], -change[2], change))
        self.all = [Mutant(number, *change) for number, change in enumerate(order, start=1)]

    def line(self, mutant: Mutant) -> int:
        """Where a mutant stands."""
        return self.source.count(b"\n", 0, mutant.start) + 1

    def place(self, mutant: Mutant) -> str:
        """The line of the source where a mutant begins, with a mark in front of what it changes."""
        begin = self.source.rfind(b"\n", 0, mutant.start) + 1
        end = self.source.find(b"\n", mutant.start)
        head, tail = self.source[begin : mutant.start], self.source[mutant.start : end]
        return f"{head.decode()}{MARK}{tail.decode()}".strip()

    def before(self, mutant: Mutant) -> str:
        """What stood there, in one line."""
        return " ".join(self.source[mutant.start : mutant.end].decode().split())

    def text(self, mutant: Mutant) -> str:
        """The whole module with one mutant in the place of the original."""
        after = mutant.after.encode()
        return (self.source[: mutant.start] + after + self.source[mutant.end :]).decode()

    def _places(self, node: ast.AST) -> Iterator[tuple[str, int, int, str]]:
        """Kind, start, end and new text of every change at a node and below it."""
        for kind, after in changes(node):
            start = self._lines[node.lineno - 1] + node.col_offset
            end = self._lines[node.end_lineno - 1] + node.end_col_offset
            text = ast.unparse(after)
            yield kind, start, end, f"({text})" if isinstance(after, ast.expr) else text
        for child in computed(node):
            yield from self._places(child)


def changes(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """Kind and new node of every change of a node itself."""
    match node:
        case ast.Compare(ops=[first, *others]):
            yield "comparison", changed(node, ops=[COMPARISONS[type(first)](), *others])
        case ast.BoolOp(op=op):
            yield "comparison", changed(node, op=COMPARISONS[type(op)]())
        case ast.Call(func=ast.Name(id="all" | "any" as name)):
            other = {"all": "any", "any": "all"}[name]
            yield "comparison", changed(node, func=ast.Name(other))
        case ast.BinOp(op=op) if type(op) in ARITHMETIC:
            yield "arithmetic", changed(node, op=ARITHMETIC[type(op)]())
        case ast.AugAssign(op=op, target=target, value=value):
            yield "arithmetic", changed(node, op=ARITHMETIC[type(op)]())
            yield "arithmetic", ast.Assign([target], value, lineno=0)
        case ast.UnaryOp(op=ast.USub() | ast.Not(), operand=operand):
            yield "sign", operand
        case ast.Constant(value=bool() as value):
            yield "constant", ast.Constant(not value)
        case ast.Constant(value=int() | float() as value):
            yield "constant", ast.Constant(value + 1)
            yield "constant", ast.Constant(value - 1)
        case ast.IfExp(body=body, orelse=orelse):
            yield "branches", changed(node, body=orelse, orelse=body)
        case ast.Call(func=ast.Attribute(attr="clip", value=numpy), args=[value, low, high]):
            yield "clamp", ast.Call(ast.Attribute(numpy, "asarray"), [value], [])
            yield "clamp", ast.Call(ast.Attribute(numpy, "minimum"), [value, high], [])
            yield "clamp", ast.Call(ast.Attribute(numpy, "maximum"), [value, low], [])
        case ast.Attribute(attr=attr) if attr in NEIGHBOURS:
            yield "number type", changed(node, attr=NEIGHBOURS[attr])
        case ast.Expr(value=ast.Call()) | ast.Raise():
            yield "check dropped", ast.Pass()


def changed(node: ast.AST, **fields: object) -> ast.AST:
    """A node with other fields."""
    other = copy.copy(node)
    for name, value in fields.items():
        setattr(other, name, value)
    return other


def computed(node: ast.AST) -> list[ast.AST]:
    """Children whose values matter: no annotation, no decorator, no message."""
    match node:
        case ast.FunctionDef(args=arguments, body=body):
            return [*arguments.defaults, *filter(None, arguments.kw_defaults), *body]
        case ast.ClassDef(body=body):
            return body
        case ast.AnnAssign(value=value):
            return [value] if value else []
        case ast.Raise() | ast.JoinedStr():
            return []
    return list(ast.iter_child_nodes(node))
