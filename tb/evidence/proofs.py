# SPDX-License-Identifier: Apache-2.0
"""The harnesses of tb/formal as results: what is proven, within what, and how long it took."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from dcgan.core.files import write_json

from tb.evidence.files import BUILD, read_json, read_reports
from tb.formal.harness import Harness, harnesses
from tb.formal.prove import break_it, digest, prove, reach

FOLDER = BUILD / "formal"


def verify(harness: Harness, say: Callable[[str], None]) -> dict[str, Any]:
    """Properties, covers and bugs of a harness, unless that was done for the same files."""
    path = FOLDER / f"{harness.name}.json"
    report = read_json(path)
    if report and report["key"] == digest(harness):
        return report
    began = time.monotonic()
    report = {
        "key": digest(harness),
        "name": harness.name,
        "claim": harness.claim,
        "solver": harness.solver,
        "cases": [" ".join(case) for case in harness.cases],
        "properties": list(harness.properties),
        "bugs": len(harness.bugs),
        "failed": prove(harness),
        "unreached": reach(harness),
        "unnoticed": break_it(harness),
    }
    report["seconds"] = round(time.monotonic() - began, 1)
    write_json(path, report)
    say(f"{harness.name}: {len(harness.properties)} properties {harness.claim}")
    return report


def reports() -> list[dict[str, Any]]:
    """Every report that is there."""
    return read_reports(FOLDER)


def is_fresh(report: dict[str, Any]) -> bool:
    """Whether a report is of the files that are here."""
    current = {harness.name: harness for harness in harnesses()}
    return report["name"] in current and digest(current[report["name"]]) == report["key"]
