// SPDX-License-Identifier: Apache-2.0
//
// dcgan_plane_share -- the first layer is linear: compute it once, use it for three planes.
//
//   W(z + v) + b = (Wz + b) + Wv            exact in integers, because z + v is never saturated
//
//   plane R  in ----+------------------> out            as it arrives
//                   '-> base memory
//   plane G             base memory + (W v1) ROM -> out
//   plane B             base memory + (W v2) ROM -> out
//
// Format     accumulators, channel by channel, pixel by pixel, as convt_project sends them
// Latency    plane R 4 cycles   Throughput  1 accumulator per cycle
// Golden     model/dcgan/quant/golden.py: GoldenGenerator.run_planes() -- acc1
// Test       tb/dcgan_plane_share
module dcgan_plane_share #(
  parameter  int Channels     = 8,
  parameter  int Side         = 4,
  parameter  int AccWidth     = 24,
  parameter      OffsetFile   = "",
  localparam int PosWidth     = $clog2(Side + 1),
  localparam int ChannelWidth = (Channels > 1) ? $clog2(Channels) : 1
) (
  input logic clk_i,
  input logic rst_ni,

  input  logic                in_valid_i,
  output logic                in_ready_o,
  input  logic [AccWidth-1:0] in_data_i,

  output logic                    out_valid_o,
  input  logic                    out_ready_i,
  output logic [    AccWidth-1:0] out_data_o,
  output logic [    PosWidth-1:0] out_row_o,
  output logic [    PosWidth-1:0] out_col_o,
  output logic [ChannelWidth-1:0] out_channel_o
);

  localparam int Elements = Side * Side * Channels;
  localparam int IndexWidth = $clog2(Elements);
  localparam int SideWidth = $clog2(Side);
  localparam int LastElement = Elements - 1;
  localparam int LastChannel = Channels - 1;
  localparam int LastCol = Side - 1;
  localparam int OffsetAddrWidth = $clog2(2 * Elements);

  // ---- the same elements three times: from the input, then twice from memory --------------------
  logic [1:0] plane_q;
  logic [IndexWidth-1:0] index_q;
  logic first_plane, issue, advance, plane_end;

  assign first_plane = plane_q == 2'd0;
  assign issue       = advance && (!first_plane || in_valid_i);
  assign plane_end   = index_q == IndexWidth'(LastElement);
  assign in_ready_o  = advance && first_plane;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      plane_q <= 2'd0;
      index_q <= '0;
    end else if (issue) begin
      index_q <= plane_end ? '0 : index_q + 1'b1;
      if (plane_end) plane_q <= (plane_q == 2'd2) ? 2'd0 : plane_q + 1'b1;
    end
  end

  // ---- base and offset come two steps later, their sum three; so does what plane R brings --------
  localparam int ReadLatency = 2;
  localparam int SumLatency = ReadLatency + 1;

  logic [AccWidth-1:0] base, offset, direct_q[ReadLatency], sum_q;
  logic [SumLatency-1:0] valid_q;
  logic [ReadLatency-1:0] direct_valid_q;
  logic pipe_ready;

  assign advance = pipe_ready || !valid_q[SumLatency-1];

  always_ff @(posedge clk_i) begin
    if (!rst_ni) valid_q <= '0;
    else if (advance) valid_q <= {valid_q[SumLatency-2:0], issue};
    if (advance) begin
      direct_valid_q <= {direct_valid_q[0], first_plane};
      direct_q[0]    <= in_data_i;
      direct_q[1]    <= direct_q[0];
      sum_q          <= direct_valid_q[ReadLatency-1] ? direct_q[ReadLatency-1] : base + offset;
    end
  end

  mem_ram #(
    .Width(AccWidth),
    .Depth(Elements)
  ) u_base (
    .clk_i,
    .write_en_i  (issue && first_plane),
    .write_addr_i(index_q),
    .write_data_i(in_data_i),
    .read_en_i   (advance),
    .read_addr_i (index_q),
    .read_data_o (base)
  );

  mem_rom #(
    .Width(AccWidth),
    .Depth(2 * Elements),
    .File (OffsetFile)
  ) u_offset (
    .clk_i,
    .en_i  (advance),
    .addr_i(OffsetAddrWidth'((plane_q[1] ? Elements : 0) + 32'(index_q))),
    .data_o(offset)
  );

  stream_skid #(
    .Width(AccWidth)
  ) u_out (
    .clk_i,
    .rst_ni,
    .in_valid_i(valid_q[SumLatency-1]),
    .in_ready_o(pipe_ready),
    .in_data_i (sum_q),
    .out_valid_o,
    .out_ready_i,
    .out_data_o
  );

  // ---- the order is fixed, so the position is counted where it is needed -------------------------
  logic [SideWidth-1:0] row_q, col_q;
  logic [ChannelWidth-1:0] channel_q;
  logic leave, pixel_end, row_end;

  assign leave     = out_valid_o && out_ready_i;
  assign pixel_end = leave && (channel_q == ChannelWidth'(LastChannel));
  assign row_end   = pixel_end && (col_q == SideWidth'(LastCol));

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      row_q     <= '0;
      col_q     <= '0;
      channel_q <= '0;
    end else begin
      if (leave) channel_q <= pixel_end ? '0 : channel_q + 1'b1;
      if (pixel_end) col_q <= col_q + 1'b1;
      if (row_end) row_q <= row_q + 1'b1;
    end
  end

  assign out_row_o     = PosWidth'(row_q) + 1'b1;
  assign out_col_o     = PosWidth'(col_q) + 1'b1;
  assign out_channel_o = channel_q;

`ifndef SYNTHESIS
  initial begin
    if ((Side & (Side - 1)) != 0) $fatal(1, "%m: Side=%0d, must be a power of two", Side);
  end
`endif

endmodule : dcgan_plane_share
