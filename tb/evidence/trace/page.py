# SPDX-License-Identifier: Apache-2.0
"""The sections of the page about requirements, and about properties by method."""

from __future__ import annotations

from typing import Any

from tb.evidence import proofs
from tb.evidence.tables import percent, table
from tb.evidence.trace.trace import (
    GROUPS,
    Property,
    key,
    properties,
    requirements,
)

HEAD = """## Requirements
What must hold, and the tests and proofs that check it. That each of them exists is checked; that it
checks what the row says is a reader's judgement.
"""
METHODS = """## Properties by method
*Proven*: for every input and any number of cycles, in the sizes that the harness names. *Bounded*:
no counterexample within so many cycles. *Exhaustive*: every case was run. *Random*: a sample was.
"""


def section(reports: list[dict[str, Any]]) -> str:
    """Both tables; `reports` are those of the proofs."""
    rows = [
        (
            requirement.id,
            requirement.text,
            names(requirement.tests),
            names(requirement.proofs),
            requirement.open,
        )
        for group in GROUPS
        for requirement in requirements()
        if requirement.group == group
    ]
    head = ("", "requirement", "tests", "proofs", "not checked")
    kinds = ("property", "proven", "bounded", "exhaustive", "random", "out of scope")
    text = f"{HEAD}\n{table(head, rows)}\n{METHODS}\n"
    return text + table(kinds, [by_method(prop, reports) for prop in properties()])


def names(tests: tuple[str, ...]) -> str:
    """`file::function` without the folder and without what every name begins with."""
    short = []
    for test in tests:
        file, _, function = test.partition("::")
        stem = file.rpartition("/")[2].removesuffix(".py").removeprefix("test_")
        short.append(f"`{stem}`: {function.removeprefix('test_').replace('_', ' ')}")
    return "; ".join(short)


def by_method(prop: Property, reports: list[dict[str, Any]]) -> tuple[str, ...]:
    """A row: what the present proofs claim, and the tests."""
    cells: dict[str, list[str]] = {"proven": [], "bounded": [], "stale": []}
    by_name = {report["name"]: report for report in reports}
    for name in prop.formal:
        harness, _, what = name.partition("::")
        report = by_name.get(harness)
        kind = method(report)
        cells[kind].append(f"`{harness}` {what}{limit(report) if kind == 'bounded' else ''}")
    proven = "; ".join([*cells["proven"], *(f"{name} (stale)" for name in cells["stale"])])
    bounded = "; ".join(cells["bounded"])
    return prop.what, proven, bounded, names(prop.exhaustive), names(prop.random), prop.outside


def method(report: dict[str, Any] | None) -> str:
    """proven or bounded, if the harness holds with the files that are here; else stale."""
    if not report or not proofs.is_fresh(report):
        return "stale"
    if report["failed"] or report["unreached"] or report["unnoticed"]:
        return "stale"
    return "proven" if report["claim"] == "proven" else "bounded"


def limit(report: dict[str, Any]) -> str:
    """Of a bounded proof."""
    return f" ({report['claim'].partition(', ')[2]})"


def figure(report: dict[str, Any] | None) -> float | None:
    """Percent of the rows that name only what is there; None if that was not looked at."""
    if not report or report["key"] != key():
        return None
    rows = report["requirements"] + report["properties"]
    return percent(rows - len(report["problems"]), rows)
