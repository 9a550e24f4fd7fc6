// SPDX-License-Identifier: Apache-2.0
//
// convt_project -- ConvTranspose2d on a single pixel, kernel 4, stride 1, no padding: the first layer, for
// three planes, without a multiplier.
//
//   acc[p, co, y, x] = offset[p, co, y, x] + sum_k x[k] * W[k, co, y, x]
//
//   x[k] = -2^(Bits-1) b[Bits-1] + ... + 2 b[1] + b[0]     so the sum is, bit by bit, one of selected weights
//   x[k] =  2^BinaryUnit * (z[k] >= 0)     (binary_i)      of a binary latent +-2^(BinaryUnit-1), one constant apart
//
// offset holds the bias, what a plane adds to the latent (W v: the layer is linear, z + v is never
// saturated) and whatever constant the latent's code needs.  The sum is formed again for every plane: it is
// there as soon as the layer behind can take it, and keeping it would need a memory.
//
//   for plane, for pixel = 4y + x, for group of Couts channels       a row of weights, walked by convt_digits
//     for digit of Digit bits, the highest first                     acc = acc * 2^Digit + sum
//       for step of Elements elements                                one beat: weight word row * Steps + step
//
//   convt_digits -+- selected bits -------.
//                 '- address -> ROM ------+-> trees -> digit -> accumulate -> + offset -> FIFO -> out
//                           3       log2(Elements)   1          1             1
//
// Two vectors have room: dcgan_z_packet fills the next one.
// Format     in: Length elements of Bits bits; out: signed AccWidth, Beat channels a beat, channel by channel,
//            pixel by pixel; the pixel is (out_row_o - 1, out_col_o - 1)
// Throughput 3 * 16 * OutChannels / Couts * Steps * Bits / Digit + 1 cycles a vector; with binary_i one digit
//            is all there is, in place of Bits / Digit
// Golden     model/dcgan/quant/golden.py: GoldenGenerator.project()     Test  tb/convt_project
module convt_project #(
  parameter  int Length       = 100,
  parameter  int OutChannels  = 8,
  parameter  int Couts        = 2,
  parameter  int Elements     = 100,
  parameter  int Bits         = 8,
  parameter  int Digit        = 2,
  parameter  int BinaryUnit   = 6,
  parameter  int Beat         = 2,
  parameter  int WeightWidth  = 8,
  parameter  int AccWidth     = 24,
  parameter      WeightFile   = "",
  parameter      OffsetFile   = "",
  localparam int Side         = 4,
  localparam int PosWidth     = $clog2(Side + 1),
  localparam int OutChanWidth = (OutChannels > 1) ? $clog2(OutChannels) : 1
) (
  input logic clk_i,
  input logic rst_ni,

  input logic binary_i,

  input  logic [                   1:0] load_valid_i,  // offsets, weights: see mem_table
  input  logic [mem_pkg::LoadWidth-1:0] load_i,
  output logic [                   1:0] odd_o,

  input  logic                        vector_valid_i,
  output logic                        vector_ready_o,
  input  logic [Length-1:0][Bits-1:0] vector_data_i,

  output logic                                  out_valid_o,
  input  logic                                  out_ready_i,
  output logic [        Beat-1:0][AccWidth-1:0] out_data_o,
  output logic [    PosWidth-1:0]               out_row_o,
  output logic [    PosWidth-1:0]               out_col_o,
  output logic [OutChanWidth-1:0]               out_channel_o,

  output logic active_o  // weights are summed in this cycle
);

  localparam int Planes = 3;
  localparam int Steps = (Length + Elements - 1) / Elements;
  localparam int Beats = Steps;  // of a row, at least
  localparam int Rows = Side * Side * OutChannels / Couts;  // of a plane
  localparam int OutBeats = Couts / Beat;
  localparam int AddrWidth = $clog2(Rows * Steps);

  // ---- beats, while their results have room --------------------------------------------------------
  // Two rows may begin before room_q knows of them, and then the one that it lets begin.
  localparam int FifoDepth = (OutBeats > 8) ? 4 * 2 ** $clog2(OutBeats) : 32;
  localparam int ReservedWidth = $clog2(FifoDepth + 1);
  localparam int MostReserved = FifoDepth - 3 * OutBeats;

  logic binary_q;  // read far away

  always_ff @(posedge clk_i) binary_q <= binary_i;

  logic beat_valid, beat_first, beat_last, beat_step0, beat_top, room_q, leave, left_q;
  logic [AddrWidth-1:0] addr;
  logic [Elements*Digit-1:0] select;
  logic [ReservedWidth-1:0] reserved_q;  // beats in the FIFO or on the way into it

  convt_digits #(
    .Length  (Length),
    .Bits    (Bits),
    .Elements(Elements),
    .Digit   (Digit),
    .Rows    (Rows),
    .Planes  (Planes)
  ) u_digits (
    .clk_i,
    .rst_ni,
    .vector_valid_i,
    .vector_ready_o,
    .vector_data_i,
    .binary_i    (binary_q),
    .room_i      (room_q),
    .beat_valid_o(beat_valid),
    .beat_first_o(beat_first),
    .beat_last_o (beat_last),
    .beat_step0_o(beat_step0),
    .beat_top_o  (beat_top),
    .addr_o      (addr),
    .select_o    (select)
  );

  assign active_o = beat_valid;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      reserved_q <= '0;
      left_q     <= 1'b0;
      room_q     <= 1'b0;
    end else begin
      left_q <= leave;
      reserved_q <= reserved_q + ((beat_valid && beat_first) ? ReservedWidth'(OutBeats) : '0) -
                    ReservedWidth'(left_q);
      room_q <= reserved_q <= ReservedWidth'(MostReserved);
    end
  end

  // ---- selected bits and weights arrive together -------------------------------------------------
  localparam int WordLatency = mem_pkg::TableLatency;

  logic [WordLatency-1:1][Elements*Digit-1:0] select_q;
  logic [Couts*Elements*WeightWidth-1:0] weights;

  always_ff @(posedge clk_i) begin
    select_q <= {select_q[WordLatency-2:1], select};
  end

  mem_table #(
    .Width(Couts * Elements * WeightWidth),
    .Depth(Rows * Steps),
    .File (WeightFile)
  ) u_weights (
    .clk_i,
    .en_i(1'b1),
    .addr_i(addr),
    .data_o(weights),
    .load_valid_i(load_valid_i[1]),
    .load_i,
    .odd_o(odd_o[1])
  );

  // ---- flags travel beside ----------------------------------------------------------------------
  localparam int Levels = $clog2(Elements);
  localparam int DigitStage = WordLatency + Levels;  // the sums of the bits of a digit stand there
  localparam int AccStage = DigitStage + 1;
  localparam int ReadLatency = mem_pkg::TableLatency;
  localparam int OffsetStage = AccStage - ReadLatency;  // wanted behind the accumulator

  logic [AccStage:0] first_q, shift_q, last_q;
  logic [DigitStage-1:0] top_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) last_q <= '0;
    else last_q <= {last_q[AccStage-1:0], beat_valid && beat_last};
    first_q <= {first_q[AccStage-1:0], beat_first};
    shift_q <= {shift_q[AccStage-1:0], beat_step0};
    top_q   <= {top_q[DigitStage-2:0], beat_top};
  end

  // One word holds the offsets of a row for all planes: no multiplexer before the memory's register.
  localparam int RowWidth = $clog2(Rows);

  logic [RowWidth-1:0] offset_row_q;
  logic [ReadLatency:0][1:0] offset_plane_q;
  logic [Planes-1:0][Couts*AccWidth-1:0] every_offset;
  logic [Couts*AccWidth-1:0] offsets_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      offset_row_q      <= '0;
      offset_plane_q[0] <= '0;
    end else if (last_q[OffsetStage-1]) begin
      offset_row_q <= (offset_row_q == RowWidth'(Rows - 1)) ? '0 : offset_row_q + 1'b1;
      if (offset_row_q == RowWidth'(Rows - 1)) begin
        offset_plane_q[0] <= (offset_plane_q[0] == 2'(Planes - 1)) ? '0 : offset_plane_q[0] + 1'b1;
      end
    end
  end

  always_ff @(posedge clk_i) begin
    offset_plane_q[ReadLatency:1] <= offset_plane_q[ReadLatency-1:0];
    offsets_q                     <= every_offset[offset_plane_q[ReadLatency]];
  end

  mem_table #(
    .Width(Planes * Couts * AccWidth),
    .Depth(Rows),
    .File (OffsetFile)
  ) u_offsets (
    .clk_i,
    .en_i(1'b1),
    .addr_i(offset_row_q),
    .data_o(every_offset),
    .load_valid_i(load_valid_i[0]),
    .load_i,
    .odd_o(odd_o[0])
  );

  // ---- sums -------------------------------------------------------------------------------------
  localparam int SumWidth = WeightWidth + Levels;
  localparam int ValueWidth = SumWidth + Digit;

  for (genvar c = 0; c < Couts; c++) begin : gen_channel
    logic [Digit-1:0][SumWidth-1:0] sums;
    logic signed [ValueWidth-1:0] value, value_q;
    logic signed [AccWidth-1:0] acc_q, unit_acc, result_q;

    for (genvar d = 0; d < Digit; d++) begin : gen_bit
      arith_select_sum #(
        .Inputs(Elements),
        .Width (WeightWidth)
      ) u_sum (
        .clk_i,
        .select_i(select_q[WordLatency-1][d*Elements+:Elements]),
        .values_i(weights[c*Elements*WeightWidth+:Elements*WeightWidth]),
        .sum_o   (sums[d])
      );
    end

    // The highest bit of a signed number counts negative; that of a binary element is no sign.
    always_comb begin
      value = '0;
      for (int d = 0; d < Digit; d++) begin
        if (d == Digit - 1 && top_q[DigitStage-1] && !binary_q)
          value = value - (ValueWidth'($signed(sums[d])) <<< d);
        else value = value + (ValueWidth'($signed(sums[d])) <<< d);
      end
    end

    assign unit_acc = binary_q ? acc_q <<< BinaryUnit : acc_q;

    always_ff @(posedge clk_i) begin
      value_q <= value;
      acc_q <= AccWidth'(value_q) +
          (first_q[AccStage-1] ? '0 : shift_q[AccStage-1] ? acc_q <<< Digit : acc_q);
      if (last_q[AccStage]) begin
        result_q <= unit_acc + $signed(offsets_q[c*AccWidth+:AccWidth]);
      end else if (c + Beat < Couts) begin
        result_q <= gen_channel[(c+Beat)%Couts].result_q;
      end
    end
  end

  // ---- Beat channels a cycle into the FIFO --------------------------------------------------------
  logic [OutBeats-1:0] push_q;
  logic [Beat-1:0][AccWidth-1:0] push_data;
  logic fifo_ready;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) push_q <= '0;
    else push_q <= last_q[AccStage] ? '1 : push_q >> 1;
  end

  for (genvar b = 0; b < Beat; b++) begin : gen_push
    assign push_data[b] = gen_channel[b].result_q;
  end

  stream_fifo #(
    .Width(Beat * AccWidth),
    .Depth(FifoDepth),
    .Reserved(1'b1)
  ) u_fifo (
    .clk_i,
    .rst_ni,
    .in_valid_i(push_q[0]),
    .in_ready_o(fifo_ready),
    .in_data_i (push_data),
    .out_valid_o,
    .out_ready_i,
    .out_data_o
  );

  assign leave = out_valid_o && out_ready_i;

  // Room was reserved: the FIFO is never full when a beat comes.
  logic unused_ready;
  assign unused_ready = fifo_ready;

  // ---- the order is fixed, so the position is counted where it is needed -------------------------
  localparam int SideWidth = $clog2(Side);

  logic [SideWidth-1:0] out_row_q, out_col_q;
  logic pixel_end, line_end;

  assign pixel_end = leave && (out_channel_o == OutChanWidth'(OutChannels - Beat));
  assign line_end  = pixel_end && (out_col_q == SideWidth'(Side - 1));

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      out_row_q     <= '0;
      out_col_q     <= '0;
      out_channel_o <= '0;
    end else begin
      if (leave) out_channel_o <= pixel_end ? '0 : out_channel_o + OutChanWidth'(Beat);
      if (pixel_end) out_col_q <= out_col_q + 1'b1;
      if (line_end) out_row_q <= out_row_q + 1'b1;
    end
  end

  assign out_row_o = PosWidth'(out_row_q) + 1'b1;
  assign out_col_o = PosWidth'(out_col_q) + 1'b1;

`ifndef SYNTHESIS
  initial begin
    if (OutChannels % Couts != 0 || Couts % Beat != 0)
      $fatal(1, "%m: Couts=%0d, Beat=%0d: %0d channels", Couts, Beat, OutChannels);
    if (OutBeats > Beats)
      $fatal(1, "%m: Couts=%0d: more than leave in the %0d beats of a row", Couts, Beats);
  end
`endif

endmodule : convt_project
