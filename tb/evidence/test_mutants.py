# SPDX-License-Identifier: Apache-2.0
"""Mutants are changes: each one differs, all of them are in the build, and their tests can lose."""

from __future__ import annotations

from pathlib import Path

import pytest

from tb.evidence import campaign
from tb.evidence.campaign import (
    EQUIVALENT,
    KILLED,
    SURVIVED,
    TIMEOUT,
    CampaignError,
    _Result,
    is_fresh,
    judge,
    key_of,
    known,
    passes,
    second_look,
    verdict_of,
)
from tb.evidence.equivalence import same
from tb.evidence.files import module_file, shard
from tb.evidence.mutants import NOT_WRITTEN, Mutants
from tb.evidence.plan import MODULES, not_mutated

SMALL = """
module small (input logic clk_i, input logic a_i, input logic b_i, output logic y_o);
  localparam int Width = 3 + 1;
  logic [Width-1:0] count_q;
  assign y_o = a_i && !b_i;
  always_ff @(posedge clk_i) begin
    if (a_i) count_q <= '0;
    else count_q <= count_q + 4'd1;
  end
endmodule
"""
TWO = """
module two #(parameter int Form = 0) (input logic a_i, input logic b_i, output logic y_o);
  if (Form == 0 && 1'b1) begin : gen_and
    assign y_o = a_i && b_i;
  end else if (Form == 1) begin : gen_add
    assign y_o = a_i + b_i;
  end else begin : gen_subtract
    assign y_o = a_i - b_i;
  end
endmodule
"""


@pytest.fixture
def small(tmp_path):
    path = tmp_path / "small.sv"
    path.write_text(SMALL, encoding="utf-8")
    return Mutants(path)


def test_what_is_computed_is_mutated_and_nothing_else(small):
    found = {(m.kind, small.before(m), " ".join(m.after.split())) for m in small.all}
    assert found == {
        ("operator", "a_i && !b_i", "a_i || !b_i"),
        ("negation", "!b_i", "b_i"),
        ("condition", "a_i", "!(a_i)"),
        (NOT_WRITTEN, "count_q <= '0;", ";"),
        ("constant", "'0", "'1"),
        (NOT_WRITTEN, "count_q <= count_q + 4'd1;", ";"),
        ("operator", "count_q + 4'd1", "count_q - 4'd1"),
        ("constant", "4'd1", "4'd1 ^ 1'b1"),
    }


def test_each_mutant_is_another_text_and_all_are_in_the_build(small):
    texts = {small.single(mutant) for mutant in small.all}
    assert len(texts | {SMALL}) == len(small.all) + 1
    build = small.choice(small.all)
    assert all(f"mutant_q == {m.number})" in build for m in small.all if m.kind != NOT_WRITTEN)
    assert all(f"mutant_q != {m.number})" in build for m in small.all if m.kind == NOT_WRITTEN)


def test_an_else_stays_with_its_if(small):
    assert "begin if (mutant_q != 4) count_q <= " in small.choice(small.all)
    assert " end\n    else begin if (mutant_q != 6) " in small.choice(small.all)


def test_both_branches_of_a_generate_are_mutated(tmp_path):
    path = tmp_path / "two.sv"
    path.write_text(TWO, encoding="utf-8")
    two = Mutants(path)
    assert {two.before(m) for m in two.all} == {"a_i && b_i", "a_i + b_i", "a_i - b_i"}


def test_the_seed_chooses(small):
    numbers = [m.number for m in small.sample(3, 1)]
    assert numbers == [m.number for m in small.sample(3, 1)] == sorted(numbers)
    assert {tuple(m.number for m in small.sample(3, seed)) for seed in range(9)} != {tuple(numbers)}


def test_a_run_without_tests_or_build_is_no_verdict():
    with pytest.raises(CampaignError, match="no test ran"):
        verdict_of(_Result(), 1, 10)
    broken = _Result()
    broken.failed = "AssertionError: x does not build on verilator"
    with pytest.raises(CampaignError, match="does not build"):
        verdict_of(broken, 1, 10)


def test_verdicts_hold_in_a_sample_of_another_size_and_not_with_other_sources(tmp_path):
    mutants = Mutants(module_file("board_crc32"))
    chosen = [str(mutant.number) for mutant in mutants.sample(5, 1)]
    judged = {number: {"verdict": KILLED} for number in chosen}
    report = {"module": "board_crc32", "count": 5, "seed": 1, "mutants": judged}
    report["key"] = key_of(mutants, 5, 1)
    assert known(report, mutants) == judged
    assert is_fresh(report)
    assert not is_fresh({**report, "mutants": dict.fromkeys(chosen[1:])})
    assert not is_fresh({**report, "count": 4})
    other = tmp_path / mutants.path.name
    other.write_text(mutants.text.replace("~state_q", "~state_q & '1"), encoding="utf-8")
    assert known(report, Mutants(other)) == known(None, mutants) == {}


def test_verdicts():
    passed, failed = _Result(), _Result()
    passed.passed, failed.failed = 1, "assert 1 == 2"
    assert [passes(passed), passes(failed), passes(_Result())] == [True, False, False]
    found = [verdict_of(passed, 1, 10), verdict_of(failed, 1, 10), verdict_of(failed, 11, 10)]
    assert found == [SURVIVED, KILLED, TIMEOUT]


@pytest.mark.parametrize(
    ("proven", "sound", "notices", "expected"),
    [
        (True, True, True, EQUIVALENT),
        (False, True, True, KILLED),
        (False, True, False, SURVIVED),
        (False, False, True, SURVIVED),  # what fails without a mutant judges none
    ],
)
def test_a_survivor_is_proven_or_run_on_icarus(monkeypatch, proven, sound, notices, expected):
    mutants = Mutants(module_file("board_crc32"))
    asked = []

    def judged(overlay, mutants, chosen, seconds, number, simulator):
        result = _Result()
        asked.append((number, simulator))
        result.failed = "assert" if notices else ""
        result.passed = 1
        return result

    monkeypatch.setattr(campaign, "equivalent", lambda *_: proven)
    monkeypatch.setattr(campaign, "judge", judged)
    mutant = mutants.all[0]
    assert second_look(Path("overlay"), mutants, [mutant], mutant, lambda: sound) == expected
    assert {simulator for _, simulator in asked} <= {"icarus"}


def test_mutants_of_the_crc_are_killed_by_its_tests(tmp_path):
    """The whole way, and the list of mutants corrupted: a change of nothing must survive."""
    mutants = Mutants(module_file("board_crc32"))
    chosen = mutants.sample(3, 1)
    assert not judge(tmp_path, mutants, chosen, 60, 0).failed
    for mutant in chosen:
        assert judge(tmp_path, mutants, chosen, 60, mutant.number).failed, mutant
    nobody = max(mutant.number for mutant in mutants.all) + 1
    assert not judge(tmp_path, mutants, chosen, 60, nobody).failed


@pytest.mark.parametrize(
    ("module", "old", "new", "expected"),
    [
        ("board_crc32", "assign crc_o  = ~state_q;", "assign crc_o  = state_q ^ '1;", True),
        ("board_crc32", "assign crc_o  = ~state_q;", "assign crc_o  = state_q;", False),
        ("board_crc32", "if (clear_i) state_q", "if (!clear_i) state_q", False),
        # Registers differ for one cycle behind a reset, and no output ever does.
        ("board_watchdog", "count_q    <= '0;", "count_q    <= '1;", True),
        ("board_watchdog", "restart_o  <= 1'b0;", "restart_o  <= 1'b1;", False),
        ("board_watchdog", "restarts_o <= '0;", "", False),
    ],
)
def test_equivalence_is_proven_where_it_is_and_only_there(module, old, new, expected):
    path = module_file(module)
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    assert same(path, text, text.replace(old, new)) is expected


def test_shards_are_the_whole_and_disjoint():
    parts = [shard(list(MODULES), f"{k}/3") for k in (1, 2, 3)]
    assert sorted(name for part in parts for name in part) == sorted(MODULES)
    assert not set(MODULES) & set(not_mutated())
    with pytest.raises(ValueError, match="SHARD=0/3"):
        shard(list(MODULES), "0/3")
