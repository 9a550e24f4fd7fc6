# SPDX-License-Identifier: Apache-2.0
"""A router that cannot reach the clock is ended, and the design is routed whatever it comes to."""

from __future__ import annotations

import json
import os
import stat

import pytest
from synth_flow import boards, place, tools

REPORT = json.dumps({"fmax": {"u_board.system_clocks[0]": {"achieved": 99.5, "constraint": 105}}})
STEP = "Info:     iter={} wires=1024108 overused={} overuse=0 tmgfail={} archfail=NA\n"
ROUTER = f"""#!/bin/sh
echo "$*" >> calls
case "$*" in
*--tmg-ripup*)
  while true; do echo "{STEP.format(9, 0, 11).strip()}"; sleep 0.01; done ;;
*)
  echo '{REPORT}' > seed3/nextpnr.json
esac
"""


@pytest.fixture
def board(tmp_path, monkeypatch):
    """A board in a folder of its own, with a router that never reaches a clock."""
    for module in (place, tools):
        monkeypatch.setattr(module, "ROOT", tmp_path)
    router = tmp_path / "router"
    router.write_text(ROUTER)
    router.chmod(router.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr(tools, "tool", lambda name: str(router))
    monkeypatch.setattr(tools, "LOOK_SECONDS", 0.2)
    pins = tmp_path / "constraints" / "board_x.lpf"
    pins.parent.mkdir()
    pins.write_text("")
    (tmp_path / "packed.json").write_text("{}")
    return boards.Board("x", "X", "ecp5", "tiny", "85k", "board_x", divide=5, multiply=21, seed=3)


def test_a_seed_that_misses_the_clock_is_routed_as_it_comes(board, tmp_path):
    said = []
    found = place.place(board, tmp_path, tmp_path / "packed.json", 3, said.append)
    assert found.fmax_mhz == 99.5
    first, second = (tmp_path / "calls").read_text().splitlines()
    assert second == first.replace("--tmg-ripup ", "") != first
    assert any("misses the clock" in line for line in said)
    again = place.place(board, tmp_path, tmp_path / "packed.json", 3, said.append)
    assert again == found and "placed before" in said[-1]
    assert not tools.RUNNING and os.path.getsize(tmp_path / "calls") == len(first + second) + 2


def test_a_router_that_gets_on_is_not_stuck():
    steps = [STEP.format(n, 0, 11 + n % 2) for n in range(place.PATIENCE + 1)]
    assert place.is_stuck("".join(steps))
    assert not place.is_stuck("".join(steps[1:]))
    assert not place.is_stuck("".join([*steps, STEP.format(99, 0, 10)]))
    assert not place.is_stuck("".join(STEP.format(n, 3, 11) for n in range(99)))
    assert not place.is_stuck("".join(STEP.format(n, 0, 0) for n in range(99)))
    assert not place.is_stuck("")
