# SPDX-License-Identifier: Apache-2.0
"""Verilator's counts, point by point: read, added up, excused.

Verilator writes one file for each simulation; here they are added up over all instances and
parameters. What is waived stands in waivers.toml with its reason, and a waiver that matches
nothing is an error.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tb.lib.tools import ROOT

WAIVERS = Path(__file__).with_name("waivers.toml")
KINDS = ("line", "branch", "expr", "toggle")
"""Of the source itself."""
WATCHED = ("state", "step", "point")
"""Of what `points` puts behind a source: states, changes of state, situations."""
SUFFIX = ".points"
"""Of the name under which Verilator knows what was put behind a source."""
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


def _point(fields: dict[str, str]) -> Point | None:
    """What one line of a file counts; None for what is neither RTL nor watched."""
    file, what = Path(fields["f"]), fields.get("o", "")
    if not file.is_relative_to(ROOT / "rtl"):
        return None
    if file.suffix == SUFFIX:
        what = what.replace("__05F", "_")  # Verilator's way of writing two of them
        kind, _, name = what.partition("__")
        if fields["t"] != "user" or kind not in WATCHED:
            return None
        return Point(file.with_suffix("").relative_to(ROOT).as_posix(), kind, 0, 0, name)
    if fields["t"] not in KINDS:
        return None
    place = int(fields["l"]), int(fields["n"])
    return Point(file.relative_to(ROOT).as_posix(), fields["t"], *place, what)


def read(paths: Iterable[Path]) -> Counter[Point]:
    """Counts of every point of the RTL, added up over files; CoverageError for a broken file."""
    counts: Counter[Point] = Counter()
    for path in paths:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
        if not lines or not lines[0].startswith("# SystemC::Coverage-3"):
            raise CoverageError(f"{path} is no coverage file of Verilator")
        for line in lines[1:]:
            match = POINT.match(line)
            if not match:
                raise CoverageError(f"{path}: a line that is no point: {line[:80]!r}")
            point = _point(dict(f.split("\x02", 1) for f in match[1].split("\x01") if f))
            if point:
                counts[point] += int(match[2])
    return counts


def merged(reports: Iterable[dict[str, Any]]) -> Counter[Point]:
    """Points of all reports."""
    counts: Counter[Point] = Counter()
    for report in reports:
        for kind, line, column, what, count in report["points"]:
            counts[Point(report["file"], kind, line, column, what)] += count
    return counts


def waivers(path: Path = WAIVERS) -> list[dict[str, Any]]:
    """Entries of a file; CoverageError for one that gives no reason."""
    entries = tomllib.loads(path.read_text(encoding="utf-8")).get("waiver", [])
    for entry in entries:
        if not entry["reason"].strip():
            raise CoverageError(f"a waiver of {entry['file']} gives no reason")
    return entries


def excused_by(entry: dict[str, Any], counts: Counter[Point]) -> list[Point]:
    """Uncovered points that a waiver excuses; CoverageError if its file is there and none is."""
    what = re.compile(entry["what"])
    found = [
        point
        for point, count in counts.items()
        if point.file == entry["file"]
        and point.kind == entry["kind"]
        and what.search(point.what)
        and not count
    ]
    if not found and any(point.file == entry["file"] for point in counts):
        raise CoverageError(f"a waiver of {entry['file']} is not needed: {entry['what']}")
    return found


def waived(counts: Counter[Point], path: Path = WAIVERS) -> dict[Point, str]:
    """Uncovered points that are waived, with the reasons; CoverageError for a waiver of nothing."""
    return {
        point: entry["reason"] for entry in waivers(path) for point in excused_by(entry, counts)
    }


def table(counts: Counter[Point], excused: Iterable[Point]) -> dict[str, dict[str, list[int]]]:
    """Module -> kind -> covered, waived, all."""
    excused = set(excused)
    rows: dict[str, dict[str, list[int]]] = {}
    for point, count in counts.items():
        kinds = rows.setdefault(
            Path(point.file).stem, {kind: [0, 0, 0] for kind in (*KINDS, *WATCHED)}
        )
        cell = kinds[point.kind]
        cell[0] += count > 0
        cell[1] += count == 0 and point in excused
        cell[2] += 1
    return rows
