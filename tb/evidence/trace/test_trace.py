# SPDX-License-Identifier: Apache-2.0
"""Every requirement is checked by something that exists; a table that is wrong is noticed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tb.evidence.trace import page
from tb.evidence.trace.trace import (
    GROUPS,
    PROPERTIES,
    REQUIREMENTS,
    Property,
    TraceError,
    key,
    problems,
    properties,
    requirements,
)
from tb.formal.harness import harnesses

PAPER = [f"P{number}" for number in range(1, 15)]
TEST = "tb/stream_skid/test_stream_skid.py::a_reset_forgets_both_entries"


def test_every_name_in_both_tables_is_there():
    assert problems(requirements(), properties()) == []


def test_every_requirement_of_the_paper_and_every_group_has_rows():
    rows = requirements()
    assert [row.id for row in rows if row.group == "paper"] == PAPER
    assert {row.group for row in rows} == set(GROUPS)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"tests": (), "proofs": ()}, "P1: neither a test nor a proof"),
        ({"tests": ("tb/no_file.py::test_a",)}, "P1: there is no test tb/no_file.py::test_a"),
        ({"tests": (TEST + "_x",)}, f"P1: there is no test {TEST}_x"),
        ({"tests": (TEST.partition("::")[0],)}, "P1: there is no test tb/stream_skid"),
        ({"tests": ("tb/lib/stream.py::start",)}, "P1: there is no test tb/lib/stream.py"),
        ({"proofs": ("stream_skid::Nothing",)}, "P1: there is no property stream_skid::Nothing"),
    ],
)
def test_a_row_that_names_nothing_is_named(changes, problem):
    (found,) = problems([replace(requirements()[0], **changes)], [])
    assert found.startswith(problem)


def test_a_property_that_nothing_shows_is_named():
    assert problems([], [Property("it works", outside="all of it")]) == [
        "it works: shown by no method"
    ]
    wrong = Property("it works", formal=("no_harness::A",), random=("tb/a.py::b",))
    assert len(problems([], [wrong])) == 2


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('id = "P2"', 'id = "P1"', "P1 stands there twice"),
        ('group = "stream"', 'group = "river"', "S1, S2, S3, S4, S5, S6: the group is one of"),
        ("proofs = [", "proves = [", "proves means nothing there"),
        ("[[requirement]]", "[[demand]]", "holds no requirement"),
    ],
)
def test_a_table_that_is_none_is_refused(tmp_path, old, new, message):
    path = tmp_path / "requirements.toml"
    path.write_text(REQUIREMENTS.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(TraceError, match=message):
        requirements(path)


def test_a_method_that_is_none_is_refused(tmp_path):
    path = tmp_path / "properties.toml"
    text = PROPERTIES.read_text(encoding="utf-8").replace("outside = ", "beyond = ")
    path.write_text(text, encoding="utf-8")
    with pytest.raises(TraceError, match="beyond means nothing there"):
        properties(path)


def test_only_proofs_that_hold_with_these_files_are_shown_as_such():
    harness = next(h for h in harnesses() if h.name == "stream_skid")
    right = {"failed": [], "unreached": [], "unnoticed": []}
    report = {"name": "stream_skid", "key": page.proofs.digest(harness), "claim": "proven", **right}
    prop = Property("offers stay", formal=("stream_skid::OfferStays",))
    name = "`stream_skid` OfferStays"
    assert page.by_method(prop, [report])[1:3] == (name, "")
    bounded = {**report, "claim": "bounded, 9 cycles"}
    assert page.by_method(prop, [bounded])[1:3] == ("", f"{name} (9 cycles)")
    for broken in ({"key": "0"}, {"failed": ["OfferStays fails"]}):
        assert page.by_method(prop, [{**report, **broken}])[1] == f"{name} (stale)"
    assert page.by_method(prop, [])[1] == f"{name} (stale)"


def test_a_problem_and_an_old_report_lower_the_figure():
    report = {"key": key(), "requirements": 30, "properties": 10, "problems": []}
    assert page.figure(report) == 100
    assert page.figure({**report, "problems": ["P1: there is no test a"]}) == 97.5
    assert page.figure({**report, "key": "0"}) is None
    assert page.figure(None) is None
