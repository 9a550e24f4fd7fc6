# SPDX-License-Identifier: Apache-2.0
"""What the environment of a user may hold: odd paths, another Verilator, a locked cache, -O."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tb.lib import bridge, tools
from tb.lib.bridge import BuildError
from tb.lib.build import run_cocotb
from tb.lib.network import ROOT

DEVICE = Path(__file__).with_name("harness_device.sv")
CASE = """
import cocotb
from cocotb.triggers import Timer

@cocotb.test()
async def a_test_that_passes(dut):
    await Timer(1, "ns")
"""
ODD = ["my dir", "作品", "naïve", "a#b", "a$b", "a:b", "a%b", "a'b"]


@pytest.fixture
def own_environment():
    """os.environ, put back afterwards; what ccache said before is forgotten."""
    before = dict(os.environ)
    tools.ccache_works.cache_clear()
    yield os.environ
    os.environ.clear()
    os.environ.update(before)
    tools.ccache_works.cache_clear()


@pytest.mark.parametrize("name", ODD)
def test_a_clone_where_no_makefile_works_is_refused_in_one_sentence(name, tmp_path, monkeypatch):
    monkeypatch.setattr(tools, "ROOT", tmp_path / name / "avatar-dcgan")
    with pytest.raises(RuntimeError, match="move the clone to a path of plain letters") as caught:
        tools.prepare_environment()
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ODD)
def test_set_up_refuses_such_a_clone_and_installs_nothing(name, tmp_path):
    clone = tmp_path / name / "avatar-dcgan"
    (clone / "scripts").mkdir(parents=True)
    shutil.copy(ROOT / "scripts" / "setup.sh", clone / "scripts")
    done = subprocess.run(
        ["sh", "scripts/setup.sh"], cwd=clone, capture_output=True, text=True, timeout=20
    )
    assert done.returncode == 1
    assert done.stderr.startswith("error: nothing can be built in ")
    assert done.stderr.count("\n") == 1
    assert sorted(p.name for p in clone.iterdir()) == ["scripts"]


def test_plain_paths_are_taken():
    for place in ("/opt/a.b/avatar-dcgan_2", "/srv/x@y/v1.5+r,3~", str(ROOT)):
        tools.check_place(Path(place))


def test_another_verilator_in_the_environment_is_not_the_one_that_builds(
    simulator, tmp_path, own_environment
):
    fake = tmp_path / "verilator"
    fake.write_text("#!/bin/sh\nexit 77\n")
    fake.chmod(0o755)
    own_environment["PATH"] = os.pathsep.join([str(tmp_path), own_environment["PATH"]])
    own_environment["VERILATOR_ROOT"] = str(tmp_path)
    own_environment["VERILATOR_BIN"] = "no_such_verilator"
    case = tmp_path / "harness_cases.py"
    case.write_text(CASE)
    run_cocotb("harness_device", case, simulator, sources=[DEVICE])
    assert Path(shutil.which("verilator")).parent.parent.name == "verilator"


@pytest.mark.parametrize("writable", [True, False])
def test_ccache_is_used_where_it_can_write(writable, tmp_path, own_environment):
    folder = tmp_path / "cache"
    if not writable:
        (tmp_path / "file").touch()
        folder = tmp_path / "file" / "cache"  # not to be made, not even by root
    fake = tmp_path / "ccache"
    fake.write_text(f"#!/bin/sh\necho '{folder}'\n")
    fake.chmod(0o755)
    own_environment["PATH"] = os.pathsep.join([str(tmp_path), own_environment["PATH"]])
    own_environment["OBJCACHE"] = "ccache"  # as an outer run left it
    tools.prepare_environment()
    assert shutil.which("ccache") == str(fake)
    assert own_environment.get("OBJCACHE") == ("ccache" if writable else None)


@pytest.mark.parametrize("end", [KeyboardInterrupt, BuildError])
def test_a_build_that_ends_early_leaves_nothing_that_looks_built(end, tmp_path, monkeypatch):
    def half(self, command, folder, log):
        Path(self.sim_file).write_text("half of a program")
        raise end

    monkeypatch.setattr(bridge._Logged, "_call", half)
    simulation = bridge._Icarus(
        toplevel="harness_device",
        module="none",
        verilog_sources=[str(DEVICE)],
        sim_build=str(tmp_path),
    )
    simulation.set_env()
    with pytest.raises(end):
        simulation.execute(simulation.build_command())
    assert not list(tmp_path.glob("*.vvp"))


def test_without_ccache_nothing_is_cached(own_environment):
    own_environment.pop("OBJCACHE", None)
    own_environment["PATH"] = ""
    tools.prepare_environment()
    assert "OBJCACHE" not in own_environment


@pytest.mark.parametrize("folder", ["tb/harness", "model/tests/core", "scripts/tests"])
def test_tests_without_assertions_are_refused(folder):
    done = subprocess.run(
        [sys.executable, "-O", "-m", "pytest", "-q", "--collect-only", folder],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert "unset PYTHONOPTIMIZE" in done.stderr + done.stdout
