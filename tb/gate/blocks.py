# SPDX-License-Identifier: Apache-2.0
"""Behavioural models of the ECP5 blocks that Yosys leaves black: MULT18X18D and DP16KD.

Written as text because both have their buses as single pins (A0, A1, ...). They model what the flow
of scripts/synth_flow uses: the input and output registers of the multiplier on clock 0, and block
RAMs with or without output register, true dual port (1 to 18 bits) and pseudo dual port (36 bits:
port A writes, port B reads, the word on the pins of both).
"""

from __future__ import annotations

from pathlib import Path

from synth_flow.gate import cell_models

# Warnings about netlists and cell models that are no faults of ours.
LOOSE = ("-Wno-lint", "-Wno-style", "-Wno-fatal", "-Wno-MULTIDRIVEN", "--no-assert")
INIT_ROWS = 64
RAM_WORDS = 1024


def pins(name: str, width: int) -> str:
    """`A17, A16, ..., A0`."""
    return ", ".join(f"{name}{bit}" for bit in reversed(range(width)))


def multiplier() -> str:
    """MULT18X18D: signed or unsigned 18 x 18, registers REG_INPUTA/B and REG_OUTPUT on CLK0."""
    controls = [f"{kind}{i}" for kind in ("CLK", "CE", "RST") for i in range(4)]
    return f"""
module MULT18X18D (
  input {pins("A", 18)}, {pins("B", 18)}, {pins("C", 18)},
  input SIGNEDA, SIGNEDB, SOURCEA, SOURCEB, {", ".join(controls)},
  output {pins("P", 36)}, output SIGNEDP
);
  parameter REG_INPUTA_CLK = "NONE", REG_INPUTB_CLK = "NONE", REG_OUTPUT_CLK = "NONE";
  wire signed [18:0] a = {{SIGNEDA & A17, {pins("A", 18)}}};
  wire signed [18:0] b = {{SIGNEDB & B17, {pins("B", 18)}}};
  reg signed [18:0] a_q, b_q;
  reg [35:0] p_q;
  wire signed [18:0] left = REG_INPUTA_CLK == "CLK0" ? a_q : a;
  wire signed [18:0] right = REG_INPUTB_CLK == "CLK0" ? b_q : b;
  wire signed [37:0] product = left * right;
  always @(posedge CLK0) if (CE0) begin
    a_q <= a;
    b_q <= b;
    p_q <= product[35:0];
  end
  assign {{{pins("P", 36)}}} = REG_OUTPUT_CLK == "CLK0" ? p_q : product[35:0];
  assign SIGNEDP = SIGNEDA | SIGNEDB;
endmodule
"""


def ram() -> str:
    """DP16KD: 1024 words of 18 bits, each port with its own width, NORMAL write mode."""
    ports = ", ".join(
        f"input {pins('DI' + s, 18)}, input {pins('AD' + s, 14)}, "
        f"input CE{s}, OCE{s}, CLK{s}, WE{s}, RST{s}, CS{s}2, CS{s}1, CS{s}0, "
        f"output {pins('DO' + s, 18)}"
        for s in "AB"
    )
    sides = ", ".join(
        f'DATA_WIDTH_{s} = 18, REGMODE_{s} = "NOREG", CSDECODE_{s} = "0b000", '
        f'WRITEMODE_{s} = "NORMAL", CLK{s}MUX = "CLK{s}"'
        for s in "AB"
    )
    rows = "\n".join(f"  parameter [319:0] INITVAL_{i:02X} = 320'h0;" for i in range(INIT_ROWS))
    joined = ", ".join(f"INITVAL_{i:02X}" for i in reversed(range(INIT_ROWS)))
    return f"""
module DP16KD ({ports});
  parameter {sides};
  parameter RESETMODE = "SYNC", ASYNC_RESET_RELEASE = "SYNC", GSR = "AUTO";
{rows}
  wire [320*{INIT_ROWS}-1:0] init = {{{joined}}};
  reg [17:0] mem [0:{RAM_WORDS - 1}];
  integer i;
  initial for (i = 0; i < {RAM_WORDS}; i = i + 1) mem[i] = init[(i/16)*320 + (i%16)*20 +: 18];
  localparam WIDE = DATA_WIDTH_A == 36 || DATA_WIDTH_B == 36;
{port("A")}{port("B")}
endmodule
"""


def port(s: str) -> str:
    """One port of the RAM. Port A of a wide RAM writes two words; its data pins belong to B."""
    outputs = f"""
  assign {{{pins("DO" + s, 18)}}} = out{s};
  wire [17:0] out{s} = WIDE ? (REGMODE_B == "OUTREG" ? second{s} : first{s})
                            : (REGMODE_{s} == "OUTREG" ? second{s} : first{s});"""
    write = f"""
      case (DATA_WIDTH_{s})
        36: begin
          if (ad{s}[0]) mem[{{ad{s}[13:5], 1'b0}}][8:0] <= {{{pins("DIA", 9)}}};
          if (ad{s}[1]) mem[{{ad{s}[13:5], 1'b0}}][17:9] <= diA[17:9];
          if (ad{s}[2]) mem[{{ad{s}[13:5], 1'b1}}][8:0] <= diB[8:0];
          if (ad{s}[3]) mem[{{ad{s}[13:5], 1'b1}}][17:9] <= diB[17:9];
        end
        18: begin
          if (ad{s}[0]) mem[ad{s}[13:4]][8:0] <= di{s}[8:0];
          if (ad{s}[1]) mem[ad{s}[13:4]][17:9] <= di{s}[17:9];
        end
        9: if (ad{s}[3]) mem[ad{s}[13:4]][17:9] <= di{s}[8:0];
           else mem[ad{s}[13:4]][8:0] <= di{s}[8:0];
        4: mem[ad{s}[13:4]][(ad{s}[3] ? 9 : 0) + 4 * ad{s}[2] +: 4] <= di{s}[3:0];
        2: mem[ad{s}[13:4]][(ad{s}[3] ? 9 : 0) + 2 * ad{s}[2:1] +: 2] <= di{s}[1:0];
        default: mem[ad{s}[13:4]][(ad{s}[3] ? 9 : 0) + ad{s}[2:0]] <= di{s}[0];
      endcase"""
    # Of a wide word the low half is on the A pins, the high half on the B pins.
    half = "1'b0" if s == "A" else "1'b1"
    return f"""
  wire [13:0] ad{s} = {{{pins("AD" + s, 14)}}};
  wire [17:0] di{s} = {{{pins("DI" + s, 18)}}};
  wire on{s} = CE{s} && !(CS{s}0 | CS{s}1 | CS{s}2);
  wire [17:0] word{s} = mem[ad{s}[13:4]];
  wire [8:0] byte{s} = ad{s}[3] ? word{s}[17:9] : word{s}[8:0];
  wire [17:0] narrow{s} = DATA_WIDTH_{s} == 18 ? word{s} : DATA_WIDTH_{s} == 9 ? byte{s}
      : DATA_WIDTH_{s} == 4 ? (byte{s} >> 4 * ad{s}[2]) & 15
      : DATA_WIDTH_{s} == 2 ? (byte{s} >> 2 * ad{s}[2:1]) & 3 : (byte{s} >> ad{s}[2:0]) & 1;
  reg [17:0] first{s}, second{s};
  generate
    if (DATA_WIDTH_B == 36) begin
      always @(posedge CLKB) if (onB) first{s} <= mem[{{adB[13:5], {half}}}];
      always @(posedge CLKB) if (OCEB) second{s} <= first{s};
    end else if (WIDE) begin
      always @(posedge CLKB) if (onB) first{s} <= narrowB;
      always @(posedge CLKB) if (OCEB) second{s} <= first{s};
    end else begin
      always @(posedge CLK{s})
        if (RST{s}) first{s} <= 0;
        else if (on{s} && !WE{s}) first{s} <= narrow{s};
      always @(posedge CLK{s})
        if (RST{s}) second{s} <= 0;
        else if (OCE{s}) second{s} <= first{s};
    end
  endgenerate
  always @(posedge CLK{s}) if (on{s} && WE{s}) begin{write}
  end
{outputs}
"""


def models() -> str:
    """Both blocks."""
    return multiplier() + ram()


def with_models(gate: Path) -> list[str | Path]:
    """A netlist and, written beside it, the models of all its cells: sources of a simulation."""
    cells, blocks = gate.with_name("cells.v"), gate.with_name("blocks.v")
    cells.write_text(cell_models())
    blocks.write_text(models())
    return [cells, blocks, gate]
