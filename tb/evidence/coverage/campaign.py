# SPDX-License-Identifier: Apache-2.0
"""Run the tests of modules while Verilator counts; results are found again by their files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import patch

from dcgan.core.files import write_json

from tb.evidence.campaign import run_tests
from tb.evidence.coverage.counts import CoverageError, read
from tb.evidence.coverage.points import Watch, properties, watched, watches
from tb.evidence.files import BUILD, digest, module_file, read_json, read_reports, test_files
from tb.lib import instrument
from tb.lib.bridge import environment_of
from tb.lib.tools import ROOT

FOLDER = BUILD / "coverage"
COUNTED = (*instrument.COVERAGE_ARGS, "--coverage-user")
"""Verilator's `--coverage-fsm` knows two of the state machines here: `points` has them all."""


def key(module: str, watch: Watch) -> str:
    """Digest of what the counts of a module depend on."""
    source = module_file(module)
    text = properties(source.read_text(encoding="utf-8"), watch)
    return digest([source, *test_files(module)], text)


def watch_of(module: str) -> Watch:
    """What is watched in a module; nothing but its states if points.toml does not name it."""
    return watches().get(module, Watch())


def count(module: str, watch: Watch, tests: Path, data: Path) -> dict[str, Any]:
    """Run the tests of a folder; the counts of a module go into `data`, and are returned."""
    for old in data.glob("*.dat"):
        old.unlink()
    overlay = data / "overlay"
    copy = overlay / module_file(module).relative_to(ROOT)
    text = watched(module, watch)
    if not copy.is_file() or copy.read_text(encoding="utf-8") != text:
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(text, encoding="utf-8")
    variables = {"SIM": "verilator", "TB_COVERAGE": str(data), "TB_OVERLAY": str(overlay)}
    with environment_of(variables), patch.object(instrument, "COVERAGE_ARGS", COUNTED):
        result = run_tests(tests)
    if result.failed or not result.passed:
        raise CoverageError(f"{module}: its tests fail with coverage: {result.failed[-1500:]}")
    # The point of a module's own tests is the module: of others below it, their own tests speak.
    own = module_file(module).relative_to(ROOT).as_posix()
    counts = {p: c for p, c in read(sorted(data.glob("*.dat"))).items() if p.file == own}
    if not counts:
        raise CoverageError(f"{module}: nothing was counted")
    points = [[p.kind, p.line, p.column, p.what, c] for p, c in sorted(counts.items())]
    return {"module": module, "file": own, "points": points}


def measure(module: str, say: Callable[[str], None]) -> dict[str, Any]:
    """Run the tests of a module with coverage, unless that was done for the same files."""
    path = FOLDER / f"{module}.json"
    watch = watch_of(module)
    digest_now = key(module, watch)
    report = read_json(path)
    if report and report["key"] == digest_now:
        return report
    data = FOLDER / "data" / module
    report = {"key": digest_now, **count(module, watch, ROOT / "tb" / module, data)}
    write_json(path, report)
    say(f"{module}: covered")
    return report


def reports() -> list[dict[str, Any]]:
    """Every report that is there."""
    return read_reports(FOLDER)


def is_fresh(report: dict[str, Any]) -> bool:
    """Whether a report is of the sources, tests and points that are here."""
    module = report["module"]
    return key(module, watch_of(module)) == report["key"]
