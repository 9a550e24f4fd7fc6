# SPDX-License-Identifier: Apache-2.0
"""Ctrl-C, which reaches every process of the group: one word, status 130, nothing half written."""

from __future__ import annotations

import json
import os
import pty
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from dcgan.core.network_files import integer_file
from PIL import Image

from tb.lib.tools import missing

ROOT = Path(__file__).resolve().parents[2]
SEARCHED = [str(ROOT / "scripts"), *filter(None, [os.environ.get("PYTHONPATH")])]
"""The made-up flow imports a command, which is no package."""
PATIENCE = 120
INTERRUPTED = 130
FIRST = {"couts": 2, "elements": 20, "digits": 4}  # differs from every shipped folding
FOLDING = {"layers": [FIRST, *({"couts": 1} for _ in range(3))], "packing": "none"}
"""Nothing else is built with it."""
FAKE_FLOW = """
import os, sys
from pathlib import Path
from types import SimpleNamespace
import synth
from synth_flow import ecp5, tools

stage, fake, folder = sys.argv[1:]
tools.tool = lambda name: fake
synth.measured = lambda chosen: SimpleNamespace(cycles_per_avatar=1)
synth.prepare = lambda board, chosen: Path(folder)
if stage == "nextpnr":
    packed = Path(folder, "packed.json")
    packed.write_text("{}")
    ecp5.synthesise = lambda *_: (packed, {}, {})
sys.exit(synth.main(["ulx3s_tiny", "--seeds", "all"]))
"""
DEAF = """#!/bin/sh
trap '' INT
: > "$(dirname "$0")/began"
exec sleep 600
"""
"""A tool that does not hear Ctrl-C, as WebAssembly does not."""


class Running:
    """A command as the leader of a process group of its own."""

    def __init__(self, words: list, folder: Path) -> None:
        self.log = folder.parent / f"{folder.name}.log"
        with self.log.open("w") as sink:
            self.process = subprocess.Popen(
                [sys.executable, *map(str, words)],
                cwd=folder,
                stdout=subprocess.DEVNULL,
                stderr=sink,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(SEARCHED)},
                start_new_session=True,
            )

    def programs(self) -> list[str]:
        """Names of the processes of the group that are alive."""
        found = []
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                name, rest = stat.read_text().split("(", 1)[1].rsplit(")", 1)
            except (OSError, IndexError):
                continue
            state, _, group = rest.split()[:3]
            if int(group) == self.process.pid and state != "Z":
                found.append(name)
        return found

    def loaded(self, library: str) -> bool:
        """Whether the command has a library of this name in memory."""
        try:
            return library in Path(f"/proc/{self.process.pid}/maps").read_text()
        except OSError:
            return False

    def wait_until(self, condition: Callable[[], object]) -> None:
        end = time.monotonic() + PATIENCE
        while not condition():
            assert self.process.poll() is None, f"ended too early: {self.log.read_text()}"
            assert time.monotonic() < end, "waited in vain"
            time.sleep(0.02)

    def interrupt(self, number: int = signal.SIGINT) -> tuple[int, str]:
        """Ctrl-C; the status, and what was said. No process of the group may survive.

        SIGTERM is sent to the command alone, which has to end what it started.
        """
        if number == signal.SIGTERM:
            self.process.terminate()
        else:
            os.killpg(self.process.pid, number)
        status = self.process.wait(PATIENCE)
        end = time.monotonic() + 10
        while self.programs() and time.monotonic() < end:
            time.sleep(0.05)
        assert self.programs() == []
        return status, self.log.read_text()


@pytest.fixture
def start(tmp_path) -> Iterator[Callable[..., Running]]:
    (tmp_path / "work").mkdir()
    started: list[Running] = []

    def run(*words: object) -> Running:
        started.append(Running(list(words), tmp_path / "work"))
        return started[-1]

    yield run
    for running in started:
        if running.programs():
            os.killpg(running.process.pid, signal.SIGKILL)
        running.process.wait()


def assert_interrupted(ended: tuple[int, str], folder: Path | None = None) -> None:
    status, said = ended
    assert status == INTERRUPTED, said
    assert "Traceback" not in said
    assert said.splitlines()[-1].startswith("interrupted")
    if folder is not None:
        assert list(folder.rglob("*")) == []


LONG = {
    "model/generate.py": "--network tiny --count 100000 --out x",
    "model/evaluate.py": "{integers} --samples 50000 --out x",
    "model/quantize.py": "--network tiny --finetune 1000000 --out x",
    "model/draw_avatars.py": "--count 60000 --out x",
    "scripts/host.py": "--port model:tiny bench --count 65535",
}
"""Commands that work for minutes."""


@pytest.mark.parametrize("command", LONG)
def test_a_command_at_work_is_interrupted(command, start, tmp_path):
    words = LONG[command].format(integers=integer_file("tiny")).split()
    running = start(ROOT / command, *words)
    running.wait_until(lambda: running.loaded("numpy"))
    time.sleep(6)  # imports take two or three
    assert_interrupted(running.interrupt(), tmp_path / "work")


@pytest.mark.parametrize("command", ["model/train.py", "model/quantize.py", "scripts/synth.py"])
def test_a_command_that_still_imports_is_interrupted(command, start, tmp_path):
    running = start(ROOT / command, *(["ulx3s"] if "synth" in command else []))
    running.wait_until(lambda: running.loaded("numpy"))
    assert_interrupted(running.interrupt(), tmp_path / "work")


@pytest.mark.parametrize(
    ("simulator", "stage"),
    [
        ("verilator", ("cc1plus",)),
        ("verilator", ("sim_harness",)),
        ("icarus", ("ivl", "vvp")),
    ],
    ids=["verilator builds", "verilator simulates", "icarus"],
)
def test_a_simulation_is_interrupted(simulator, stage, start, tmp_path):
    if problem := missing(simulator):
        pytest.skip(problem)  # one simulator is enough to use the project
    words = ["--network", "tiny", "--simulator", simulator, "--avatars", 5000, "--out", "x"]
    if stage == ("cc1plus",):
        (tmp_path / "fold.json").write_text(json.dumps(FOLDING))
        words += ["--folding", tmp_path / "fold.json"]
    running = start(ROOT / "scripts" / "simulate.py", *words)
    running.wait_until(lambda: set(stage) & set(running.programs()))
    time.sleep(0.3)
    assert_interrupted(running.interrupt(), tmp_path / "work")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("stage", ["yosys", "nextpnr"])
def test_a_flow_is_interrupted_whose_tools_hear_nothing(stage, number, start, tmp_path):
    folder = ROOT / "build" / "tests" / f"interrupted-{stage}-{number}-{os.getpid()}"
    folder.mkdir(parents=True)
    fake, flow = tmp_path / "deaf", tmp_path / "flow.py"
    fake.write_text(DEAF)
    fake.chmod(0o755)
    flow.write_text(FAKE_FLOW)
    try:
        running = start(flow, stage, fake, folder)
        running.wait_until((tmp_path / "began").exists)
        time.sleep(0.5)
        assert_interrupted(running.interrupt(number), tmp_path / "work")
        assert not list(folder.rglob("*.bit")) and not list(folder.rglob("done.json"))
    finally:
        shutil.rmtree(folder)


def test_a_host_that_waits_for_its_board_is_interrupted(start, tmp_path):
    near, far = pty.openpty()
    try:
        words = ["--port", os.ttyname(far), "--timeout", "3600", "generate", "--out", "x.png"]
        running = start(ROOT / "scripts" / "host.py", *words)
        assert os.read(near, 1)  # it has asked
        assert_interrupted(running.interrupt(), tmp_path / "work")
    finally:
        os.close(near)
        os.close(far)


def test_the_whole_way_lets_its_training_save_and_goes_on(start, tmp_path):
    data, run = tmp_path / "sprites", tmp_path / "out" / "run"
    data.mkdir()
    for i in range(16):  # that differ in a colour: their attributes are found at once
        pixels = np.zeros((32, 32, 3), np.uint8)
        pixels[8:24, 8:24] = (255 - 8 * i, 8 * i, 128)
        Image.fromarray(pixels).save(data / f"{i}.png")
    words = ["--data", data, "--out", tmp_path / "out", "--network", "tiny"]
    running = start(ROOT / "scripts" / "avatars.py", *words, "--iterations", "100000")
    log = run / "log.jsonl"
    running.wait_until(lambda: log.exists() and log.stat().st_size)
    status, said = running.interrupt()
    assert status == INTERRUPTED, said
    assert "Traceback" not in said and "the same command goes on" in said
    assert (run / "state.pt").is_file() and (run / "checkpoint.safetensors").is_file()
    assert not list((tmp_path / "out").rglob("*.tmp"))
    steps = json.loads((tmp_path / "out" / "steps.json").read_text())
    assert list(steps["train"]) == ["started"]
