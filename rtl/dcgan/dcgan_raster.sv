// SPDX-License-Identifier: Apache-2.0
//
// dcgan_raster -- output blocks in, pixels out in reading order, through the tanh table.
//
//   pixel = table[index],  index = requantised accumulator of the last layer
//
// The blocks of two rows arrive together; a row ring (convt_map with one channel, nothing skipped)
// puts them in order.
//
// Format     index TanhIndexWidth, offset binary; pixel PixelWidth unsigned
// Latency    5 cycles from a whole row to its first pixel      Throughput 1 pixel per cycle
// Golden     model/dcgan/quant/golden.py: GoldenGenerator.run_planes() -- pixels
// Test       tb/dcgan_raster
module dcgan_raster #(
  parameter  int Side           = 32,
  parameter  int ProdRows       = 2,
  parameter  int ProdCols       = 2,
  parameter  int TanhIndexWidth = 11,
  parameter  int PixelWidth     = 8,
  parameter      TanhFile       = "",
  localparam int Phases         = ProdRows * ProdCols,
  localparam int PosWidth       = $clog2(Side + 1)
) (
  input logic clk_i,
  input logic rst_ni,

  input  logic                          load_valid_i,  // see mem_table
  input  logic [mem_pkg::LoadWidth-1:0] load_i,
  output logic                          odd_o,

  input  logic                                    in_valid_i,
  output logic                                    in_ready_o,
  input  logic [  Phases-1:0][TanhIndexWidth-1:0] in_data_i,
  input  logic [PosWidth-1:0]                     in_row_i,
  input  logic [PosWidth-1:0]                     in_col_i,

  output logic                  pixel_valid_o,
  input  logic                  pixel_ready_i,
  output logic [PixelWidth-1:0] pixel_data_o,
  output logic [           1:0] pixel_user_o,   // plane: 0 R, 1 G, 2 B
  output logic                  pixel_last_o
);

  localparam int RingRows = 4;  // a row of pixels leaves long before the next two come
  localparam int SlotWidth = $clog2(RingRows);
  localparam int AbsWidth = SlotWidth + 1;
  localparam int SideWidth = $clog2(Side);
  localparam int LastPos = Side - 1;
  localparam int ReadLatency = 2 + mem_pkg::TableLatency;  // row ring, tanh table

  // ---- scan: a row at a time, as soon as it is whole --------------------------------------------
  logic [AbsWidth-1:0] completed, row_count_q, ahead;
  logic [SideWidth-1:0] row_q, col_q;
  logic [1:0] plane_q;
  logic issue, advance, row_end, plane_end;

  assign ahead     = completed - row_count_q;
  assign issue     = advance && (ahead != '0);
  assign row_end   = col_q == SideWidth'(LastPos);
  assign plane_end = row_end && (row_q == SideWidth'(LastPos));

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      row_count_q <= '0;
      row_q       <= '0;
      col_q       <= '0;
      plane_q     <= 2'd0;
    end else if (issue) begin
      col_q <= row_end ? '0 : col_q + 1'b1;
      if (row_end) begin
        row_count_q <= row_count_q + 1'b1;
        row_q       <= plane_end ? '0 : row_q + 1'b1;
      end
      if (plane_end) plane_q <= (plane_q == 2'd2) ? 2'd0 : plane_q + 1'b1;
    end
  end

  // ---- row ring, then table --------------------------------------------------------------------
  logic [TanhIndexWidth-1:0] index;
  logic [PixelWidth-1:0] pixel;
  logic channel_of_one, count_of_one;

  convt_map #(
    .Channels (1),
    .Side     (Side),
    .ProdRows (ProdRows),
    .ProdCols (ProdCols),
    .ActWidth (TanhIndexWidth),
    .RingRows (RingRows),
    .SkipZeros(1'b0)
  ) u_rows (
    .clk_i,
    .rst_ni,
    .in_valid_i,
    .in_ready_o,
    .in_data_i,
    .in_row_i,
    .in_col_i,
    .in_channel_i   (1'b0),
    .completed_o    (completed),
    .release_i      (issue && row_end),
    .count_slot_i   (SlotWidth'(row_count_q)),
    .count_col_i    (col_q),
    .count_o        (count_of_one),
    .read_en_i      (advance),
    .read_slot_i    (SlotWidth'(row_count_q)),
    .read_col_i     (col_q),
    .read_index_i   (1'b0),
    .entry_channel_o(channel_of_one),
    .entry_value_o  (index)
  );

  mem_table #(
    .Width(PixelWidth),
    .Depth(2 ** TanhIndexWidth),
    .File (TanhFile)
  ) u_tanh (
    .clk_i,
    .en_i  (advance),
    .addr_i(index),
    .data_o(pixel),
    .load_valid_i,
    .load_i,
    .odd_o
  );

  // ---- tags travel beside the reads -------------------------------------------------------------
  logic [ReadLatency-1:0] valid_q, last_q;
  logic [2*ReadLatency-1:0] tag_q;
  logic pipe_ready;

  assign advance = pipe_ready || !valid_q[ReadLatency-1];

  always_ff @(posedge clk_i) begin
    if (!rst_ni) valid_q <= '0;
    else if (advance) valid_q <= {valid_q[ReadLatency-2:0], issue};
    if (advance) begin
      last_q <= {last_q[ReadLatency-2:0], plane_end};
      tag_q  <= {tag_q[2*ReadLatency-3:0], plane_q};
    end
  end

  stream_skid #(
    .Width(PixelWidth + 3)
  ) u_out (
    .clk_i,
    .rst_ni,
    .in_valid_i (valid_q[ReadLatency-1]),
    .in_ready_o (pipe_ready),
    .in_data_i  ({last_q[ReadLatency-1], tag_q[2*ReadLatency-1-:2], pixel}),
    .out_valid_o(pixel_valid_o),
    .out_ready_i(pixel_ready_i),
    .out_data_o ({pixel_last_o, pixel_user_o, pixel_data_o})
  );

  logic unused;
  assign unused = channel_of_one ^ count_of_one;

endmodule : dcgan_raster
