# SPDX-License-Identifier: Apache-2.0
"""The copy-and-paste blocks of the front page run as printed, in a fresh clone."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"<!-- journey: (\w+) -->\n```\n(.*?)```", re.DOTALL)
JOURNEYS = dict(BLOCK.findall((ROOT / "README.md").read_text(encoding="utf-8")))
LEFT = {
    "student": ["build/networks/tiny/sim/verilator/avatars.png", "build/synth/pynq_z2-tiny"],
    "engineer": ["build/synth/ulx3s_tiny/ulx3s_tiny.bit", "build/board.png"],
    "ml": ["runs/first/index.md", "runs/first/simulation/report.json", "runs/first/network.onnx"],
}
LONG = {"engineer"}  # place and route: .ci/run has it as a step of its own


def test_there_are_three_journeys_and_the_same_in_japanese():
    assert set(JOURNEYS) == set(LEFT)
    japanese = (ROOT / "README.ja.md").read_text(encoding="utf-8")
    assert dict(BLOCK.findall(japanese)) == JOURNEYS


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=[pytest.mark.slow] if name in LONG else []) for name in LEFT],
)
def test_a_journey_works_as_printed(name, tmp_path):
    clone = tmp_path / "clone"
    files = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True
    ).stdout.decode()
    for file in filter(None, files.split("\0")):
        target = clone / file
        target.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / file).is_file():
            target.write_bytes((ROOT / file).read_bytes())
            target.chmod((ROOT / file).stat().st_mode)
    # The packages of the environment are there; only the checkout's own are made anew.
    environment = {
        **os.environ,
        "AVATAR_QUICK": "1",
        "PYTHONPATH": os.pathsep.join(str(clone / f) for f in ("model", "scripts", "")),
    }
    (clone / ".venv").symlink_to(ROOT / ".venv")
    script = JOURNEYS[name].replace("make ", "make -o setup ")
    ended = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=clone,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout[-3000:] + ended.stderr[-3000:]
    for path in LEFT[name]:
        assert (clone / path).exists(), path
