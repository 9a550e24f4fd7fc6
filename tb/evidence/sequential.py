# SPDX-License-Identifier: Apache-2.0
"""Whether a circuit and its mutant ever differ at an output: proven by induction from the reset on.

Both get the same inputs and wake up with the same registers, in reset; later resets come whenever
they like. What may be true of a pair of registers is guessed, and what is not is struck out until
the rest proves itself (Houdini; Flanagan and Leino, FME 2001):

    equal                                                     always
    equal where the last 1, 2, 3 cycles had no reset
    equal where a register of the original has this value     three bits or less

So a register that only differs while nobody looks at it is no difference. "No" means not proven.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import bitwuzla

WINDOW = 4
"""Cycles that the induction assumes."""

STATE_BITS = 3
"""A register as wide as this may say when others are equal."""

REGISTER = re.compile(r"^; yosys-smt2-register gold\.(\S+) (\d+)$", re.MULTILINE)
GATE = re.compile(r"^; yosys-smt2-register gate\.(\S+) (\d+)$", re.MULTILINE)
RESET = "in_rst_ni"


@dataclass(frozen=True)
class Guess:
    """Two registers are equal, or the outputs are, in every cycle that it is about."""

    holds: Callable[[int], str]
    quiet: int = 0
    """Cycles without a reset before one that it is about."""
    where: Callable[[int], str] | None = None

    def at(self, step: int) -> str | None:
        """Term that says so of a cycle; None if the window shows too little of what was before."""
        if step < self.quiet:
            return None
        given = [value(RESET, step - back) for back in range(1, self.quiet + 1)]
        given += [self.where(step)] if self.where else []
        return f"(=> (and true true {' '.join(given)}) {self.holds(step)})"


def value(name: str, step: int) -> str:
    """Term: a wire in a cycle."""
    return f"(|miter_n {name}| s{step})"


def never_differ(model: str, seconds: float) -> bool:
    """Whether a miter, as Yosys writes it (write_smt2 -stbv -wires), is proven never to trigger."""
    registers = {name: int(bits) for name, bits in REGISTER.findall(model)}
    both = [name for name, bits in GATE.findall(model) if registers.get(name) == int(bits)]
    search = Search(model, both, time.monotonic() + seconds)
    plain = {
        (name, quiet): Guess(equal(name), quiet)
        for name in both
        for quiet in range(4 if search.has_reset else 1)
    }
    kept = search.prove(list(plain.values()))
    if kept is None:
        return False
    if search.outputs in kept:
        return True
    doubtful = [name for name in both if plain[name, 0] not in kept]
    guesses = [*plain.values(), *conditional(doubtful, both, registers)]
    return search.outputs in (search.prove(guesses) or ())


def equal(name: str) -> Callable[[int], str]:
    """The register is the same in both."""
    return lambda step: f"(= {value(f'gold.{name}', step)} {value(f'gate.{name}', step)})"


def conditional(doubtful: list[str], registers: list[str], bits: dict[str, int]) -> Iterator[Guess]:
    """Equal where one of the small registers has a certain value."""
    for state in registers:
        if bits[state] > STATE_BITS or state in doubtful:
            continue
        for number in range(1 << bits[state]):
            for name in doubtful:
                yield Guess(equal(name), 0, is_value(state, bits[state], number))


def is_value(name: str, width: int, number: int) -> Callable[[int], str]:
    """The register of the original holds this number. Yosys writes one bit as a truth value."""
    if width == 1:
        return lambda step: (
            value(f"gold.{name}", step) if number else f"(not {value(f'gold.{name}', step)})"
        )
    return lambda step: f"(= {value(f'gold.{name}', step)} #b{number:0{width}b})"


class Search:
    """One miter and the solver's questions about it."""

    def __init__(self, model: str, registers: list[str], deadline: float):
        self.deadline = deadline
        self.registers = registers
        self.has_reset = f"; yosys-smt2-input {RESET} 1" in model
        self.outputs = Guess(lambda step: f"(not {value('trigger', step)})")
        options = bitwuzla.Options()
        options.set(bitwuzla.Option.PRODUCE_MODELS, True)
        options.set(bitwuzla.Option.TIME_LIMIT_PER, int(1000 * (deadline - time.monotonic())))
        self.parser = bitwuzla.Parser(bitwuzla.TermManager(), options)
        states = "".join(f"(declare-const s{n} |miter_s|)" for n in range(WINDOW + 1))
        self.parser.parse(f"(set-logic QF_BV)\n{model}\n{states}", True, False)
        self.solver = self.parser.bitwuzla()
        for step in range(WINDOW):
            self.claim(f"(|miter_u| s{step})", f"(|miter_t| s{step} s{step + 1})")
        self.claim(f"(|miter_u| s{WINDOW})")

    def claim(self, *terms: str) -> None:
        """Let these be true."""
        for term in terms:
            self.solver.assert_formula(self.parser.parse_term(term))

    def prove(self, guesses: list[Guess]) -> list[Guess] | None:
        """The guesses that prove one another, the outputs among them; None if these once differ."""
        kept = [self.outputs, *guesses]
        self.solver.push(1)
        self.claim("(|miter_i| s0)", *(equal(name)(0) for name in self.registers))
        if self.has_reset:
            self.claim(f"(not {value(RESET, 0)})")
        for step in range(WINDOW):
            kept = self.strike(kept, step)
        self.solver.pop(1)
        if self.outputs not in kept:
            return None
        while True:
            self.solver.push(1)
            for step in range(WINDOW):
                self.claim(*(term for guess in kept if (term := guess.at(step))))
            left = self.strike(kept, WINDOW, once=True)
            self.solver.pop(1)
            if len(left) == len(kept):
                return kept
            kept = left

    def strike(self, guesses: list[Guess], step: int, once: bool = False) -> list[Guess]:
        """Guesses without those that a run makes false in a cycle; once: of a single run.

        None are left where the solver takes too long.
        """
        while True:
            about = {guess: term for guess in guesses if (term := guess.at(step))}
            terms = {guess: self.parser.parse_term(term) for guess, term in about.items()}
            if not terms:
                return guesses
            self.solver.push(1)
            self.claim(f"(not (and true true {' '.join(about.values())}))")
            answer = self.solver.check_sat()
            false = {
                guess
                for guess, term in terms.items()
                if answer == bitwuzla.Result.SAT and str(self.solver.get_value(term)) == "false"
            }
            self.solver.pop(1)
            if answer == bitwuzla.Result.UNKNOWN or time.monotonic() > self.deadline:
                return []
            guesses = [guess for guess in guesses if guess not in false]
            if once or not false:
                return guesses
