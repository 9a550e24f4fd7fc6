# SPDX-License-Identifier: Apache-2.0
"""Code coverage: which lines, branches, terms and bits of the RTL its tests exercise.

Verilator writes one file for each simulation; here they are added up, point by point, over all
instances and parameters. What is waived stands in waivers.toml with its reason, and a waiver that
matches nothing is an error.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dcgan.core.files import write_json

from tb.evidence.campaign import run_tests
from tb.evidence.files import BUILD, digest, module_file, read_json, read_reports, test_files
from tb.lib.bridge import environment_of
from tb.lib.tools import ROOT

FOLDER = BUILD / "coverage"
WAIVERS = Path(__file__).with_name("waivers.toml")
KINDS = ("line", "branch", "expr", "toggle")
POINT = re.compile(r"C '(.*)' (\d+)$")


class CoverageError(RuntimeError):
    """Coverage that cannot be believed."""


@dataclass(frozen=True, order=True)
class Point:
    """One thing that can be covered."""

    file: str
    kind: str
    line: int
    column: int
    what: str


def read(paths: Iterable[Path]) -> Counter[Point]:
    """Counts of every point of the RTL, added up over files."""
    counts: Counter[Point] = Counter()
    for path in paths:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
        if not lines or not lines[0].startswith("# SystemC::Coverage-3"):
            raise CoverageError(f"{path} is no coverage file of Verilator")
        for line in lines[1:]:
            match = POINT.match(line)
            if not match:
                raise CoverageError(f"{path}: a line that is no point: {line[:80]!r}")
            fields = dict(f.split("\x02", 1) for f in match[1].split("\x01") if f)
            file = Path(fields["f"])
            if file.is_relative_to(ROOT / "rtl") and fields["t"] in KINDS:
                point = Point(
                    file.relative_to(ROOT).as_posix(),
                    fields["t"],
                    int(fields["l"]),
                    int(fields["n"]),
                    fields.get("o", ""),
                )
                counts[point] += int(match[2])
    return counts


def waived(counts: Counter[Point], path: Path = WAIVERS) -> dict[Point, str]:
    """Uncovered points that are waived, with the reasons; CoverageError for a waiver of nothing."""
    found: dict[Point, str] = {}
    for entry in tomllib.loads(path.read_text(encoding="utf-8")).get("waiver", []):
        what = re.compile(entry["what"])
        hits = [
            point
            for point, count in counts.items()
            if point.file == entry["file"]
            and point.kind == entry["kind"]
            and what.search(point.what)
        ]
        if not entry["reason"].strip():
            raise CoverageError(f"a waiver of {entry['file']} gives no reason")
        measured = any(point.file == entry["file"] for point in counts)
        if measured and all(counts[point] for point in hits):
            raise CoverageError(f"a waiver of {entry['file']} is not needed: {entry['what']}")
        found |= {point: entry["reason"] for point in hits if not counts[point]}
    return found


def table(counts: Counter[Point], excused: Iterable[Point]) -> dict[str, dict[str, list[int]]]:
    """Module -> kind -> covered, waived, all."""
    excused = set(excused)
    rows: dict[str, dict[str, list[int]]] = {}
    for point, count in counts.items():
        kinds = rows.setdefault(Path(point.file).stem, {kind: [0, 0, 0] for kind in KINDS})
        cell = kinds[point.kind]
        cell[0] += count > 0
        cell[1] += count == 0 and point in excused
        cell[2] += 1
    return rows


def measure(module: str, say: Callable[[str], None]) -> dict[str, Any]:
    """Run the tests of a module with coverage, unless that was done for the same files."""
    path = FOLDER / f"{module}.json"
    key = digest([module_file(module), *test_files(module)])
    report = read_json(path)
    if report and report["key"] == key:
        return report
    data = FOLDER / "data" / module
    for old in data.glob("*.dat"):
        old.unlink()
    with environment_of({"SIM": "verilator", "TB_COVERAGE": str(data)}):
        result = run_tests(ROOT / "tb" / module)
    if result.failed or not result.passed:
        raise CoverageError(f"{module}: its tests fail with coverage: {result.failed[-1500:]}")
    # The point of a module's own tests is the module: of others below it, their own tests speak.
    own = module_file(module).relative_to(ROOT).as_posix()
    counts = {p: c for p, c in read(sorted(data.glob("*.dat"))).items() if p.file == own}
    if not counts:
        raise CoverageError(f"{module}: nothing was counted")
    points = [[p.kind, p.line, p.column, p.what, c] for p, c in sorted(counts.items())]
    report = {"key": key, "module": module, "file": own, "points": points}
    write_json(path, report)
    say(f"{module}: covered")
    return report


def merged(reports: Iterable[dict[str, Any]]) -> Counter[Point]:
    """Points of all reports."""
    counts: Counter[Point] = Counter()
    for report in reports:
        for kind, line, column, what, count in report["points"]:
            counts[Point(report["file"], kind, line, column, what)] += count
    return counts


def reports() -> list[dict[str, Any]]:
    """Every report that is there."""
    return read_reports(FOLDER)


def is_fresh(report: dict[str, Any]) -> bool:
    """Whether a report is of the sources and tests that are here."""
    module = report["module"]
    return digest([module_file(module), *test_files(module)]) == report["key"]
