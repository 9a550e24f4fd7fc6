# SPDX-License-Identifier: Apache-2.0
"""run_cocotb fails when it should, says why, and hands over everything it was given."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path

import pytest

from tb.lib.build import run_cocotb
from tb.lib.network import ROOT

DEVICE = Path(__file__).with_name("harness_device.sv")

PREAMBLE = """
import atexit, json, os, random
from pathlib import Path
import cocotb
from cocotb.triggers import Timer
"""
PASSES = """
@cocotb.test()
async def a_test_that_passes(dut):
    await Timer(1, "ns")
"""
FAILS = """
@cocotb.test()
async def a_test_that_fails(dut):
    assert dut.number_o.value == 77, "not the number wished for"
"""
CRASHES = """
@cocotb.test()
async def a_test_that_never_ends(dut):
    dut.clk_i.value = 0
    dut.crash_i.value = 1
    await Timer(1, "ns")
    dut.clk_i.value = 1
    await Timer(1, "ns")
"""
REPORTS = """
@cocotb.test()
async def what_reached_the_simulation(dut):
    await Timer(1, "ns")
    Path(os.environ["HARNESS_REPORT"]).write_text(json.dumps({
        "numbers": [int(port.value) for port in (dut.rom_o, dut.number_o, dut.macro_o)],
        "plusarg": cocotb.plusargs.get("word"),
        "folder": os.getcwd(),
        "random": random.random(),
        "seeds": [os.environ["SEED"], os.environ["COCOTB_RANDOM_SEED"]],
    }))
"""
BAD = {
    "one_of_two_fails": (PASSES + FAILS, "1 of 2 tests failed\na_test_that_fails: .*wished for"),
    "no_test": ("", "0 cocotb tests ran, expected 1 or more|left no results"),
    "import_error": ("import no_such_module\n" + PASSES, "(?s)left no results.*no_such_module"),
    "syntax_error": ("def broken(:\n", "(?s)left no results.*SyntaxError"),
    "crash": (PASSES + CRASHES, "(?s)a_test_that_never_ends: .*log ends with.*crashed on request"),
    "killed": (PASSES + "    os.kill(os.getpid(), 9)\n", "left no results"),
    "half_a_results_file": (
        PASSES + "    atexit.register(Path(os.environ['COCOTB_RESULTS_FILE']).write_text, '<te')\n",
        "left no results",
    ),
    "status_after_all_passed": (
        PASSES + "    atexit.register(os._exit, 3)\n",
        "every test passed, then status 3",
    ),
}


def run(simulator, folder, text, toplevel="harness_device", device=DEVICE, **options) -> None:
    """Run cocotb tests, written into `folder`, on the device."""
    module = folder / "harness_cases.py"
    module.write_text(PREAMBLE + text)
    run_cocotb(toplevel, module, simulator, sources=[device], **options)


@pytest.fixture
def kept(simulator) -> Path:
    """A folder of the same name every time, because what is in it shapes builds."""
    folder = ROOT / "build" / "harness" / simulator
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.mark.parametrize("name", BAD)
def test_a_bad_run_fails_and_says_why(simulator, name, tmp_path):
    text, message = BAD[name]
    run(simulator, tmp_path, PASSES)  # leaves good results, which must not be taken
    with pytest.raises(AssertionError, match=message):
        run(simulator, tmp_path, text)


def test_too_few_tests_fail(simulator, tmp_path):
    text = PASSES + PASSES.replace("()", "(skip=True)", 1).replace("that_passes", "left_out")
    run(simulator, tmp_path, text)
    with pytest.raises(AssertionError, match="1 cocotb tests ran, expected 2 or more"):
        run(simulator, tmp_path, text, min_tests=2)


def test_an_error_in_the_rtl_fails_with_the_end_of_the_log(simulator, tmp_path, kept):
    broken = kept / "harness_broken.sv"
    broken.write_text(DEVICE.read_text().replace("8'(Number)", ""))
    message = rf"(?s)does not build on {simulator} .*build\.log ends with:.*harness_broken\.sv:\d+"
    with pytest.raises(AssertionError, match=message):
        run(simulator, tmp_path, PASSES, device=broken)


def test_a_second_run_only_simulates(simulator, tmp_path, kept):
    text = DEVICE.read_text().replace("module harness_device", "module harness_again")
    device = kept / "harness_again.sv"
    device.write_text(text)
    run(simulator, tmp_path, PASSES, device=device, toplevel="harness_again")
    pattern = {"verilator": "harness_again", "icarus": "harness_again.vvp"}[simulator]
    (program,) = (ROOT / "build" / "tb" / simulator).glob(f"harness_again-*/{pattern}")
    built = program.stat().st_mtime_ns
    run(simulator, tmp_path, PASSES, device=device, toplevel="harness_again")
    assert program.stat().st_mtime_ns == built
    device.write_text(text.replace("8'(Number)", "8'(Number + 1)"))
    run(simulator, tmp_path, PASSES, device=device, toplevel="harness_again")
    assert program.stat().st_mtime_ns > built


def test_everything_given_arrives(simulator, tmp_path, kept, monkeypatch):
    (kept / "two words.hex").write_text("a5\n")
    monkeypatch.setenv("COCOTB_RANDOM_SEED", "1234")  # SEED is the one that counts
    reports = []
    for seed in ("7", "7", "8"):
        monkeypatch.setenv("SEED", seed)
        run(
            simulator,
            tmp_path,
            REPORTS,
            parameters={"File": str(kept / "two words.hex"), "Number": 42},
            defines={"HARNESS_MACRO": 9},
            plusargs=["+word=plus"],
            environment={"HARNESS_REPORT": str(tmp_path / "report.json")},
            run_folder=tmp_path / "new" / "folder",
        )
        reports.append(json.loads((tmp_path / "report.json").read_text()))
    first, again, other = reports
    assert first["numbers"] == [0xA5, 42, 9]
    assert first["plusarg"] == "plus"
    assert first["folder"] == str(tmp_path / "new" / "folder")
    assert first["seeds"] == ["7", "7"]
    assert first["random"] == again["random"] != other["random"]


def test_waves_are_recorded(simulator, tmp_path, monkeypatch):
    monkeypatch.setenv("WAVES", "1")
    run(simulator, tmp_path, PASSES, run_folder=tmp_path)
    name = {"verilator": "dump.vcd", "icarus": "harness_device.fst"}[simulator]
    assert (tmp_path / name).stat().st_size > 0


def test_pytest_stays_as_it_was(simulator, tmp_path, monkeypatch):
    monkeypatch.setenv("WAVES", "")
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM), dict(os.environ)
    run(simulator, tmp_path, PASSES)
    after = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM), dict(os.environ)
    assert after == before
