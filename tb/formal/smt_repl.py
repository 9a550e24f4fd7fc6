# SPDX-License-Identifier: Apache-2.0
"""Bitwuzla as the program that smtbmc expects: SMT-LIB commands in, answers out.

The pip package holds the library and no program. A command is handed on as soon as its parentheses
close, so that smtbmc can read an answer before it asks on.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator

import bitwuzla

SCOPE = re.compile(r"\((push|pop)\s+(\d+)\)")
PASSED_OVER = ("(set-option :produce-models", ";")
"""Options are set below; comments mean nothing."""


def commands(lines: Iterable[str]) -> Iterator[str]:
    """Whole commands of a stream of lines."""
    pending: list[str] = []
    depth, inside = 0, ""
    for line in lines:
        for letter in line:
            if inside:
                inside = "" if letter == inside else inside
            elif letter in '|"':
                inside = letter
            elif letter == ";":
                break
            else:
                depth += (letter == "(") - (letter == ")")
        pending.append(line)
        if depth == 0 and not inside:
            if text := "".join(pending).strip():
                yield text
            pending = []


def main() -> None:
    """Answer until `(exit)` or the end of the input."""
    options = bitwuzla.Options()
    options.set(bitwuzla.Option.PRODUCE_MODELS, True)
    parser = bitwuzla.Parser(bitwuzla.TermManager(), options)
    for command in commands(iter(sys.stdin.readline, "")):
        if command.startswith("(exit"):
            return
        if scope := SCOPE.fullmatch(command):
            solver = parser.bitwuzla()
            (solver.push if scope[1] == "push" else solver.pop)(int(scope[2]))
        elif not command.startswith(PASSED_OVER):
            parser.parse(command, False, False)
            sys.stdout.flush()


if __name__ == "__main__":
    main()
