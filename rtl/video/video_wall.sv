// SPDX-License-Identifier: Apache-2.0
//
// video_wall -- the latest avatars, side by side, each pixel drawn Scale x Scale large.
//
//   640 x 480, Scale 5: tiles of 160 x 160          a new avatar replaces the oldest one
//     +----+----+----+----+
//     |  0 |  1 |  2 |  3 |       tile = row * Columns + column
//     |  4 |  5 |  6 |  7 |       word = tile * 1024 + y * 32 + x
//     |  8 |  9 | 10 | 11 |       a screen wider than the tiles stays black to the right and below
//     +----+----+----+----+
//
// Six bits of each colour are kept: 1024 words of 18 bits, one block RAM a tile.  Avatars come in on
// the system clock and are shown on the pixel clock; the memory alone connects the two, a frame may
// show an avatar half replaced.
// Latency     5 pixel clocks from (x, y, active, sync) to the same signals beside their colour
// Throughput  1 pixel per cycle on both sides
// Golden      tb/lib/dvi.py: expected_wall()     Test  tb/video_wall
module video_wall #(
  parameter  int Scale        = 5,
  parameter  int Side         = 32,
  parameter  int ScreenWidth  = 640,
  parameter  int ScreenHeight = 480,
  localparam int Columns      = ScreenWidth / (Side * Scale),
  localparam int Rows         = ScreenHeight / (Side * Scale)
) (
  // System clock: avatars.
  input logic        clk_i,
  input logic        rst_ni,
  input logic        pixel_valid_i,
  input logic        pixel_first_i,
  input logic [23:0] pixel_data_i,

  // Pixel clock: the beam.
  input  logic        video_clk_i,
  input  logic [ 9:0] x_i,
  input  logic [ 9:0] y_i,
  input  logic        active_i,
  input  logic        hsync_i,
  input  logic        vsync_i,
  output logic        active_o,
  output logic        hsync_o,
  output logic        vsync_o,
  output logic [23:0] color_o
);

  localparam int Tiles = Columns * Rows;
  localparam int TileWidth = (Tiles > 1) ? $clog2(Tiles) : 1;
  localparam int PixelsWidth = $clog2(Side * Side);
  localparam int SideWidth = $clog2(Side);
  localparam int ScaleWidth = (Scale > 1) ? $clog2(Scale) : 1;
  localparam int WordWidth = 18;
  localparam int Latency = 5;

  // ---- write side: pixels in raster order, tile after tile -------------------------------------
  logic [TileWidth-1:0] tile_q;
  logic [PixelsWidth-1:0] index_q, index;
  logic last_index;
  logic [WordWidth-1:0] word_in;

  assign index      = pixel_first_i ? '0 : index_q;
  assign last_index = index == PixelsWidth'(Side * Side - 1);
  assign word_in    = {pixel_data_i[23:18], pixel_data_i[15:10], pixel_data_i[7:2]};

  logic unused_low;
  assign unused_low = ^{pixel_data_i[17:16], pixel_data_i[9:8], pixel_data_i[1:0]};

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      tile_q  <= '0;
      index_q <= '0;
    end else if (pixel_valid_i) begin
      index_q <= index + 1'b1;
      if (last_index) tile_q <= (tile_q == TileWidth'(Tiles - 1)) ? '0 : tile_q + 1'b1;
    end
  end

  // ---- read side: counters instead of divisions ------------------------------------------------
  // sub counts screen pixels inside one avatar pixel, at counts avatar pixels inside a tile.
  logic [ScaleWidth-1:0] sub_x_q, sub_y_q;
  logic [SideWidth-1:0] at_x_q, at_y_q;
  logic [TileWidth-1:0] column_q, row_base_q, tile_shown_q;
  logic beyond_x_q, beyond_y_q, black_q;
  logic step_x, step_y, tile_end_x, tile_end_y, line_begin, line_end, frame_end;

  assign line_begin = x_i == '0;
  assign line_end   = x_i == 10'(ScreenWidth - 1);
  assign frame_end  = line_end && y_i == 10'(ScreenHeight - 1);
  assign step_x     = sub_x_q == ScaleWidth'(Scale - 1);
  assign step_y     = sub_y_q == ScaleWidth'(Scale - 1);
  assign tile_end_x = step_x && at_x_q == SideWidth'(Side - 1);
  assign tile_end_y = step_y && at_y_q == SideWidth'(Side - 1);

  // The counters hold the position of the pixel that x_i shows one cycle later.
  always_ff @(posedge video_clk_i) begin
    if (!active_i || line_begin) begin
      sub_x_q    <= '0;
      at_x_q     <= '0;
      column_q   <= '0;
      beyond_x_q <= 1'b0;
    end
    if (active_i && !line_begin) begin
      sub_x_q <= step_x ? '0 : sub_x_q + 1'b1;
      if (step_x) at_x_q <= at_x_q + 1'b1;
      if (tile_end_x) begin
        column_q <= column_q + 1'b1;
        if (column_q == TileWidth'(Columns - 1)) beyond_x_q <= 1'b1;
      end
    end
    if (active_i && line_end) begin
      sub_y_q <= (step_y || frame_end) ? '0 : sub_y_q + 1'b1;
      if (step_y) at_y_q <= at_y_q + 1'b1;
      if (tile_end_y) begin
        row_base_q <= row_base_q + TileWidth'(Columns);
        if (row_base_q == TileWidth'(Tiles - Columns)) beyond_y_q <= 1'b1;
      end
      if (frame_end) begin
        at_y_q     <= '0;
        row_base_q <= '0;
        beyond_y_q <= 1'b0;
      end
    end
  end

  // The vertical counters change with the last pixel of a line, which is on its way by then.
  logic [SideWidth-1:0] line_y_q;
  logic [TileWidth-1:0] line_base_q;
  logic line_beyond_q;
  always_ff @(posedge video_clk_i) begin
    line_y_q      <= at_y_q;
    line_base_q   <= row_base_q;
    line_beyond_q <= beyond_y_q;
  end

  logic [SideWidth-1:0] shown_x_q, shown_y_q;
  always_ff @(posedge video_clk_i) begin
    tile_shown_q <= line_base_q + column_q;
    shown_x_q    <= at_x_q;
    shown_y_q    <= line_y_q;
    black_q      <= beyond_x_q || line_beyond_q;
  end

  // ---- the memory: two clocks, one word of 18 bits for each pixel ------------------------------
  logic [WordWidth-1:0] words[Tiles*Side*Side];
  logic [WordWidth-1:0] read_q, word_q;

  always_ff @(posedge clk_i) begin
    if (pixel_valid_i) words[{tile_q, index}] <= word_in;
  end

  always_ff @(posedge video_clk_i) begin
    read_q <= words[{tile_shown_q, shown_y_q, shown_x_q}];
    word_q <= read_q;
  end

  // ---- everything else travels as long as the colour -------------------------------------------
  logic [Latency-1:0] active_pipe_q, hsync_pipe_q, vsync_pipe_q;
  logic [1:0] black_pipe_q;
  logic [5:0] red, green, blue;

  always_ff @(posedge video_clk_i) begin
    active_pipe_q <= {active_pipe_q[Latency-2:0], active_i};
    hsync_pipe_q  <= {hsync_pipe_q[Latency-2:0], hsync_i};
    vsync_pipe_q  <= {vsync_pipe_q[Latency-2:0], vsync_i};
    black_pipe_q  <= {black_pipe_q[0], black_q};
  end

  // Six bits become eight by repeating the upper two: 63 is 255, 0 is 0.
  assign {red, green, blue} = word_q;
  assign active_o = active_pipe_q[Latency-1];
  assign hsync_o = hsync_pipe_q[Latency-1];
  assign vsync_o = vsync_pipe_q[Latency-1];

  always_ff @(posedge video_clk_i) begin
    color_o <= black_pipe_q[1] ? '0 : {red, red[5:4], green, green[5:4], blue, blue[5:4]};
  end

`ifndef SYNTHESIS
  initial begin
    for (int i = 0; i < Tiles * Side * Side; i++) words[i] = '0;
    if (Columns < 1 || Rows < 1)
      $fatal(1, "%m: Scale=%0d does not fit a tile on %0d x %0d", Scale, ScreenWidth, ScreenHeight);
    if (2 ** PixelsWidth != Side * Side) $fatal(1, "%m: Side=%0d, must be a power of two", Side);
  end
`endif

endmodule : video_wall
