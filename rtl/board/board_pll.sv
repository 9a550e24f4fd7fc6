// SPDX-License-Identifier: Apache-2.0
//
// board_pll -- clocks of a board from its crystal.
//
//   clk_o[0] = clk_i * Multiply / Divide          VCO = clk_o[0] * Post0, 400 to 800 MHz
//   clk_o[1] = VCO / Post1
//
// With `SYNTHESIS_ECP5` defined this is the PLL of the ECP5 (EHXPLLL), its feedback taken from the
// first output; `ecppll` prints numbers for any pair of clocks.  Otherwise it is its
// stand-in for simulation: both outputs are the crystal, locked after a few cycles.
// Golden  none (wiring)     Test  tb/board_pll
module board_pll #(
  parameter int Divide   = 1,
  parameter int Multiply = 4,
  parameter int Post0    = 6,
  parameter int Post1    = 6
) (
  input  logic       clk_i,
  output logic [1:0] clk_o,
  output logic       locked_o
);

`ifdef SYNTHESIS_ECP5

  (* ICP_CURRENT = "12", LPF_RESISTOR = "8", MFG_ENABLE_FILTEROPAMP = "1", MFG_GMCREF_SEL = "2" *)
  EHXPLLL #(
    .PLLRST_ENA     ("DISABLED"),
    .INTFB_WAKE     ("DISABLED"),
    .STDBY_ENABLE   ("DISABLED"),
    .DPHASE_SOURCE  ("DISABLED"),
    .FEEDBK_PATH    ("CLKOP"),
    .CLKI_DIV       (Divide),
    .CLKFB_DIV      (Multiply),
    .CLKOP_ENABLE   ("ENABLED"),
    .CLKOP_DIV      (Post0),
    .CLKOP_CPHASE   (Post0 - 1),
    .CLKOP_FPHASE   (0),
    .OUTDIVIDER_MUXA("DIVA"),
    .CLKOS_ENABLE   ("ENABLED"),
    .CLKOS_DIV      (Post1),
    .CLKOS_CPHASE   (Post1 - 1),
    .CLKOS_FPHASE   (0),
    .OUTDIVIDER_MUXB("DIVB")
  ) u_pll (
    .RST         (1'b0),
    .STDBY       (1'b0),
    .CLKI        (clk_i),
    .CLKFB       (clk_o[0]),
    .CLKINTFB    (),
    .CLKOP       (clk_o[0]),
    .CLKOS       (clk_o[1]),
    .PHASESEL0   (1'b0),
    .PHASESEL1   (1'b0),
    .PHASEDIR    (1'b1),
    .PHASESTEP   (1'b1),
    .PHASELOADREG(1'b1),
    .PLLWAKESYNC (1'b0),
    .ENCLKOP     (1'b0),
    .ENCLKOS     (1'b0),
    .LOCK        (locked_o)
  );

`else

  localparam int LockCycles = 8;

  logic [3:0] count_q;

  initial count_q = '0;

  always_ff @(posedge clk_i) begin
    if (!locked_o) count_q <= count_q + 4'd1;
  end

  assign clk_o    = {2{clk_i}};
  assign locked_o = count_q == 4'(LockCycles);

`endif

`ifndef SYNTHESIS
  initial begin
    if (Divide < 1 || Multiply < 1 || Post0 < 1 || Post1 < 1)
      $fatal(
          1,
          "%m: Divide=%0d Multiply=%0d Post0=%0d Post1=%0d, must be at least 1",
          Divide,
          Multiply,
          Post0,
          Post1
      );
  end
`endif

endmodule : board_pll
