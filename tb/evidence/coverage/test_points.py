# SPDX-License-Identifier: Apache-2.0
"""States and situations are counted where they happen, and told apart from those that never do."""

from __future__ import annotations

from pathlib import Path

import pytest

from tb.evidence.coverage.campaign import count
from tb.evidence.coverage.counts import CoverageError, merged
from tb.evidence.coverage.page import hits, wanted_points, wanted_states
from tb.evidence.coverage.points import Watch, pairs, properties, states, watched, watches
from tb.evidence.files import module_file
from tb.lib.tools import ROOT

MACHINE = """
module a_b (input logic clk_i, input logic rst_ni);
  typedef enum logic [1:0] {
    Idle,  // nothing, to do
    Run = 2'd2
  } state_e;
  state_e state_q, next_q;
endmodule
"""
TEST = """
import cocotb
from cocotb.triggers import ClockCycles
from tb.lib.build import run_cocotb
from tb.lib.stream import start

@cocotb.test()
async def a_line_that_idles(dut):
    dut.rx_i.value = 1
    await start(dut)
    await ClockCycles(dut.clk_i, 50)

def test_idle():
    sources = ["rtl/mem/mem_constant.sv", "rtl/uart/uart_rx.sv"]
    run_cocotb("uart_rx", __file__, "verilator", sources=sources)
"""


def test_every_register_of_an_enum_type_is_found():
    assert states(MACHINE) == {"state_q": ["Idle", "Run"], "next_q": ["Idle", "Run"]}
    found = {module for module, _ in wanted_states()}
    enums = {
        path.stem for path in (ROOT / "rtl").rglob("*.sv") if "typedef enum" in path.read_text()
    }
    assert found == enums


def test_every_state_and_change_and_situation_becomes_a_property():
    lines = properties(MACHINE, Watch(points={"in_time": "1", "late": "!rst_ni && 1"}))
    text = "\n".join(lines)
    for name in ("state__state_q__Run", "step__next_q__Run__Idle", "point__in_time"):
        assert f"{name}: cover property" in text
    assert "(rst_ni && (1))" in text and "(!rst_ni && 1)" in text
    resetless = properties(
        "module a_b (input logic clk_i, input logic a_i);", Watch(points={"high": "a_i"})
    )
    assert resetless == ["point__high: cover property (@(posedge clk_i) (1'b1 && (a_i)));"]
    clockless = properties("module a_b (input logic a_i);", Watch(points={"high": "a_i"}))
    assert clockless == ["always_comb point__high: cover (a_i);"]


def test_the_lines_of_the_source_keep_their_places():
    path = module_file("uart_rx")
    text = watched("uart_rx", Watch(points={"x": "1"})).splitlines()
    source = path.read_text(encoding="utf-8").splitlines()
    assert text[0] == f'`line 1 "{path}" 0' and text[1 : len(source)] == source[:-1]
    assert text[-2:] == [f'`line {len(source)} "{path}" 0', source[-1]]


def points_file(folder: Path, text: str) -> Path:
    """A file of situations."""
    path = folder / "points.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[uart_rxx]\nx = '1'", "no module uart_rxx"),
        ("[uart_rx]\nX = '1'", "a name and an expression"),
        ("[uart_rx]\nx = 1", "a name and an expression"),
        ("[stream_skid]\nstalls = true\nnever = ['both']", "no such pair of stalls: both"),
        ("[stream_skid]\nstalls = true\nnever = 'x'", "no such pair of stalls: x"),
    ],
)
def test_a_broken_file_of_situations_is_refused(tmp_path, text, reason):
    with pytest.raises((CoverageError, ValueError), match=reason):
        watches(points_file(tmp_path, text))


def test_situations_are_there_for_what_must_be_met():
    names = wanted_points()
    assert {name for module, name in names if module == "stream_skid"} >= set(
        pairs(["source_waits_sink_offers_nothing"])
    )
    refusals = [name for module, name in names if module == "board_control" and "refusal_" in name]
    assert len(refusals) == 6
    assert len(pairs([])) == 9 and sum("reset" in name for _, name in names) >= 20


def test_what_happens_is_counted_and_what_never_does_is_not(tmp_path):
    folder = tmp_path / "tests"
    folder.mkdir()
    (folder / "test_idle.py").write_text(TEST, encoding="utf-8")
    watch = Watch(
        points={"rests": "state_q == Idle", "never": "state_q == Idle && look && error_o"}
    )
    counts = merged([count("uart_rx", watch, folder, tmp_path / "data")])
    assert hits(counts, "point")["uart_rx", "rests"] >= 40
    assert hits(counts, "point")["uart_rx", "never"] == 0
    assert hits(counts, "state")["uart_rx", "state_q__Idle"] >= 40
    assert hits(counts, "state")["uart_rx", "state_q__Receive"] == 0
    steps = {name for (_, name), n in hits(counts, "step").items() if n}
    assert steps == {"state_q__Recover__Idle"}
    assert {point.kind for point in counts} >= {"line", "branch", "expr", "toggle"}
    last = len(module_file("uart_rx").read_text(encoding="utf-8").splitlines())
    assert all(point.line <= last for point in counts), "a point of a line that is not there"
