# SPDX-License-Identifier: Apache-2.0
"""The record gives a checkout what was measured, and takes nothing from it."""

from __future__ import annotations

import pytest
from dcgan.core.files import write_json

from tb.evidence import page, record
from tb.evidence.files import read_json


@pytest.fixture
def measured(tmp_path):
    """A build folder with results, and things beside them that are none."""
    build = tmp_path / "evidence"
    write_json(build / "mutation" / "uart_tx.json", {"key": "1", "mutants": {"3": "killed"}})
    write_json(build / "soak" / "soak.json", {"key": "2", "wrong": 0.1234567})
    write_json(build / "mutation" / "uart_tx" / "overlay" / "x.json", {})
    write_json(build / "report.json", {})
    return build


def test_a_fresh_checkout_gets_every_result_and_nothing_else(measured, tmp_path):
    kept = tmp_path / "record.json.gz"
    record.keep(kept, measured)
    fresh = tmp_path / "fresh"
    assert record.unpack(kept, fresh) == ["mutation/uart_tx.json", "soak/soak.json"]
    for name in ("mutation/uart_tx.json", "soak/soak.json"):
        assert (fresh / name).read_text() == (measured / name).read_text()
    assert sum(path.is_file() for path in fresh.rglob("*")) == 2
    again = tmp_path / "again.json.gz"
    record.keep(again, fresh)
    assert again.read_bytes() == kept.read_bytes()


def test_what_was_measured_here_stays(measured, tmp_path):
    kept = tmp_path / "record.json.gz"
    record.keep(kept, measured)
    write_json(measured / "soak" / "soak.json", {"key": "3"})
    (measured / "mutation" / "uart_tx.json").unlink()
    assert record.unpack(kept, measured) == ["mutation/uart_tx.json"]
    assert read_json(measured / "soak" / "soak.json") == {"key": "3"}


def test_no_record_is_nothing_measured(tmp_path):
    assert record.unpack(tmp_path / "none.json.gz", tmp_path) == []


def test_a_result_on_record_of_other_files_does_not_count(tmp_path):
    """Somebody who writes another key into the record has a stale row, not a better page."""
    known = record.read()
    reports = [value for name, value in known.items() if name.startswith("mutation/")]
    fresh = [report for report in reports if page.campaign.is_fresh(report)]
    assert fresh
    other = {**fresh[0], "key": "0" * 16}
    assert page.mutation_rows([other])[0][-1] == "stale"
