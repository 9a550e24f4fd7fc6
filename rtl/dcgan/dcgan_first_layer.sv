// SPDX-License-Identifier: Apache-2.0
//
// dcgan_first_layer -- layer 1: latent to a 4x4 map, three planes, requantised with ReLU.
//
//   SharePlanes = 1   one vector z in,            dcgan_plane_share makes the three planes
//   SharePlanes = 0   z, z + v1, z + v2 in turn,  each multiplied
//
// Both send the same numbers in the same order.
// Format     in: signed LatentWidth + 1; out: activations, tagged with row + 1, col + 1, channel
// Golden     model/dcgan/quant/golden.py: GoldenGenerator.run_planes() -- act1
// Test       tb/dcgan_first_layer
module dcgan_first_layer #(
  parameter      WeightFile   = "",
  parameter      BiasFile     = "",
  parameter      OffsetFile   = "",
  localparam int Channels     = dcgan_shape_pkg::channels(1),
  localparam int Side         = dcgan_shape_pkg::side(1),
  localparam int VecWidth     = dcgan_shape_pkg::LatentWidth + 1,
  localparam int ActWidth     = dcgan_shape_pkg::ActWidth,
  localparam int PosWidth     = $clog2(Side + 1),
  localparam int ChannelWidth = (Channels > 1) ? $clog2(Channels) : 1
) (
  input logic clk_i,
  input logic rst_ni,

  input  logic                       in_valid_i,
  output logic                       in_ready_o,
  input  logic signed [VecWidth-1:0] in_data_i,
  input  logic                       in_last_i,

  output logic                    out_valid_o,
  input  logic                    out_ready_i,
  output logic [    ActWidth-1:0] out_data_o,
  output logic [    PosWidth-1:0] out_row_o,
  output logic [    PosWidth-1:0] out_col_o,
  output logic [ChannelWidth-1:0] out_channel_o,

  output logic active_o
);

  localparam int AccWidth = dcgan_shape_pkg::acc_width(1);
  localparam int TagWidth = 2 * PosWidth + ChannelWidth;

  logic acc_valid, acc_ready, plane_valid, plane_ready;
  logic [AccWidth-1:0] acc, plane_acc;
  logic [TagWidth-1:0] acc_tag, plane_tag;
  logic [ActWidth-1:0] act;

  convt_project #(
    .Length     (dcgan_shape_pkg::channels(0)),
    .OutChannels(Channels),
    .Couts      (dcgan_shape_pkg::couts(1)),
    .VecWidth   (VecWidth),
    .WeightWidth(dcgan_shape_pkg::weight_width(1)),
    .AccWidth   (AccWidth),
    .Packing    (dcgan_shape_pkg::Packing),
    .WeightFile (WeightFile),
    .BiasFile   (BiasFile)
  ) u_project (
    .clk_i,
    .rst_ni,
    .in_valid_i,
    .in_ready_o,
    .in_data_i,
    .in_last_i,
    .out_valid_o  (acc_valid),
    .out_ready_i  (acc_ready),
    .out_data_o   (acc),
    .out_row_o    (acc_tag[TagWidth-1-:PosWidth]),
    .out_col_o    (acc_tag[ChannelWidth+:PosWidth]),
    .out_channel_o(acc_tag[ChannelWidth-1:0]),
    .active_o
  );

  if (dcgan_shape_pkg::SharePlanes != 0) begin : gen_share
    logic unused;
    assign unused = ^acc_tag;  // dcgan_plane_share counts the same positions three times

    dcgan_plane_share #(
      .Channels  (Channels),
      .Side      (Side),
      .AccWidth  (AccWidth),
      .OffsetFile(OffsetFile)
    ) u_share (
      .clk_i,
      .rst_ni,
      .in_valid_i   (acc_valid),
      .in_ready_o   (acc_ready),
      .in_data_i    (acc),
      .out_valid_o  (plane_valid),
      .out_ready_i  (plane_ready),
      .out_data_o   (plane_acc),
      .out_row_o    (plane_tag[TagWidth-1-:PosWidth]),
      .out_col_o    (plane_tag[ChannelWidth+:PosWidth]),
      .out_channel_o(plane_tag[ChannelWidth-1:0])
    );
  end else begin : gen_plain
    assign plane_valid = acc_valid;
    assign acc_ready   = plane_ready;
    assign plane_acc   = acc;
    assign plane_tag   = acc_tag;
  end

  arith_requantize #(
    .AccWidth(AccWidth),
    .OutWidth(ActWidth),
    .Shift   (dcgan_shape_pkg::shift(1)),
    .Relu    (1'b1)
  ) u_requantize (
    .acc_i(plane_acc),
    .out_o(act)
  );

  stream_skid #(
    .Width(ActWidth + TagWidth)
  ) u_out (
    .clk_i,
    .rst_ni,
    .in_valid_i(plane_valid),
    .in_ready_o(plane_ready),
    .in_data_i ({act, plane_tag}),
    .out_valid_o,
    .out_ready_i,
    .out_data_o({out_data_o, out_row_o, out_col_o, out_channel_o})
  );

endmodule : dcgan_first_layer
