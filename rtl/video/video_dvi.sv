// SPDX-License-Identifier: Apache-2.0
//
// video_dvi -- the picture as DVI symbols: beam -> wall -> three TMDS channels.
//
//   symbols_o[0] blue (carries the syncs)   [1] green   [2] red       10 bits each, bit 0 first
//
// Latency     7 pixel clocks from the beam to its symbols     Throughput  1 symbol per cycle
// Golden      tb/lib/dvi.py: decode_frame(), expected_wall()     Test  tb/video_dvi
module video_dvi #(
  parameter int Scale         = 5,
  parameter int Side          = 32,
  parameter int ActiveColumns = 640,
  parameter int ActiveLines   = 480
) (
  input logic        clk_i,
  input logic        rst_ni,
  input logic        pixel_valid_i,
  input logic        pixel_first_i,
  input logic [23:0] pixel_data_i,

  input  logic            video_clk_i,
  input  logic            video_rst_ni,
  output logic [2:0][9:0] symbols_o
);

  localparam int Channels = 3;

  logic [9:0] x, y;
  logic beam_active, beam_hsync, beam_vsync, active, hsync, vsync;
  logic [Channels-1:0][7:0] color;

  video_timing #(
    .ActiveColumns(ActiveColumns),
    .ActiveLines  (ActiveLines)
  ) u_timing (
    .clk_i   (video_clk_i),
    .rst_ni  (video_rst_ni),
    .x_o     (x),
    .y_o     (y),
    .active_o(beam_active),
    .hsync_o (beam_hsync),
    .vsync_o (beam_vsync)
  );

  video_wall #(
    .Scale       (Scale),
    .Side        (Side),
    .ScreenWidth (ActiveColumns),
    .ScreenHeight(ActiveLines)
  ) u_wall (
    .clk_i,
    .rst_ni,
    .pixel_valid_i,
    .pixel_first_i,
    .pixel_data_i,
    .video_clk_i,
    .x_i     (x),
    .y_i     (y),
    .active_i(beam_active),
    .hsync_i (beam_hsync),
    .vsync_i (beam_vsync),
    .active_o(active),
    .hsync_o (hsync),
    .vsync_o (vsync),
    .color_o (color)
  );

  for (genvar c = 0; c < Channels; c++) begin : gen_channel
    logic [1:0] control;

    // Only blue carries control bits; the others send symbol 0.
    assign control = (c == 0) ? {vsync, hsync} : 2'd0;

    video_tmds u_tmds (
      .clk_i    (video_clk_i),
      .active_i (active),
      .control_i(control),
      .data_i   (color[c]),
      .symbol_o (symbols_o[c])
    );
  end

endmodule : video_dvi
