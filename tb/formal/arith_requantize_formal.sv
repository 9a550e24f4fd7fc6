// SPDX-License-Identifier: Apache-2.0
//
// arith_requantize_formal -- equal to its plain form for every accumulator.
//
// The plain form is the equation of the header in 64-bit integers: add one half, floor, clamp. No
// operand of these widths overflows there.
//
// Sources  rtl/arith/arith_requantize.sv
// Proof    induction 1
// Reach    1
// Cases    AccWidth=24 OutWidth=8 Shift=7 Relu=1, AccWidth=24 OutWidth=10 Shift=9 Relu=0,
//          AccWidth=12 OutWidth=8 Shift=12 Relu=1, AccWidth=20 OutWidth=8 Shift=1 Relu=0
`include "formal.svh"

module arith_requantize_formal #(
  parameter int AccWidth = 24,
  parameter int OutWidth = 8,
  parameter int Shift    = 7,
  parameter bit Relu     = 1'b1
) (
  input logic signed [AccWidth-1:0] acc_i
);

  localparam longint Low = Relu ? 0 : -(64'sd1 <<< (OutWidth - 1));
  localparam longint High = Low + (64'sd1 <<< OutWidth) - 1;

  logic [OutWidth-1:0] out;
  longint rounded, plain;

  arith_requantize #(
    .AccWidth(AccWidth),
    .OutWidth(OutWidth),
    .Shift   (Shift),
    .Relu    (Relu)
  ) dut (
    .acc_i,
    .out_o(out)
  );

  assign rounded = (64'(acc_i) + (64'sd1 <<< (Shift - 1))) >>> Shift;
  assign plain   = (rounded < Low) ? Low : (rounded > High) ? High : rounded;

  always_comb begin
    // bug: localparam logic signed [SumWidth-1:0] Addend = Half + Offset; ==> localparam logic signed [SumWidth-1:0] Addend = Offset;
    `PROVE(InsideIsRounded, rounded >= Low && rounded <= High, 64'(out) == rounded - Low)
    // bug: negative ? '0 ==> negative ? OutWidth'(1)
    `PROVE(BelowIsLowest, rounded < Low, out == '0)
    // bug: above ? '1 : ==> above ? '0 :
    `PROVE(AboveIsHighest, rounded > High, out == '1)
    // bug: localparam int SumWidth = ((AccWidth > OffsetWidth) ? AccWidth : OffsetWidth) + 1; ==> localparam int SumWidth = (AccWidth > OffsetWidth) ? AccWidth : OffsetWidth;
    `PROVE(EqualsPlainForm, 1'b1, 64'(out) == plain - Low)
  end

endmodule : arith_requantize_formal
