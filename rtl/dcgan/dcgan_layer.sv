// SPDX-License-Identifier: Apache-2.0
//
// dcgan_layer -- one of the layers 2 to 4: transposed convolution, then requantise.
//
//   layers 2, 3   activation = ReLU(requantise(acc))                      ActWidth bits
//   layer 4       index      = requantise(acc), signed, for the tanh table TanhIndexWidth bits
//
// Everything about the layer is looked up in dcgan_shape_pkg by its number; biases and shift come at run time.
// Format     in and out: the phases of one or two channels a beat, tagged with row + 1, col + 1, channel
// Throughput one or two stored activations a cycle (convt_engine)
// Golden     model/dcgan/quant/golden.py: GoldenGenerator.run_planes() -- act2, act3, index4
// Test       tb/dcgan_layer
module dcgan_layer #(
  parameter int Layer = 2,
  parameter WeightFile = "",
  localparam int Channels = dcgan_shape_pkg::channels(Layer - 1),
  localparam int OutChannels = dcgan_shape_pkg::channels(Layer),
  localparam int Side = dcgan_shape_pkg::side(Layer - 1),
  localparam int InValues = dcgan_shape_pkg::values(Layer - 1),
  localparam int Values = dcgan_shape_pkg::values(Layer),
  localparam int ActWidth = dcgan_shape_pkg::ActWidth,
  localparam int ShiftWidth = dcgan_shape_pkg::ShiftWidth,
  localparam int WordWidth = dcgan_shape_pkg::ParameterWidth,
  localparam bit IsLast = Layer == dcgan_shape_pkg::NumLayers,
  localparam int OutWidth = IsLast ? dcgan_shape_pkg::TanhIndexWidth : ActWidth,
  localparam int InPosWidth = $clog2(Side + 1),
  localparam int PosWidth = $clog2(2 * Side + 1),
  localparam int ChannelWidth = (Channels > 1) ? $clog2(Channels) : 1,
  localparam int OutChanWidth = (OutChannels > 1) ? $clog2(OutChannels) : 1
) (
  input logic clk_i,
  input logic rst_ni,

  input logic [ShiftWidth-1:0] shift_i,
  input logic                  bias_valid_i,  // see dcgan_parameters
  input logic [ WordWidth-1:0] bias_i,

  input  logic                          load_valid_i,  // see mem_table
  input  logic [mem_pkg::LoadWidth-1:0] load_i,
  output logic                          odd_o,

  input  logic                                  in_valid_i,
  output logic                                  in_ready_o,
  input  logic [    InValues-1:0][ActWidth-1:0] in_data_i,
  input  logic [  InPosWidth-1:0]               in_row_i,
  input  logic [  InPosWidth-1:0]               in_col_i,
  input  logic [ChannelWidth-1:0]               in_channel_i,

  output logic                                  out_valid_o,
  input  logic                                  out_ready_i,
  output logic [      Values-1:0][OutWidth-1:0] out_data_o,
  output logic [    PosWidth-1:0]               out_row_o,
  output logic [    PosWidth-1:0]               out_col_o,
  output logic [OutChanWidth-1:0]               out_channel_o,

  output logic active_o
);

  localparam int AccWidth = dcgan_shape_pkg::acc_width(Layer);

  localparam int TagWidth = 2 * PosWidth + OutChanWidth;

  logic drain_valid, drain_ready;
  logic [Values-1:0][AccWidth-1:0] drain_data;
  logic [PosWidth-1:0] drain_row, drain_col;
  logic [OutChanWidth-1:0] drain_channel;

  convt_engine #(
    .Channels   (Channels),
    .Side       (Side),
    .OutChannels(OutChannels),
    .Couts      (dcgan_shape_pkg::couts(Layer)),
    .PhaseRows  (dcgan_shape_pkg::phase_rows(Layer)),
    .PhaseCols  (dcgan_shape_pkg::phase_cols(Layer)),
    .Windows    (dcgan_shape_pkg::windows(Layer)),
    .ProdRows   (dcgan_shape_pkg::phase_rows(Layer - 1)),
    .ProdCols   (dcgan_shape_pkg::phase_cols(Layer - 1)),
    .InBeat     (dcgan_shape_pkg::beat(Layer - 1)),
    .Beat       (dcgan_shape_pkg::beat(Layer)),
    .Reads      (dcgan_shape_pkg::reads(Layer)),
    .ActWidth   (ActWidth),
    .WeightWidth(dcgan_shape_pkg::weight_width(Layer)),
    .AccWidth   (AccWidth),
    .Packing    (dcgan_shape_pkg::Packing),
    .SkipZeros  (dcgan_shape_pkg::SkipZeros != 0),
    .WeightFile (WeightFile)
  ) u_convt (
    .clk_i,
    .rst_ni,
    .bias_valid_i,
    .bias_i       (bias_i[AccWidth-1:0]),
    .load_valid_i,
    .load_i,
    .odd_o,
    .in_valid_i,
    .in_ready_o,
    .in_data_i,
    .in_row_i,
    .in_col_i,
    .in_channel_i,
    .out_valid_o  (drain_valid),
    .out_ready_i  (drain_ready),
    .out_data_o   (drain_data),
    .out_row_o    (drain_row),
    .out_col_o    (drain_col),
    .out_channel_o(drain_channel),
    .active_o
  );

  dcgan_requantize #(
    .Values    (Values),
    .AccWidth  (AccWidth),
    .OutWidth  (OutWidth),
    .ShiftWidth(ShiftWidth),
    .TagWidth  (TagWidth)
  ) u_requantize (
    .clk_i,
    .rst_ni,
    .shift_i,
    .in_valid_i(drain_valid),
    .in_ready_o(drain_ready),
    .in_data_i (drain_data),
    .in_tag_i  ({drain_row, drain_col, drain_channel}),
    .out_valid_o,
    .out_ready_i,
    .out_data_o,
    .out_tag_o ({out_row_o, out_col_o, out_channel_o})
  );

  // A word is wide enough for the biases of any layer.
  logic unused;
  assign unused = ^bias_i[WordWidth-1:AccWidth];

endmodule : dcgan_layer
