// SPDX-License-Identifier: Apache-2.0
//
// dcgan_first_layer -- layer 1: latent to a 4x4 map, three planes, requantised with ReLU.
//
//   vector --> convt_project --> requantise --> out        plane R, then G, then B
//
// Format     in: LatentSize elements of LatentWidth; out: activations of beat(1) channels, tagged with
//            row + 1, col + 1, channel
// Golden     model/dcgan/quant/golden.py: GoldenGenerator.run_planes() -- act1
// Test       tb/dcgan_first_layer
module dcgan_first_layer #(
  parameter      WeightFile   = "",
  parameter      OffsetFile   = "",
  localparam int Length       = dcgan_shape_pkg::channels(0),
  localparam int Channels     = dcgan_shape_pkg::channels(1),
  localparam int Side         = dcgan_shape_pkg::side(1),
  localparam int Bits         = dcgan_shape_pkg::LatentWidth,
  localparam int ShiftWidth   = dcgan_shape_pkg::ShiftWidth,
  localparam int ActWidth     = dcgan_shape_pkg::ActWidth,
  localparam int Beat         = dcgan_shape_pkg::beat(1),
  localparam int PosWidth     = $clog2(Side + 1),
  localparam int ChannelWidth = (Channels > 1) ? $clog2(Channels) : 1
) (
  input logic clk_i,
  input logic rst_ni,

  input logic                  binary_i,  // see dcgan_parameters
  input logic [ShiftWidth-1:0] shift_i,

  input  logic [                   1:0] load_valid_i,  // see convt_project
  input  logic [mem_pkg::LoadWidth-1:0] load_i,
  output logic [                   1:0] odd_o,

  input  logic                        vector_valid_i,
  output logic                        vector_ready_o,
  input  logic [Length-1:0][Bits-1:0] vector_data_i,

  output logic                                  out_valid_o,
  input  logic                                  out_ready_i,
  output logic [        Beat-1:0][ActWidth-1:0] out_data_o,
  output logic [    PosWidth-1:0]               out_row_o,
  output logic [    PosWidth-1:0]               out_col_o,
  output logic [ChannelWidth-1:0]               out_channel_o,

  output logic active_o
);

  localparam int AccWidth = dcgan_shape_pkg::acc_width(1);
  localparam int TagWidth = 2 * PosWidth + ChannelWidth;

  logic sum_valid, sum_ready;
  logic [Beat-1:0][AccWidth-1:0] sum;
  logic [TagWidth-1:0] sum_tag;

  convt_project #(
    .Length     (Length),
    .OutChannels(Channels),
    .Couts      (dcgan_shape_pkg::couts(1)),
    .Elements   (dcgan_shape_pkg::Elements),
    .Bits       (Bits),
    .Digit      (dcgan_shape_pkg::DigitBits),
    .BinaryUnit (dcgan_shape_pkg::BinaryUnit),
    .Beat       (Beat),
    .WeightWidth(dcgan_shape_pkg::weight_width(1)),
    .AccWidth   (AccWidth),
    .WeightFile (WeightFile),
    .OffsetFile (OffsetFile)
  ) u_project (
    .clk_i,
    .rst_ni,
    .binary_i,
    .load_valid_i,
    .load_i,
    .odd_o,
    .vector_valid_i,
    .vector_ready_o,
    .vector_data_i,
    .out_valid_o  (sum_valid),
    .out_ready_i  (sum_ready),
    .out_data_o   (sum),
    .out_row_o    (sum_tag[TagWidth-1-:PosWidth]),
    .out_col_o    (sum_tag[ChannelWidth+:PosWidth]),
    .out_channel_o(sum_tag[ChannelWidth-1:0]),
    .active_o
  );

  dcgan_requantize #(
    .Values    (Beat),
    .AccWidth  (AccWidth),
    .OutWidth  (ActWidth),
    .ShiftWidth(ShiftWidth),
    .TagWidth  (TagWidth)
  ) u_requantize (
    .clk_i,
    .rst_ni,
    .shift_i,
    .in_valid_i(sum_valid),
    .in_ready_o(sum_ready),
    .in_data_i (sum),
    .in_tag_i  (sum_tag),
    .out_valid_o,
    .out_ready_i,
    .out_data_o,
    .out_tag_o ({out_row_o, out_col_o, out_channel_o})
  );

endmodule : dcgan_first_layer
