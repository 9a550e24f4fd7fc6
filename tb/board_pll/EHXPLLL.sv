// SPDX-License-Identifier: Apache-2.0
//
// EHXPLLL -- the pins and dividers of the PLL of the ECP5, for simulation: both outputs are its clock. It locks where
// its first output comes back to it and nothing holds it. Its dividers are read by the test.
// verilator lint_off UNUSEDPARAM
module EHXPLLL #(
  parameter     PLLRST_ENA      = "DISABLED",
  parameter     INTFB_WAKE      = "DISABLED",
  parameter     STDBY_ENABLE    = "DISABLED",
  parameter     DPHASE_SOURCE   = "DISABLED",
  parameter     FEEDBK_PATH     = "",
  parameter int CLKI_DIV        = 0,
  parameter int CLKFB_DIV       = 0,
  parameter     CLKOP_ENABLE    = "DISABLED",
  parameter int CLKOP_DIV       = 0,
  parameter int CLKOP_CPHASE    = 0,
  parameter int CLKOP_FPHASE    = 0,
  parameter     OUTDIVIDER_MUXA = "",
  parameter     CLKOS_ENABLE    = "DISABLED",
  parameter int CLKOS_DIV       = 0,
  parameter int CLKOS_CPHASE    = 0,
  parameter int CLKOS_FPHASE    = 0,
  parameter     OUTDIVIDER_MUXB = ""
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

  assign CLKINTFB = CLKI;
  assign CLKOP = CLKI;
  assign CLKOS = CLKI;
  assign LOCK     = CLKFB == CLKI && !RST && !STDBY && PHASESEL0 == PHASESEL1
                    && PHASEDIR && PHASESTEP && PHASELOADREG && !PLLWAKESYNC && !ENCLKOP && !ENCLKOS;

endmodule : EHXPLLL
// verilator lint_on UNUSEDPARAM
