# SPDX-License-Identifier: Apache-2.0
"""The proofs can fail: false properties, empty ones and harmless bugs are found and named."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tb.formal.harness import HarnessError, read
from tb.formal.prove import break_it, prove, reach

MODEL = """
// Sources  rtl/board/board_crc32.sv
// Proof    {proof}
// Reach    3
`include "formal.svh"
module {top} (
  input logic clk_i, input logic clear_i, input logic valid_i, input logic [7:0] data_i
);
  logic [31:0] crc_o;
  logic good_o, past_q = 1'b0, clear_q;
  board_crc32 dut (.*);
  always_ff @(posedge clk_i) begin
    past_q <= 1'b1;
    clear_q <= clear_i;
  end
  always_comb begin
    // bug: {bug}
    `PROVE(Claim, {given}, {holds})
  end
endmodule
"""
TRUE = {
    "proof": "induction 1",
    "bug": "32'hFFFF_FFFF ==> 32'h0000_0001",
    "given": "past_q && clear_q",
    "holds": "crc_o == '0",
}


def harness(folder: Path, **changes: str):
    """A harness that is right, but for the changes."""
    top = re.sub(r"\W", "_", folder.name)
    path = folder / f"{top}_formal.sv"
    path.write_text(MODEL.format(**{**TRUE, "top": path.stem, **changes}), encoding="utf-8")
    return read(path)


def test_the_harness_without_a_change_is_proven(tmp_path):
    right = harness(tmp_path)
    assert (prove(right), reach(right), break_it(right)) == ([], [], [])


def test_a_false_property_is_named(tmp_path):
    assert "Claim fails" in prove(harness(tmp_path, holds="crc_o == 32'd1"))[0]


def test_a_bounded_search_finds_a_false_property(tmp_path):
    wrong = harness(tmp_path, proof="bounded 3", holds="!good_o && crc_o != '0")
    assert "Claim fails" in prove(wrong)[0]


def test_a_property_about_nothing_is_named(tmp_path):
    empty = harness(tmp_path, given="past_q && clear_q && crc_o != '0")
    assert prove(empty) == []
    assert "cover of Claim is not reached" in reach(empty)[0]


def test_a_bug_that_changes_nothing_is_named(tmp_path):
    harmless = harness(tmp_path, bug="32'hFFFF_FFFF ==> ~32'd0")
    assert "Claim holds in spite of" in break_it(harmless)[0]


def test_a_bug_without_a_place_is_refused(tmp_path):
    with pytest.raises(HarnessError, match="stands in 0 places"):
        prove(harness(tmp_path, bug="no such text ==> another"))


def test_what_yosys_cannot_read_is_refused(tmp_path):
    with pytest.raises(HarnessError, match="Yosys says"):
        prove(harness(tmp_path, holds="no_such_signal"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("// Proof    induction 1\n// Reach    3\n", "no Sources"),
        ("// Sources  a.sv\n// Proof    by hand\n// Reach    3\n", "Proof must be"),
        (
            "// Sources  a.sv\n// Proof    bounded 1\n// Reach    3\n`PROVE(A, 1, 1)\n",
            "names no bug",
        ),
        ("// Sources  a.sv\n// Proof    bounded 1\n// Reach    3\n", "no property at all"),
    ],
)
def test_a_harness_that_promises_nothing_is_refused(tmp_path, text, message):
    path = tmp_path / "empty_formal.sv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(HarnessError, match=message):
        read(path)
