# SPDX-License-Identifier: Apache-2.0
"""Mutants of the golden model are killed by its tests, and whatever is not judged is noticed."""

from __future__ import annotations

import ast

import pytest

from tb.evidence.golden import campaign, page
from tb.evidence.golden.mutants import Mutants

SAMPLE = '''
"""Text with 1 and 2."""
SIZE: int = 4


def clamp(x: int = 3) -> "list[5]":
    if not x < SIZE:
        raise ValueError(f"{x} is 6 too large")
    check(x)
    x += 1
    return np.clip(x - 1 if x else x << 2, 0, 9)
'''


def sample(tmp_path, text: str = SAMPLE) -> Mutants:
    """Mutants of a small module."""
    path = tmp_path / "sample.py"
    path.write_text(text, encoding="utf-8")
    return Mutants(path)


def found(name: str, place: str, after: str) -> int:
    """Number of a mutant of a module of the golden model."""
    mutants = Mutants(campaign.QUANT / f"{name}.py")
    return next(m.number for m in mutants.all if (mutants.place(m), m.after) == (place, after))


def test_each_kind_of_change_is_made_once(tmp_path):
    mutants = sample(tmp_path)
    changes = {(m.kind, mutants.before(m), m.after) for m in mutants.all}
    assert len({(m.start, m.end, m.after) for m in mutants.all}) == len(mutants.all)
    assert {
        ("sign", "not x < SIZE", "(x < SIZE)"),
        ("comparison", "x < SIZE", "(x <= SIZE)"),
        ("check dropped", "check(x)", "pass"),
        ("check dropped", 'raise ValueError(f"{x} is 6 too large")', "pass"),
        ("arithmetic", "x += 1", "x -= 1"),
        ("arithmetic", "x += 1", "x = 1"),
        ("arithmetic", "x << 2", "(x >> 2)"),
        ("branches", "x - 1 if x else x << 2", "(x << 2 if x else x - 1)"),
        ("constant", "9", "(10)"),
        ("constant", "4", "(3)"),
    } <= changes
    assert {kind for kind, _, _ in changes} >= {"clamp"}


def test_text_annotations_and_messages_stay(tmp_path):
    before = {sample(tmp_path).before(m) for m in sample(tmp_path).all}
    assert not before & {"5", "6", '"list[5]"'}


def test_every_mutant_of_the_model_is_another_program():
    for name in campaign.MODULES:
        mutants = Mutants(campaign.QUANT / f"{name}.py")
        whole = ast.dump(ast.parse(mutants.source))
        assert all(ast.dump(ast.parse(mutants.text(m))) != whole for m in mutants.all)


def test_a_dropped_clamp_is_killed_and_the_model_as_it_is_passes():
    clamp = found(
        "fixed_point",
        "return @@np.clip(round_shift(acc, shift), 0, act_max)",
        "(np.minimum(round_shift(acc, shift), act_max))",
    )
    as_it_is, mutant = campaign.judge("fixed_point", [0, clamp])
    assert (as_it_is["by"], as_it_is["passed"] > 0) == ("", True)
    assert "test_requantise_relu_is_its_definition" in mutant["by"]
    assert [campaign.verdict_of(r) for r in (as_it_is, mutant)] == ["survived", "killed"]


def test_tests_that_do_not_end_are_ended():
    (result,) = campaign.judge("golden", [0], seconds=0.01)
    assert campaign.verdict_of(result) == "timeout"


def test_no_test_is_no_verdict():
    with pytest.raises(campaign.GoldenError, match="no test ran"):
        campaign.verdict_of({"number": 1, "by": "", "passed": 0, "timeout": False})


def test_an_unknown_module_is_refused():
    with pytest.raises(campaign.GoldenError, match="were not judged"):
        list(campaign.judge("no_module", [0]))


def report(verdict: str, place: str = "x = @@1", after: str = "(2)") -> dict[str, object]:
    """A report with one mutant."""
    mutant = {"verdict": verdict, "line": 1, "kind": "constant", "before": "1", "by": ""}
    return {
        "module": "golden",
        "possible": 1,
        "mutants": {"1": {**mutant, "place": place, "after": after}},
    }


def test_a_survivor_counts_until_it_is_argued_away():
    assert page.score([report("survived")]) == (0, 1, 1)
    (place, after) = next(key[1:] for key in campaign.opinions())
    assert page.score([report("survived", place, after)]) == (0, 1, 0)
    assert page.score([report("killed"), report("timeout")]) == (2, 2, 2)


def test_an_opinion_about_no_survivor_is_named():
    place, after = next(key[1:] for key in campaign.opinions())
    known = report("survived", place, after)
    named = campaign.of_no_survivor([known])
    assert f"golden: {place}" not in named
    assert f"golden: {place}" in campaign.of_no_survivor([report("killed", place, after)])


def test_every_opinion_is_about_a_mutant_that_exists():
    for module, place, after in campaign.opinions():
        assert found(module, place, after)
