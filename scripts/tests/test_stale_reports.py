# SPDX-License-Identifier: Apache-2.0
"""Front pages take no report of other sources."""

from __future__ import annotations

import json
import shutil

import pytest
import readme_results
from synth_flow.boards import ROOT
from synth_flow.report import sources_digest


@pytest.fixture
def copy(tmp_path, monkeypatch):
    """The sources, with a report of them; readme_results looks there."""
    shutil.copytree(ROOT / "rtl", tmp_path / "rtl")
    folder = tmp_path / "build" / "synth" / "ulx3s"
    folder.mkdir(parents=True)
    (folder / "report.json").write_text(json.dumps({"sources": sources_digest(tmp_path)}))
    monkeypatch.setattr(readme_results, "ROOT", tmp_path)
    monkeypatch.setattr(readme_results, "sources_digest", lambda: sources_digest(tmp_path))
    return tmp_path


def test_a_report_of_the_present_sources_is_taken(copy):
    assert sources_digest(copy) == sources_digest()
    (copy / "rtl" / "dcgan" / "dcgan_shape_pkg.sv").write_text("// of another network\n")
    assert readme_results.routed("ulx3s") is not None
    assert readme_results.routed("ulx3s_tiny") is None


@pytest.mark.parametrize("change", ["edit", "rename"])
def test_a_report_of_other_sources_is_not(copy, change, capsys):
    source = copy / "rtl" / "stream" / "stream_skid.sv"
    if change == "edit":
        source.write_text(source.read_text() + "\n")
    else:
        source.rename(source.with_name("stream_skid2.sv"))
    assert readme_results.routed("ulx3s") is None
    assert "run make synth BOARD=ulx3s" in capsys.readouterr().out
