// SPDX-License-Identifier: Apache-2.0
//
// arith_requantize -- bring a wide accumulator back to a few bits.
//
//   y = saturate(floor(acc / 2^Shift + 1/2))            ties round towards +infinity
//
//   Relu = 1   y in [0, 2^OutWidth - 1]: saturating at zero from below is the ReLU
//   Relu = 0   y in [-2^(OutWidth-1), 2^(OutWidth-1) - 1], sent as y + 2^(OutWidth-1): a table index
//
// Format   acc_i  signed, AccWidth bits, f fractional     out_o  unsigned, OutWidth, f - Shift
// Latency  0 (combinational)
// Golden   model/dcgan/quant/fixed_point.py: requantise_relu(), tanh_index()
// Test     tb/arith_requantize
module arith_requantize #(
  parameter int AccWidth = 24,
  parameter int OutWidth = 8,
  parameter int Shift    = 7,
  parameter bit Relu     = 1'b1
) (
  input  logic signed [AccWidth-1:0] acc_i,
  output logic        [OutWidth-1:0] out_o
);

  // One guard bit: adding one half and the offset to the largest accumulator must not wrap.
  localparam int OffsetWidth = OutWidth + Shift;
  localparam int SumWidth = ((AccWidth > OffsetWidth) ? AccWidth : OffsetWidth) + 1;
  localparam int WholeWidth = SumWidth - Shift;
  localparam logic signed [SumWidth-1:0] Half = SumWidth'(1) <<< (Shift - 1);
  localparam logic signed [SumWidth-1:0] Offset = Relu ? '0 : SumWidth'(1) <<< (OffsetWidth - 1);
  localparam logic signed [SumWidth-1:0] Addend = Half + Offset;

  logic signed [SumWidth-1:0] sum;
  logic [WholeWidth-1:0] whole;
  logic negative, above;

  // The offset moves [-2^(OutWidth-1), 2^(OutWidth-1)) onto [0, 2^OutWidth): one clamp serves both, and
  // one adder does everything; what it leaves to look at are bits.
  assign sum      = SumWidth'(acc_i) + Addend;
  assign whole    = WholeWidth'(sum >>> Shift);
  assign negative = sum[SumWidth-1];
  assign above    = whole[WholeWidth-1:OutWidth] != '0;
  assign out_o    = negative ? '0 : above ? '1 : whole[OutWidth-1:0];

`ifndef SYNTHESIS
  initial begin
    if (Shift < 1) $fatal(1, "%m: Shift=%0d, must be at least 1", Shift);
    if (OutWidth + 1 >= AccWidth)
      $fatal(1, "%m: OutWidth=%0d leaves no room in AccWidth=%0d", OutWidth, AccWidth);
  end
`endif

endmodule : arith_requantize
