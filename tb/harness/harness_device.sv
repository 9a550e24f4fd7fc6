// SPDX-License-Identifier: Apache-2.0
//
// harness_device -- shows what reached it: a ROM file, a number, a macro; and crashes on request.

`default_nettype none

`ifndef HARNESS_MACRO
`define HARNESS_MACRO 0
`endif

module harness_device #(
  parameter     File   = "",
  parameter int Number = 0
) (
  input logic clk_i,
  input logic crash_i,

  output logic [7:0] rom_o,
  output logic [7:0] number_o,
  output logic [7:0] macro_o
);
  logic [7:0] rom[1];

  initial if (File != "") $readmemh(File, rom);

  assign rom_o    = rom[0];
  assign number_o = 8'(Number);
  assign macro_o  = 8'(`HARNESS_MACRO);

  always_ff @(posedge clk_i) begin
    if (crash_i) begin
      $display("%c, which is no UTF-8", 8'hFF);
      $fatal(1, "%m: crashed on request");
    end
  end
endmodule

`default_nettype wire
