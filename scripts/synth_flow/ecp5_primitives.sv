// SPDX-License-Identifier: Apache-2.0
//
// Ports and parameters of the ECP5 primitives that the board files name. The front end takes them alone; a simulation
// has what they do as well, so that tests see how they are wired.
// verilator lint_off DECLFILENAME  // a file for all of them

(* blackbox *)
module ODDRX1F (
  input  logic SCLK,
  input  logic RST,
  input  logic D0,
  input  logic D1,
  output logic Q
);
`ifndef SYNTHESIS
  logic high_q, low_q;

  always_ff @(posedge SCLK) begin
    high_q <= D0 && !RST;
    low_q  <= D1 && !RST;
  end

  assign Q = SCLK ? high_q : low_q;
`endif
endmodule

// In simulation both outputs are its clock. It locks where its first output comes back to it and nothing holds it.
// verilator lint_off UNUSEDPARAM  // what it is divided by is read by the test
(* blackbox *)
module EHXPLLL #(
  parameter     PLLRST_ENA      = "DISABLED",
  parameter     INTFB_WAKE      = "DISABLED",
  parameter     STDBY_ENABLE    = "DISABLED",
  parameter     DPHASE_SOURCE   = "DISABLED",
  parameter     FEEDBK_PATH     = "CLKOP",
  parameter int CLKI_DIV        = 1,
  parameter int CLKFB_DIV       = 1,
  parameter     CLKOP_ENABLE    = "ENABLED",
  parameter int CLKOP_DIV       = 8,
  parameter int CLKOP_CPHASE    = 0,
  parameter int CLKOP_FPHASE    = 0,
  parameter     OUTDIVIDER_MUXA = "DIVA",
  parameter     CLKOS_ENABLE    = "DISABLED",
  parameter int CLKOS_DIV       = 8,
  parameter int CLKOS_CPHASE    = 0,
  parameter int CLKOS_FPHASE    = 0,
  parameter     OUTDIVIDER_MUXB = "DIVB"
) (
  input  logic RST,
  input  logic STDBY,
  input  logic CLKI,
  input  logic CLKFB,
  output logic CLKINTFB,
  output logic CLKOP,
  output logic CLKOS,
  input  logic PHASESEL0,
  input  logic PHASESEL1,
  input  logic PHASEDIR,
  input  logic PHASESTEP,
  input  logic PHASELOADREG,
  input  logic PLLWAKESYNC,
  input  logic ENCLKOP,
  input  logic ENCLKOS,
  output logic LOCK
);
`ifndef SYNTHESIS
  assign CLKINTFB = CLKI;
  assign CLKOP    = CLKI;
  assign CLKOS    = CLKI;
  assign LOCK     = CLKFB == CLKI && !RST && !STDBY && PHASESEL0 == PHASESEL1
                    && PHASEDIR && PHASESTEP && PHASELOADREG && !PLLWAKESYNC && !ENCLKOP && !ENCLKOS;
`endif
endmodule
// verilator lint_on UNUSEDPARAM

(* blackbox *)
module LUT4 #(
  parameter logic [15:0] INIT = '0
) (
  input  logic A,
  input  logic B,
  input  logic C,
  input  logic D,
  output logic Z
);
`ifndef SYNTHESIS
  assign Z = INIT[{D, C, B, A}];
`endif
endmodule
