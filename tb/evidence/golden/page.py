# SPDX-License-Identifier: Apache-2.0
"""The section of the page about mutants of the golden model."""

from __future__ import annotations

from collections import Counter
from typing import Any

from tb.evidence.golden import campaign
from tb.evidence.tables import code, percent, table

HEAD = """## Mutation of the golden model
A wrong reference may not pass: each mutant of the Python model is run against the tests of the
model, `model/tests/quant`. The last figures: killed of all, and killed of those that no reader
found equivalent. Python has no equivalence checker: *equivalent* is an argument here, given below.
"""


def score(reports: list[dict[str, Any]]) -> tuple[int, int, int]:
    """Mutants killed, all of them, and all but those that a reader argued to be equivalent."""
    opinions = campaign.opinions()
    killed = every = argued = 0
    for report in reports:
        for mutant in report["mutants"].values():
            survived = mutant["verdict"] == campaign.SURVIVED
            key = (report["module"], mutant["place"], mutant["after"])
            every += 1
            killed += not survived
            argued += survived and opinions.get(key, {}).get("equivalent", False)
    return killed, every, every - argued


def figure(reports: list[dict[str, Any]]) -> float | None:
    """Percent killed, of those not argued equivalent, over what is fresh; None if nothing is."""
    killed, _, judged = score([report for report in reports if campaign.is_fresh(report)])
    return percent(killed, judged) if judged else None


def section(reports: list[dict[str, Any]]) -> str:
    """Table of modules and table of survivors."""
    rows = []
    for report in reports:
        count = Counter(mutant["verdict"] for mutant in report["mutants"].values())
        killed, every, judged = score([report])
        rows.append(
            (
                f"`{report['module']}.py`",
                every,
                count[campaign.KILLED],
                count[campaign.TIMEOUT],
                count[campaign.SURVIVED],
                f"{percent(killed, every):.0f} %",
                f"{percent(killed, judged):.0f} %",
                "" if campaign.is_fresh(report) else "stale",
            )
        )
    head = ("module", "mutants", "killed", "timeout", "survived", "of all", "of the rest", "")
    text = f"{HEAD}\n{table(head, rows)}\n### Survivors of the golden model\n"
    return text + table(("module", "line", "source", "mutant", "a reader's verdict"), left(reports))


def left(reports: list[dict[str, Any]]) -> list[tuple[object, ...]]:
    """Each survivor, with what a reader found; an opinion about none is shown as well."""
    opinions = campaign.opinions()
    rows: list[tuple[object, ...]] = []
    for report in reports:
        for mutant in report["mutants"].values():
            if mutant["verdict"] == campaign.SURVIVED:
                opinion = opinions.get((report["module"], mutant["place"], mutant["after"]), {})
                rows.append(
                    (
                        f"`{report['module']}.py`",
                        mutant["line"],
                        code(mutant["before"]),
                        code(mutant["after"]),
                        opinion.get("verdict", "not judged"),
                    )
                )
    fresh = [report for report in reports if campaign.is_fresh(report)]
    for text in campaign.of_no_survivor(fresh):
        rows.append((text.split(":")[0], "-", "-", "-", f"no longer a survivor: {text}"))
    return rows
