// SPDX-License-Identifier: Apache-2.0
//
// dcgan_requantize -- the end of every layer: a stream of accumulators requantised, with a register on both sides.
//
//   sums --> skid --> shift | clamp  x Values --> skid --> out        the tag travels beside them
//
// Format     as arith_requantize; shift_i must not change while anything is under way, nor Values cycles before
// Latency    3 cycles     Throughput  1 beat per cycle
// Golden     model/dcgan/quant/fixed_point.py: requantise_relu()     Test  tb/dcgan_requantize
`include "stream_assert.svh"

module dcgan_requantize #(
  parameter int Values     = 4,
  parameter int AccWidth   = 24,
  parameter int OutWidth   = 8,
  parameter int ShiftWidth = 4,
  parameter int TagWidth   = 8
) (
  input logic clk_i,
  input logic rst_ni,

  input logic [ShiftWidth-1:0] shift_i,

  input  logic                              in_valid_i,
  output logic                              in_ready_o,
  input  logic [  Values-1:0][AccWidth-1:0] in_data_i,
  input  logic [TagWidth-1:0]               in_tag_i,

  output logic                              out_valid_o,
  input  logic                              out_ready_i,
  output logic [  Values-1:0][OutWidth-1:0] out_data_o,
  output logic [TagWidth-1:0]               out_tag_o
);

  // The shift goes from value to value, a register each: none of them is read from far away.
  logic [Values-1:0][ShiftWidth-1:0] shift_q;

  always_ff @(posedge clk_i) shift_q <= (Values * ShiftWidth)'({shift_q, shift_i});

  logic acc_valid, acc_ready, shifted_valid_q, shifted_ready;
  logic [Values-1:0][AccWidth-1:0] acc;
  logic [Values-1:0][OutWidth-1:0] act;
  logic [TagWidth-1:0] acc_tag, shifted_tag_q;

  // Sums come out of look-up table memory: a register before the requantiser halves the way.
  stream_skid #(
    .Width(Values * AccWidth + TagWidth)
  ) u_acc (
    .clk_i,
    .rst_ni,
    .in_valid_i,
    .in_ready_o,
    .in_data_i  ({in_data_i, in_tag_i}),
    .out_valid_o(acc_valid),
    .out_ready_i(acc_ready),
    .out_data_o ({acc, acc_tag})
  );

  // ---- a beat waits behind the shifters while the register at the end is full ---------------------
  assign acc_ready = shifted_ready || !shifted_valid_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) shifted_valid_q <= 1'b0;
    else if (acc_ready) shifted_valid_q <= acc_valid;
    if (acc_ready) shifted_tag_q <= acc_tag;
  end

  for (genvar v = 0; v < Values; v++) begin : gen_value
    arith_requantize #(
      .AccWidth  (AccWidth),
      .OutWidth  (OutWidth),
      .ShiftWidth(ShiftWidth)
    ) u_requantize (
      .clk_i,
      .en_i   (acc_ready),
      .acc_i  (acc[v]),
      .shift_i(shift_q[v]),
      .out_o  (act[v])
    );
  end

  stream_skid #(
    .Width(Values * OutWidth + TagWidth)
  ) u_out (
    .clk_i,
    .rst_ni,
    .in_valid_i(shifted_valid_q),
    .in_ready_o(shifted_ready),
    .in_data_i ({act, shifted_tag_q}),
    .out_valid_o,
    .out_ready_i,
    .out_data_o({out_data_o, out_tag_o})
  );

  `ASSERT_STREAM(OutStable, out_valid_o, out_ready_i, {out_data_o, out_tag_o})

endmodule : dcgan_requantize
