// SPDX-License-Identifier: Apache-2.0
//
// arith_requantize_formal -- equal to its plain form for every accumulator and every shift.
//
// The plain form is the equation of the header in 64-bit integers: floor, clamp. No operand of these
// widths overflows there.
//
// Sources  rtl/arith/arith_requantize.sv
// Proof    induction 1
// Reach    3
// Cases    AccWidth=24 OutWidth=8, AccWidth=24 OutWidth=11, AccWidth=25 OutWidth=8, AccWidth=12 OutWidth=8
`include "formal.svh"

module arith_requantize_formal #(
  parameter int AccWidth   = 24,
  parameter int OutWidth   = 8,
  parameter int ShiftWidth = 4
) (
  input logic                         clk_i,
  input logic                         rst_ni,
  input logic                         en_i,
  input logic signed [  AccWidth-1:0] acc_i,
  input logic        [ShiftWidth-1:0] shift_i
);

  localparam longint High = (64'sd1 <<< OutWidth) - 1;

  logic [OutWidth-1:0] out, out_q;
  logic en_q;
  longint floored_q, plain;

  `FORMAL_RESET(clk_i, rst_ni)

  arith_requantize #(
    .AccWidth  (AccWidth),
    .OutWidth  (OutWidth),
    .ShiftWidth(ShiftWidth)
  ) dut (
    .clk_i,
    .en_i,
    .acc_i,
    .shift_i,
    .out_o(out)
  );

  assign plain = (floored_q < 0) ? 0 : (floored_q > High) ? High : floored_q;

  always_ff @(posedge clk_i) begin
    en_q  <= en_i;
    out_q <= out;
    if (en_i) floored_q <= 64'(acc_i) >>> shift_i;
  end

  always_comb begin
    // bug: acc_i >>> shift_i; ==> acc_i >>> (shift_i ^ 4'd1);
    `PROVE(InsideIsFloored, past_q && en_q && floored_q >= 0 && floored_q <= High, 64'(out) == floored_q)
    // bug: negative ? '0 ==> negative ? OutWidth'(1)
    `PROVE(BelowIsLowest, past_q && en_q && floored_q < 0, out == '0)
    // bug: above ? '1 : ==> above ? '0 :
    `PROVE(AboveIsHighest, past_q && en_q && floored_q > High, out == '1)
    // bug: shifted_q[AccWidth-2:OutWidth] != '0 ==> shifted_q[AccWidth-2:OutWidth+1] != '0
    `PROVE(EqualsPlainForm, past_q && en_q, 64'(out) == plain)
    // bug: if (en_i) shifted_q ==> shifted_q
    `PROVE(HeldWhileNotEnabled, past_q && !en_q, out == out_q)
  end

endmodule : arith_requantize_formal
