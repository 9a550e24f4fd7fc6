# SPDX-License-Identifier: Apache-2.0
"""Coverage is added up over files, corrupted files are refused, waivers must be needed."""

from __future__ import annotations

import tomllib
from collections import Counter

import pytest

from tb.evidence.coverage import page
from tb.evidence.coverage.counts import (
    KINDS,
    WAIVERS,
    WATCHED,
    CoverageError,
    Point,
    merged,
    read,
    table,
    waived,
)
from tb.evidence.plan import GATES
from tb.lib.tools import ROOT

HEAD = "# SystemC::Coverage-3\n"


def point(count: int, what: str = "block", kind: str = "line", line: int = 7) -> str:
    """A line as Verilator writes it."""
    fields = {"f": ROOT / "rtl/stream/stream_skid.sv", "l": line, "n": 3, "t": kind, "o": what}
    return "C '" + "".join(f"\x01{k}\x02{v}" for k, v in fields.items()) + f"' {count}\n"


def file(folder, name: str, *lines: str):
    """A coverage file."""
    path = folder / name
    path.write_text(HEAD + "".join(lines), encoding="utf-8")
    return path


def test_counts_are_added_and_what_is_missing_is_seen(tmp_path):
    one = file(tmp_path, "1.dat", point(0), point(2, line=9))
    two = file(tmp_path, "2.dat", point(3), point(0, kind="branch"))
    rows = table(read([one, two]), [])["stream_skid"]
    assert rows["line"] == [2, 0, 2] and rows["branch"] == [0, 0, 1]
    assert table(read([one]), [])["stream_skid"]["line"] == [1, 0, 2]


@pytest.mark.parametrize("text", ["", "not coverage\n", HEAD + "C 'x' many\n", HEAD + "C '\x01f"])
def test_a_file_that_is_not_whole_is_refused(tmp_path, text):
    path = tmp_path / "broken.dat"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CoverageError):
        read([path])


def waiver(folder, what: str, reason: str = "tied to a constant"):
    """A file with one waiver."""
    path = folder / "waivers.toml"
    entry = f'file = "rtl/stream/stream_skid.sv"\nkind = "line"\nwhat = "{what}"\n'
    path.write_text(f'[[waiver]]\n{entry}reason = "{reason}"\n', encoding="utf-8")
    return path


def test_a_waiver_counts_what_it_excuses(tmp_path):
    counts = read([file(tmp_path, "1.dat", point(0), point(2, line=9))])
    excused = waived(counts, waiver(tmp_path, "^block"))
    assert table(counts, excused)["stream_skid"]["line"] == [1, 1, 2]


def test_a_waiver_that_is_not_needed_or_not_explained_is_refused(tmp_path):
    covered = read([file(tmp_path, "1.dat", point(1))])
    with pytest.raises(CoverageError, match="not needed"):
        waived(covered, waiver(tmp_path, "^block"))
    with pytest.raises(CoverageError, match="not needed"):
        waived(covered, waiver(tmp_path, "^no point is called so"))
    with pytest.raises(CoverageError, match="no reason"):
        waived(covered, waiver(tmp_path, "^block", reason=" "))


def test_reports_are_added_up():
    report = {"file": "rtl/a/a_b.sv", "points": [["line", 1, 1, "x", 0], ["line", 2, 1, "x", 1]]}
    other = {"file": "rtl/a/a_b.sv", "points": [["line", 1, 1, "x", 4]]}
    assert table(merged([report]), [])["a_b"]["line"] == [1, 0, 2]
    assert table(merged([report, other]), [])["a_b"]["line"] == [2, 0, 2]


def rows(covered: int, excused: int) -> page.Rows:
    """A hundred points of every kind of one module."""
    return {"a_b": {kind: [covered, excused, 100] for kind in (*KINDS, *WATCHED)}}


def missed(values: dict[str, float | None]) -> set[str]:
    """Gates that these figures miss."""
    return {name for name, value in values.items() if value is None or value < GATES[name]}


def watched(**counts: int) -> Counter[Point]:
    """Counts of one state and one situation of a module."""
    return Counter({Point("rtl/a/a_b.sv", kind, 0, 0, "x"): n for kind, n in counts.items()})


ONE = {("a_b", "x")}
"""Every state, or every situation, of a design with one module."""


def test_waived_points_are_taken_from_the_whole():
    hit = watched(state=1, point=1)
    assert missed(page.figures(rows(90, 10), hit, ONE, ONE)) == set()
    assert missed(page.figures(rows(89, 0), hit, ONE, ONE)) == set(KINDS)


def test_one_state_or_one_situation_that_is_never_met_misses_its_gate():
    assert missed(page.figures(rows(99, 0), watched(state=3, point=0), ONE, ONE)) == {"situations"}
    assert missed(page.figures(rows(99, 0), watched(state=0, point=3), ONE, ONE)) == {"states"}


def test_what_was_not_measured_was_not_met():
    hit, two = watched(state=1, point=1), ONE | {("a_c", "x")}
    assert missed(page.figures(rows(99, 0), hit, two, two)) == {"states", "situations"}
    assert missed(page.figures({}, Counter(), two, two)) == {*KINDS, "states", "situations"}


def test_what_is_never_met_is_named():
    every = {"a_b": page.Watch(points={"x": "1"})}
    assert page.point_rows(watched(point=1234), every) == [["`a_b`", "`x`", "1,234"]]
    assert page.point_rows(watched(point=0), every) == [["`a_b`", "`x`", page.NEVER]]
    assert page.point_rows(Counter(), every) == [["`a_b`", "`x`", "not measured"]]
    names = {"Idle": 4, "Receive": 0, "Recover": 0}
    counts = Counter(
        {
            Point("rtl/uart/uart_rx.sv", "state", 0, 0, f"state_q__{name}"): count
            for name, count in names.items()
        }
    )
    ((*_, seen, _, note),) = page.state_rows(counts, ["uart_rx"])
    assert seen == "1 of 3" and note == f"{page.NEVER}: Receive, Recover"
    assert page.state_rows(Counter(), ["uart_rx"])[0][2] == "not measured"


def test_every_waiver_names_a_file_and_a_kind_that_are_there():
    entries = tomllib.loads(WAIVERS.read_text(encoding="utf-8"))["waiver"]
    for entry in entries:
        assert (ROOT / entry["file"]).is_file() and entry["kind"] in (*KINDS, "state"), entry
        assert set(entry) == {"file", "kind", "what", "reason"}, entry
