# SPDX-License-Identifier: Apache-2.0
"""The section of the page about coverage: code, states, situations, and what is waived."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from tb.evidence.coverage.counts import KINDS, Point, excused_by, waived, waivers
from tb.evidence.coverage.points import Watch, states, watches
from tb.evidence.files import RTL, module_file
from tb.evidence.tables import code, percent, share, table

Rows = dict[str, dict[str, list[int]]]
NEVER = "**never**"
STATES = """### States
Every register of an enum type, in every state that its type names, by the module's own tests.
Changes are those that were seen; which of them there could be is not known.
"""
SITUATIONS = """### Situations
What the tests of a module must have met, and in how many cycles they did; what each means stands in
[points.toml](evidence/coverage/points.toml). `source_..._sink_...` are the pairs of stalls: what
both sides of a stream do in the same cycle.
"""


def wanted_points() -> set[tuple[str, str]]:
    """Module and name of every situation."""
    return {(module, name) for module, watch in watches().items() for name in watch.points}


def wanted_states() -> set[tuple[str, str]]:
    """Module and `register__state` of every state of the RTL."""
    return {
        (path.stem, f"{register}__{value}")
        for path in sorted(RTL.rglob("*.sv"))
        for register, values in states(path.read_text(encoding="utf-8")).items()
        for value in values
    }


def hits(counts: Counter[Point], kind: str) -> dict[tuple[str, str], int]:
    """Module and name -> how often, of one kind."""
    return {(Path(p.file).stem, p.what): n for p, n in counts.items() if p.kind == kind}


def reached(wanted: set[tuple[str, str]], found: dict[tuple[str, str], int]) -> float | None:
    """Percent of what is wanted that was hit; what was not measured was not hit."""
    if not found:
        return None
    return percent(sum(found.get(name, 0) > 0 for name in wanted), len(wanted))


def figures(
    rows: Rows,
    counts: Counter[Point],
    points: set[tuple[str, str]] | None = None,
    every_state: set[tuple[str, str]] | None = None,
) -> dict[str, float | None]:
    """The numbers that gates ask for; None where nothing was measured."""
    values: dict[str, float | None] = {}
    for kind in KINDS:
        cells = [row[kind] for row in rows.values()]
        every = sum(cell[2] - cell[1] for cell in cells)
        values[kind] = percent(sum(cell[0] for cell in cells), every) if every else None
    excused = {(Path(p.file).stem, p.what) for p in waived(counts) if p.kind == "state"}
    known = wanted_states() if every_state is None else every_state
    values["states"] = reached(known - excused, hits(counts, "state"))
    values["situations"] = reached(
        wanted_points() if points is None else points, hits(counts, "point")
    )
    return values


def code_rows(rows: Rows) -> list[list[object]]:
    """One row a module: percent of what is not waived."""
    return [
        [
            f"`{module}`",
            *(share(kinds[kind]) for kind in KINDS),
            sum(kinds[kind][1] for kind in KINDS) or "",
        ]
        for module, kinds in sorted(rows.items())
    ]


def waiver_rows(counts: Counter[Point]) -> list[list[object]]:
    """One row a waiver: how many points it takes out, and why."""
    return [
        [
            f"`{Path(entry['file']).stem}`",
            entry["kind"],
            code(entry["what"]),
            len(excused_by(entry, counts)) or "not measured",
            entry["reason"],
        ]
        for entry in waivers()
    ]


def state_rows(counts: Counter[Point], modules: list[str]) -> list[list[object]]:
    """One row a register."""
    found, steps = hits(counts, "state"), hits(counts, "step")
    rows: list[list[object]] = []
    for module in modules:
        for register, values in states(module_file(module).read_text(encoding="utf-8")).items():
            if (module, f"{register}__{values[0]}") not in found:
                rows.append([f"`{module}`", f"`{register}`", "not measured", "", ""])
                continue
            seen = [v for v in values if found.get((module, f"{register}__{v}"))]
            missed = [v for v in values if v not in seen]
            changes = [
                name
                for (owner, name), count in steps.items()
                if owner == module and name.startswith(f"{register}__") and count
            ]
            rows.append(
                [
                    f"`{module}`",
                    f"`{register}`",
                    f"{len(seen)} of {len(values)}",
                    len(changes),
                    f"{NEVER}: {', '.join(missed)}" if missed else "",
                ]
            )
    return rows


def point_rows(counts: Counter[Point], every: dict[str, Watch]) -> list[list[object]]:
    """One row a situation."""
    found = hits(counts, "point")
    rows: list[list[object]] = []
    for module, watch in every.items():
        for name in watch.points:
            cycles = found.get((module, name))
            told = "not measured" if cycles is None else f"{cycles:,}" if cycles else NEVER
            rows.append([f"`{module}`", f"`{name}`", told])
    return rows


def section(rows: Rows, counts: Counter[Point], stale: list[str]) -> str:
    """The tables, and the modules whose reports are of other files."""
    machines = sorted({module for module, _ in wanted_states()})
    return "\n".join(
        [
            "## Coverage\n"
            + table(("module", *KINDS, "waived"), code_rows(rows))
            + (f"\nStale: {', '.join(stale)}.\n" if stale else ""),
            "### Waived\n"
            + table(("module", "kind", "points", "number", "reason"), waiver_rows(counts)),
            STATES
            + "\n"
            + table(("module", "register", "states", "changes", ""), state_rows(counts, machines)),
            SITUATIONS
            + "\n"
            + table(("module", "situation", "cycles"), point_rows(counts, watches())),
        ]
    )
