// SPDX-License-Identifier: Apache-2.0
//
// arith_requantize -- bring a wide accumulator back to a few bits, by a shift that is known at run time.
//
//   y = min(max(floor(acc / 2^shift), 0), 2^OutWidth - 1)          acc --> shift --> register --> clamp --> y
//
// The accumulator began at bias + 2^(shift-1), so that the floor rounds, ties towards +infinity; saturating
// at zero from below is the ReLU.  Where y is a table index, it began at 2^(shift+OutWidth-1) more: what is
// signed around 0 then arrives around the middle of the table (model/dcgan/hw/rom_words.py: start_values()).
//
// Format   acc_i  signed, AccWidth bits, f fractional     out_o  unsigned, OutWidth, f - shift
//          shift_i  0 to 2^ShiftWidth - 1
// Latency  1 enabled cycle     Throughput  1 per cycle
// Golden   model/dcgan/quant/fixed_point.py: requantise_relu(), tanh_index()
// Test     tb/arith_requantize
module arith_requantize #(
  parameter int AccWidth   = 24,
  parameter int OutWidth   = 8,
  parameter int ShiftWidth = 4
) (
  input  logic                         clk_i,
  input  logic                         en_i,
  input  logic signed [  AccWidth-1:0] acc_i,
  input  logic        [ShiftWidth-1:0] shift_i,
  output logic        [  OutWidth-1:0] out_o
);

  logic signed [AccWidth-1:0] shifted_q;
  logic negative, above;

  // Shifter and clamp are four look-up tables deep each: a clock of 100 MHz has room for one of them.
  always_ff @(posedge clk_i) begin
    if (en_i) shifted_q <= acc_i >>> shift_i;
  end

  assign negative = shifted_q[AccWidth-1];
  assign above    = shifted_q[AccWidth-2:OutWidth] != '0;
  assign out_o    = negative ? '0 : above ? '1 : shifted_q[OutWidth-1:0];

`ifndef SYNTHESIS
  initial begin
    if (OutWidth + 1 >= AccWidth)
      $fatal(1, "%m: OutWidth=%0d leaves no room in AccWidth=%0d", OutWidth, AccWidth);
  end
`endif

endmodule : arith_requantize
