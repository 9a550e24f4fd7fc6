// SPDX-License-Identifier: Apache-2.0
//
// Ports and parameters of the ECP5 primitives that the board files name, for the front end only.

(* blackbox *)
module ODDRX1F (
  input  logic SCLK,
  input  logic RST,
  input  logic D0,
  input  logic D1,
  output logic Q
);
endmodule

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
endmodule

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
endmodule
