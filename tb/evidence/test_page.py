# SPDX-License-Identifier: Apache-2.0
"""The page says what was measured: gates are missed where figures are, survivors are named."""

from __future__ import annotations

from tb.evidence import campaign, page
from tb.evidence.plan import GATES


def formal(**changes):
    """A report of 30 properties that hold, but for the changes."""
    right = {"failed": [], "unreached": [], "unnoticed": []}
    return {"name": "a_b", "properties": ["P"] * 30, **right, **changes}


def mutation(*verdicts: str):
    """A report with these verdicts."""
    one = {"line": 3, "kind": "operator", "before": "a || b", "after": "a && b"}
    mutants = {str(n): {**one, "verdict": v} for n, v in enumerate(verdicts)}
    return {"module": "a_b", "mutants": mutants}


def missed(figures) -> set[str]:
    """Gates that the page says are missed."""
    return {row[0] for row in page.gate_rows(figures) if row[-1] == "**missed**"}


OTHERS = {"requirements", "golden model", "flips a class", "flips that stop nothing"}
OTHERS |= {"ROM flips told", "avatars soaked"}
OTHERS |= {"line", "branch", "expr", "toggle", "states", "situations"}
"""Gates of parts that have figures of their own."""


def test_every_gate_is_met_by_figures_that_meet_it():
    killed = mutation(*[campaign.KILLED] * 19, campaign.TIMEOUT, campaign.EQUIVALENT)
    values = page.figures([formal()], [killed] * 50)
    assert missed(values) == OTHERS
    assert missed({**values, **{name: GATES[name] for name in OTHERS}}) == set()


def test_nearly_all_is_not_shown_as_all():
    rows = {row[0]: row[2:] for row in page.gate_rows({"ROM flips told": 99.96})}
    assert rows["ROM flips told"] == ["99.9 %", "**missed**"]


def test_nothing_measured_is_every_gate_missed():
    assert missed(page.figures([], [])) == set(GATES)


def test_a_thousand_mutants_are_asked_for():
    reports = [mutation(*[campaign.KILLED] * 999)]
    assert page.figures([], reports)["mutants"] == 999
    assert "mutants" in missed(page.figures([], reports))
    assert "mutants" not in missed(page.figures([], [*reports, mutation(campaign.KILLED)]))


def test_one_property_that_fails_takes_its_harness_out():
    for problem in ("failed", "unreached", "unnoticed"):
        broken = formal(**{problem: ["a_b: P fails"]})
        assert "properties" in missed(page.figures([broken], []))


def test_survivors_lower_the_score_and_are_named():
    reports = [mutation(*[campaign.KILLED] * 9, campaign.SURVIVED)]
    assert page.score(reports) == (9, 10)
    assert "mutation" in missed(page.figures([], reports))
    assert page.survivors(reports) == [
        ["`a_b`", 3, "operator", "`a \\|\\| b`", "`a && b`", "not judged"]
    ]
