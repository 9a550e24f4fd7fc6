# SPDX-License-Identifier: Apache-2.0
"""The way from sprites to hardware: steps are done once, again where something changed, resumed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from avatar_flow import steps as flow
from avatar_flow.page import write_page
from avatar_flow.way import Wanted, steps
from dcgan.core.shapes import preset
from dcgan.quant.int_generator import save_integer
from dcgan.quant.random_network import random_integer

WORKER = """
import sys
from pathlib import Path
source, target, status = sys.argv[1:4]
Path(target).write_text(Path(source).read_text() + "|" + " ".join(sys.argv[4:]))
raise SystemExit(int(status))
"""


@pytest.fixture
def worker(tmp_path):
    path = tmp_path / "worker.py"
    path.write_text(WORKER)
    (tmp_path / "in.txt").write_text("a")
    return path


def step(worker: Path, status: int = 0, **more) -> flow.Step:
    folder = worker.parent
    words = [worker, folder / "in.txt", folder / "out.txt", str(status), "first"]
    return flow.Step("copy", words, [folder / "in.txt"], [folder / "out.txt"], **more)


def test_a_step_runs_once_and_again_when_its_input_or_output_changed(worker, tmp_path, capfd):
    out = tmp_path / "out.txt"
    for _ in range(2):
        flow.run_all(tmp_path, [step(worker)])
    assert capfd.readouterr().out.count("done before") == 1
    out.unlink()
    flow.run_all(tmp_path, [step(worker)])
    assert out.read_text() == "a|first"
    (tmp_path / "in.txt").write_text("b")
    flow.run_all(tmp_path, [step(worker)])
    assert out.read_text() == "b|first"
    assert "done before" not in capfd.readouterr().out
    assert "worker.py" in flow.records(tmp_path)["copy"]["command"]


def test_a_failed_step_ends_the_way_and_is_resumed_where_it_can_be(worker, tmp_path):
    again = [worker, tmp_path / "in.txt", tmp_path / "out.txt", "0", "resumed"]
    failing = step(worker, 3, resumed=again, partial=tmp_path / "out.txt")
    with pytest.raises(flow.StepFailed, match="'copy' ended with status 3") as failed:
        flow.run_all(tmp_path, [failing])
    assert failed.value.status == 3
    flow.run_all(tmp_path, [failing])
    assert (tmp_path / "out.txt").read_text() == "a|resumed"


def test_a_step_that_is_not_needed_is_left_out(worker, tmp_path, capfd):
    flow.run_all(tmp_path, [step(worker, 3, needed=lambda: False)])
    assert "copy: not needed" in capfd.readouterr().out
    assert not (tmp_path / "out.txt").exists()


@pytest.mark.parametrize("known", [True, False])
def test_what_attributes_mean_is_drawn_where_there_are_some(tmp_path, known):
    about = {"attributes": {"hat": ["1", "2"]}, "attribute_order": ["hat"]} if known else {}
    wanted = Wanted(tmp_path / "sprites", tmp_path / "out")
    wanted.out.mkdir()
    network = random_integer(preset("tiny"), seed=0)
    save_integer(wanted.integers, replace(network, metadata={"training": {"data": about}}))
    chart = next(each for each in steps(wanted) if each.name == "attributes")
    assert chart.needed() == known


def test_a_folder_as_input_changes_with_its_files(tmp_path):
    (tmp_path / "sub").mkdir()
    before = flow.digest(tmp_path)
    (tmp_path / "sub" / "x.png").write_bytes(b"1")
    assert flow.digest(tmp_path) != before


def test_the_way_ends_in_a_bitstream_only_where_a_board_is_named(tmp_path):
    wanted = Wanted(data=tmp_path / "sheet.png", out=tmp_path / "out", data_options=["--rows", "0"])
    names = [s.name for s in steps(wanted)]
    assert names[:2] == ["train", "quantize"] and "simulate" in names and "synth" not in names
    train = [str(word) for word in steps(wanted)[0].words]
    assert train[train.index("--rows") + 1] == "0"
    board = Wanted(data=tmp_path, out=tmp_path / "out", board="ulx3s", chip="45f")
    synth = [str(word) for word in steps(board)[-1].words]
    assert synth[:2] == ["scripts/synth.py", "ulx3s"] and synth[synth.index("--chip") + 1] == "45f"


def test_the_page_shows_what_is_there_and_nothing_else(tmp_path):
    wanted = Wanted(data=tmp_path / "mine", out=tmp_path)
    (tmp_path / "avatars.png").write_bytes(b"")
    page = write_page(wanted).read_text()
    assert "(avatars.png)" in page and "figure7.png" not in page and "Figures" not in page
