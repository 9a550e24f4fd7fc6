// SPDX-License-Identifier: Apache-2.0
//
// dcgan_layer -- one of the layers 2 to 4: transposed convolution, then requantise.
//
//   layers 2, 3   activation = ReLU(requantise(acc))                      ActWidth bits
//   layer 4       index      = requantise(acc), signed, for the tanh table TanhIndexWidth bits
//
// Everything about the layer is looked up in dcgan_shape_pkg by its number.
// Format     in and out: the phases of one or two channels a beat, tagged with row + 1, col + 1, channel
// Throughput one or two stored activations a cycle (convt_engine)
// Golden     model/dcgan/quant/golden.py: GoldenGenerator.run_planes() -- act2, act3, index4
// Test       tb/dcgan_layer
module dcgan_layer #(
  parameter int Layer = 2,
  parameter WeightFile = "",
  parameter BiasFile = "",
  localparam int Channels = dcgan_shape_pkg::channels(Layer - 1),
  localparam int OutChannels = dcgan_shape_pkg::channels(Layer),
  localparam int Side = dcgan_shape_pkg::side(Layer - 1),
  localparam int InValues = dcgan_shape_pkg::values(Layer - 1),
  localparam int Values = dcgan_shape_pkg::values(Layer),
  localparam int ActWidth = dcgan_shape_pkg::ActWidth,
  localparam bit IsLast = Layer == dcgan_shape_pkg::NumLayers,
  localparam int OutWidth = IsLast ? dcgan_shape_pkg::TanhIndexWidth : ActWidth,
  localparam int InPosWidth = $clog2(Side + 1),
  localparam int PosWidth = $clog2(2 * Side + 1),
  localparam int ChannelWidth = (Channels > 1) ? $clog2(Channels) : 1,
  localparam int OutChanWidth = (OutChannels > 1) ? $clog2(OutChannels) : 1
) (
  input logic clk_i,
  input logic rst_ni,

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

  logic drain_valid, drain_ready, acc_valid, acc_ready;
  logic [Values-1:0][AccWidth-1:0] drain_data, acc;
  logic [Values-1:0][OutWidth-1:0] act;
  logic [PosWidth-1:0] drain_row, drain_col;
  logic [OutChanWidth-1:0] drain_channel;
  logic [TagWidth-1:0] acc_tag;

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
    .WeightFile (WeightFile),
    .BiasFile   (BiasFile)
  ) u_convt (
    .clk_i,
    .rst_ni,
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

  // Sums come out of look-up table memory: a register before the requantiser halves the way.
  stream_skid #(
    .Width(Values * AccWidth + TagWidth)
  ) u_acc (
    .clk_i,
    .rst_ni,
    .in_valid_i (drain_valid),
    .in_ready_o (drain_ready),
    .in_data_i  ({drain_data, drain_row, drain_col, drain_channel}),
    .out_valid_o(acc_valid),
    .out_ready_i(acc_ready),
    .out_data_o ({acc, acc_tag})
  );

  for (genvar v = 0; v < Values; v++) begin : gen_value
    arith_requantize #(
      .AccWidth(AccWidth),
      .OutWidth(OutWidth),
      .Shift   (dcgan_shape_pkg::shift(Layer)),
      .Relu    (!IsLast)
    ) u_requantize (
      .acc_i(acc[v]),
      .out_o(act[v])
    );
  end

  stream_skid #(
    .Width(Values * OutWidth + TagWidth)
  ) u_out (
    .clk_i,
    .rst_ni,
    .in_valid_i(acc_valid),
    .in_ready_o(acc_ready),
    .in_data_i ({act, acc_tag}),
    .out_valid_o,
    .out_ready_i,
    .out_data_o({out_data_o, out_row_o, out_col_o, out_channel_o})
  );

endmodule : dcgan_layer
