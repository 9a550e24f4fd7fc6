// SPDX-License-Identifier: Apache-2.0
//
// arith_requantize_formal -- equal to its plain form for every accumulator and every shift.
//
// The plain form is the equation of the header in 64-bit integers: floor, clamp. No operand of these
// widths overflows there.
//
// Sources  rtl/arith/arith_requantize.sv
// Proof    induction 1
// Reach    1
// Cases    AccWidth=24 OutWidth=8, AccWidth=24 OutWidth=11, AccWidth=25 OutWidth=8, AccWidth=12 OutWidth=8
`include "formal.svh"

module arith_requantize_formal #(
  parameter int AccWidth   = 24,
  parameter int OutWidth   = 8,
  parameter int ShiftWidth = 4
) (
  input logic signed [  AccWidth-1:0] acc_i,
  input logic        [ShiftWidth-1:0] shift_i
);

  localparam longint High = (64'sd1 <<< OutWidth) - 1;

  logic [OutWidth-1:0] out;
  longint floored, plain;

  arith_requantize #(
    .AccWidth  (AccWidth),
    .OutWidth  (OutWidth),
    .ShiftWidth(ShiftWidth)
  ) dut (
    .acc_i,
    .shift_i,
    .out_o(out)
  );

  assign floored = 64'(acc_i) >>> shift_i;
  assign plain   = (floored < 0) ? 0 : (floored > High) ? High : floored;

  always_comb begin
    // bug: $unsigned(acc_i) >> shift_i ==> $unsigned(acc_i) >> (shift_i ^ 4'd1)
    `PROVE(InsideIsFloored, floored >= 0 && floored <= High, 64'(out) == floored)
    // bug: negative ? '0 ==> negative ? OutWidth'(1)
    `PROVE(BelowIsLowest, floored < 0, out == '0)
    // bug: above ? '1 : ==> above ? '0 :
    `PROVE(AboveIsHighest, floored > High, out == '1)
    // bug: ({AccWidth{1'b1}} << OutWidth) << shift_i ==> ({AccWidth{1'b1}} << (OutWidth + 1)) << shift_i
    `PROVE(EqualsPlainForm, 1'b1, 64'(out) == plain)
  end

endmodule : arith_requantize_formal
