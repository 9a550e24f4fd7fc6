// SPDX-License-Identifier: Apache-2.0
//
// dcgan_generator -- the Generator: a latent in, the planes R, G, B of an avatar out.
//
//   parameters, read once after reset: shifts, biases, kind of the latents
//   loading: writes to the memories, in the order of dcgan_shape_pkg, only in reset; checks, only at rest
//
//   z -> z_packet -> layer 1 -> layer 2 -> layer 3 -> layer 4 -> raster -> pixels
//        whole       4x4        8x8        16x16      32x32      tanh,
//        packets     3 planes                                    reading order
//
// Every arrow is a stream; every layer starts on the rows it has, so all of them work at once and
// avatars follow one another without a bubble.
// Format     in: int8 at scale 2^-5, LatentSize beats, `last`; out: uint8, user = plane, last = its end
// Throughput the slowest layer: its stored activations x their visits (scripts/fold.py predicts it)
// Golden     model/dcgan/quant/golden.py: GoldenGenerator.rgb()     Test  tb/dcgan_generator
`include "stream_assert.svh"

module dcgan_generator #(
  parameter RomDir = "rtl/rom"
) (
  input logic clk_i,
  input logic rst_ni,

  input  logic                                    z_valid_i,
  output logic                                    z_ready_o,
  input  logic [dcgan_shape_pkg::LatentWidth-1:0] z_data_i,
  input  logic                                    z_last_i,

  output logic                                   pixel_valid_o,
  input  logic                                   pixel_ready_i,
  output logic [dcgan_shape_pkg::PixelWidth-1:0] pixel_data_o,
  output logic [                            1:0] pixel_user_o,
  output logic                                   pixel_last_o,

  input  logic [dcgan_shape_pkg::NumMemories-1:0] load_valid_i,  // see mem_table
  input  logic [          mem_pkg::LoadWidth-1:0] load_i,
  output logic [dcgan_shape_pkg::NumMemories-1:0] odd_o,

  output logic        status_busy_o,
  output logic [31:0] status_avatars_o,
  output logic [31:0] status_malformed_o,
  output logic [31:0] status_cycles_o,
  output logic [31:0] status_mac_cycles_o,
  output logic [31:0] status_network_o      // identity of the network
);

  localparam int LatentSize = dcgan_shape_pkg::LatentSize;
  localparam int LatentWidth = dcgan_shape_pkg::LatentWidth;
  localparam int ActWidth = dcgan_shape_pkg::ActWidth;
  localparam int TanhIndexWidth = dcgan_shape_pkg::TanhIndexWidth;

  // ---- what the network has besides weights ----------------------------------------------------
  logic loaded, binary;
  logic [4:1][dcgan_shape_pkg::ShiftWidth-1:0] shift;
  logic [4:2] bias_valid;
  logic [dcgan_shape_pkg::ParameterWidth-1:0] bias;

  dcgan_parameters #(
    .File({RomDir, "/parameters.hex"})
  ) u_parameters (
    .clk_i,
    .rst_ni,
    .loaded_o    (loaded),
    .binary_o    (binary),
    .shift_o     (shift),
    .bias_valid_o(bias_valid),
    .bias_o      (bias),
    .identity_o  (status_network_o),
    .load_valid_i(load_valid_i[0]),
    .load_i,
    .odd_o       (odd_o[0])
  );

  // ---- whole packets only ----------------------------------------------------------------------
  // No latent comes in before every parameter is in its place.
  logic z_valid, z_ready, vector_valid, vector_ready, packet_accepted, packet_malformed;
  logic [LatentSize-1:0][LatentWidth-1:0] vector;

  assign z_valid   = z_valid_i && loaded;
  assign z_ready_o = z_ready && loaded;

  dcgan_z_packet #(
    .Length(LatentSize),
    .Width (LatentWidth)
  ) u_z_packet (
    .clk_i,
    .rst_ni,
    .z_valid_i     (z_valid),
    .z_ready_o     (z_ready),
    .z_data_i,
    .z_last_i,
    .vector_valid_o(vector_valid),
    .vector_ready_i(vector_ready),
    .vector_data_o (vector),
    .accepted_o    (packet_accepted),
    .malformed_o   (packet_malformed)
  );

  // ---- layer 1: 4x4 ----------------------------------------------------------------------------
  localparam int Pos1 = $clog2(dcgan_shape_pkg::side(1) + 1);
  localparam int Chan1 = $clog2(dcgan_shape_pkg::channels(1));
  logic map1_valid, map1_ready, active1;
  logic [dcgan_shape_pkg::values(1)-1:0][ActWidth-1:0] map1_data;
  logic [Pos1-1:0] map1_row, map1_col;
  logic [Chan1-1:0] map1_channel;

  dcgan_first_layer #(
    .WeightFile({RomDir, "/layer1.hex"}),
    .OffsetFile({RomDir, "/offset.hex"})
  ) u_layer1 (
    .clk_i,
    .rst_ni,
    .binary_i      (binary),
    .shift_i       (shift[1]),
    .load_valid_i  (load_valid_i[2:1]),
    .load_i,
    .odd_o         (odd_o[2:1]),
    .vector_valid_i(vector_valid),
    .vector_ready_o(vector_ready),
    .vector_data_i (vector),
    .out_valid_o   (map1_valid),
    .out_ready_i   (map1_ready),
    .out_data_o    (map1_data),
    .out_row_o     (map1_row),
    .out_col_o     (map1_col),
    .out_channel_o (map1_channel),
    .active_o      (active1)
  );

  // ---- layer 2: 8x8 ----------------------------------------------------------------------------
  localparam int Pos2 = $clog2(dcgan_shape_pkg::side(2) + 1);
  localparam int Chan2 = $clog2(dcgan_shape_pkg::channels(2));
  logic map2_valid, map2_ready, active2;
  logic [dcgan_shape_pkg::values(2)-1:0][ActWidth-1:0] map2_data;
  logic [Pos2-1:0] map2_row, map2_col;
  logic [Chan2-1:0] map2_channel;

  dcgan_layer #(
    .Layer     (2),
    .WeightFile({RomDir, "/layer2.hex"})
  ) u_layer2 (
    .clk_i,
    .rst_ni,
    .shift_i      (shift[2]),
    .bias_valid_i (bias_valid[2]),
    .bias_i       (bias),
    .load_valid_i (load_valid_i[3]),
    .load_i,
    .odd_o        (odd_o[3]),
    .in_valid_i   (map1_valid),
    .in_ready_o   (map1_ready),
    .in_data_i    (map1_data),
    .in_row_i     (map1_row),
    .in_col_i     (map1_col),
    .in_channel_i (map1_channel),
    .out_valid_o  (map2_valid),
    .out_ready_i  (map2_ready),
    .out_data_o   (map2_data),
    .out_row_o    (map2_row),
    .out_col_o    (map2_col),
    .out_channel_o(map2_channel),
    .active_o     (active2)
  );

  // ---- layer 3: 16x16 --------------------------------------------------------------------------
  localparam int Pos3 = $clog2(dcgan_shape_pkg::side(3) + 1);
  localparam int Chan3 = $clog2(dcgan_shape_pkg::channels(3));
  logic map3_valid, map3_ready, active3;
  logic [dcgan_shape_pkg::values(3)-1:0][ActWidth-1:0] map3_data;
  logic [Pos3-1:0] map3_row, map3_col;
  logic [Chan3-1:0] map3_channel;

  dcgan_layer #(
    .Layer     (3),
    .WeightFile({RomDir, "/layer3.hex"})
  ) u_layer3 (
    .clk_i,
    .rst_ni,
    .shift_i      (shift[3]),
    .bias_valid_i (bias_valid[3]),
    .bias_i       (bias),
    .load_valid_i (load_valid_i[4]),
    .load_i,
    .odd_o        (odd_o[4]),
    .in_valid_i   (map2_valid),
    .in_ready_o   (map2_ready),
    .in_data_i    (map2_data),
    .in_row_i     (map2_row),
    .in_col_i     (map2_col),
    .in_channel_i (map2_channel),
    .out_valid_o  (map3_valid),
    .out_ready_i  (map3_ready),
    .out_data_o   (map3_data),
    .out_row_o    (map3_row),
    .out_col_o    (map3_col),
    .out_channel_o(map3_channel),
    .active_o     (active3)
  );

  // ---- layer 4: 32x32, one channel -------------------------------------------------------------
  localparam int Pos4 = $clog2(dcgan_shape_pkg::side(4) + 1);
  logic map4_valid, map4_ready, active4, map4_channel;
  logic [dcgan_shape_pkg::values(4)-1:0][TanhIndexWidth-1:0] map4_data;
  logic [Pos4-1:0] map4_row, map4_col;

  dcgan_layer #(
    .Layer     (4),
    .WeightFile({RomDir, "/layer4.hex"})
  ) u_layer4 (
    .clk_i,
    .rst_ni,
    .shift_i      (shift[4]),
    .bias_valid_i (bias_valid[4]),
    .bias_i       (bias),
    .load_valid_i (load_valid_i[5]),
    .load_i,
    .odd_o        (odd_o[5]),
    .in_valid_i   (map3_valid),
    .in_ready_o   (map3_ready),
    .in_data_i    (map3_data),
    .in_row_i     (map3_row),
    .in_col_i     (map3_col),
    .in_channel_i (map3_channel),
    .out_valid_o  (map4_valid),
    .out_ready_i  (map4_ready),
    .out_data_o   (map4_data),
    .out_row_o    (map4_row),
    .out_col_o    (map4_col),
    .out_channel_o(map4_channel),
    .active_o     (active4)
  );

  // ---- pixels ----------------------------------------------------------------------------------
  dcgan_raster #(
    .Side          (dcgan_shape_pkg::side(4)),
    .ProdRows      (dcgan_shape_pkg::phase_rows(4)),
    .ProdCols      (dcgan_shape_pkg::phase_cols(4)),
    .TanhIndexWidth(TanhIndexWidth),
    .PixelWidth    (dcgan_shape_pkg::PixelWidth),
    .TanhFile      ({RomDir, "/tanh.hex"})
  ) u_raster (
    .clk_i,
    .rst_ni,
    .load_valid_i(load_valid_i[6]),
    .load_i,
    .odd_o(odd_o[6]),
    .in_valid_i(map4_valid),
    .in_ready_o(map4_ready),
    .in_data_i(map4_data),
    .in_row_i(map4_row),
    .in_col_i(map4_col),
    .pixel_valid_o,
    .pixel_ready_i,
    .pixel_data_o,
    .pixel_user_o,
    .pixel_last_o
  );

  `ASSERT_STREAM(PixelStable, pixel_valid_o, pixel_ready_i, {pixel_data_o, pixel_user_o,
                                                             pixel_last_o})

  // ---- status ----------------------------------------------------------------------------------
  dcgan_counters #(
    .Multipliers1(dcgan_shape_pkg::multipliers(1)),
    .Multipliers2(dcgan_shape_pkg::multipliers(2)),
    .Multipliers3(dcgan_shape_pkg::multipliers(3)),
    .Multipliers4(dcgan_shape_pkg::multipliers(4))
  ) u_counters (
    .clk_i,
    .rst_ni,
    .z_beat_i     (z_valid && z_ready),
    .z_packet_i   (packet_accepted),
    .malformed_i  (packet_malformed),
    .avatar_done_i(pixel_valid_o && pixel_ready_i && pixel_last_o && (pixel_user_o == 2'd2)),
    .active_i     ({active4, active3, active2, active1}),
    .busy_o       (status_busy_o),
    .avatars_o    (status_avatars_o),
    .malformed_o  (status_malformed_o),
    .cycles_o     (status_cycles_o),
    .mac_cycles_o (status_mac_cycles_o)
  );

  logic unused;
  assign unused = map4_channel;

`ifndef SYNTHESIS
  initial begin
    if (dcgan_shape_pkg::NumLayers != 4)
      $fatal(1, "%m: NumLayers=%0d, the Generator has 4", dcgan_shape_pkg::NumLayers);
    if (dcgan_shape_pkg::channels(0) != LatentSize || dcgan_shape_pkg::channels(4) != 1)
      $fatal(
          1,
          "%m: channels %0d -> %0d, must be %0d -> 1",
          dcgan_shape_pkg::channels(
              0
          ),
          dcgan_shape_pkg::channels(
              4
          ),
          LatentSize
      );
  end
`endif

endmodule : dcgan_generator
