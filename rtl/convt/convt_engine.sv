// SPDX-License-Identifier: Apache-2.0
//
// convt_engine -- ConvTranspose2d, kernel 4, stride 2, padding 1: no multiplication by an inserted zero,
// a border tap or a zero activation.
//
//   acc[co, oy, ox] = bias[co] + sum_{c, iy, ix} act[c, iy, ix] * W[c, co, oy + 1 - 2 iy, ox + 1 - 2 ix]
//
//   map of lists -> walker -> reader -> (list RAM 2) -> address 1 -> (weight ROM 3) -> convt_lanes
//                   which    which                      from the
//                   lists    entries                    entry's channel
//
// Parallelism  Couts channels x PhaseRows x PhaseCols output phases x Windows windows = Lanes, each with
//              the Reads activations of a list that are read at once
// Format       in: unsigned ActWidth, InBeat channels a beat; out: accumulators, all phases of Beat channels
//              a beat, phase fastest; the beat's top left pixel is (out_row_o - 1, out_col_o - 1), what
//              lies outside is to be dropped
// Throughput   Reads stored activations a cycle; the next pass starts behind the last beat of this one
// Golden       model/dcgan/quant/golden.py: GoldenGenerator.conv()     Test  tb/convt_engine
module convt_engine #(
  parameter  int Channels     = 8,
  parameter  int Side         = 4,
  parameter  int OutChannels  = 8,
  parameter  int Couts        = 8,
  parameter  int PhaseRows    = 2,
  parameter  int PhaseCols    = 2,
  parameter  int Windows      = 1,
  parameter  int ProdRows     = 1,
  parameter  int ProdCols     = 1,
  parameter  int InBeat       = 1,
  parameter  int Beat         = 1,
  parameter  int Reads        = 1,
  parameter  int ActWidth     = 8,
  parameter  int WeightWidth  = 8,
  parameter  int AccWidth     = 24,
  parameter  int Packing      = 0,
  parameter  bit SkipZeros    = 1'b1,
  parameter      WeightFile   = "",
  localparam int Values       = PhaseRows * PhaseCols * Beat,
  localparam int InValues     = ProdRows * ProdCols * InBeat,
  localparam int InPosWidth   = $clog2(Side + 1),
  localparam int PosWidth     = $clog2(2 * Side + 1),
  localparam int ChannelWidth = (Channels > 1) ? $clog2(Channels) : 1,
  localparam int OutChanWidth = (OutChannels > 1) ? $clog2(OutChannels) : 1
) (
  input logic clk_i,
  input logic rst_ni,

  input logic                bias_valid_i,  // as convt_lanes
  input logic [AccWidth-1:0] bias_i,

  input  logic                          load_valid_i,  // see mem_table
  input  logic [mem_pkg::LoadWidth-1:0] load_i,
  output logic                          odd_o,         // of all copies together

  input  logic                                  in_valid_i,
  output logic                                  in_ready_o,
  input  logic [    InValues-1:0][ActWidth-1:0] in_data_i,
  input  logic [  InPosWidth-1:0]               in_row_i,
  input  logic [  InPosWidth-1:0]               in_col_i,
  input  logic [ChannelWidth-1:0]               in_channel_i,

  output logic                                  out_valid_o,
  input  logic                                  out_ready_i,
  output logic [      Values-1:0][AccWidth-1:0] out_data_o,
  output logic [    PosWidth-1:0]               out_row_o,
  output logic [    PosWidth-1:0]               out_col_o,
  output logic [OutChanWidth-1:0]               out_channel_o,

  output logic active_o  // the lanes multiply a stored activation in this cycle
);

  localparam int Lanes = Couts * PhaseRows * PhaseCols * Windows;
  localparam int CoutFolds = OutChannels / Couts;
  localparam int Groups = (2 / PhaseRows) * (2 / PhaseCols) * CoutFolds * 2 * (2 / Windows);
  localparam int SlotWidth = $clog2(convt_pkg::RingRows);
  localparam int ColWidth = $clog2(Side);
  localparam int CountWidth = $clog2(Channels + 1);
  localparam int GroupWidth = $clog2(Groups);
  localparam int FoldWidth = (CoutFolds > 1) ? $clog2(CoutFolds) : 1;
  localparam int WeightAddrWidth = $clog2(Groups * Channels);
  // Results of one beat are small: let several wait, because their passes are short.
  localparam int DrainDepth = (Couts == Beat) ? 8 : 1;

  // ---- where the activations are ---------------------------------------------------------------
  logic [SlotWidth:0] completed;
  logic release_row;
  logic [SlotWidth-1:0] count_slot, beat_slot;
  logic [ColWidth-1:0] count_col, beat_col;
  logic [CountWidth-1:0] count;
  logic [ChannelWidth-1:0] beat_index;
  logic [Reads-1:0][ChannelWidth-1:0] entry_channel;
  logic [Reads-1:0][ActWidth-1:0] entry_value;

  convt_map #(
    .Channels (Channels),
    .Side     (Side),
    .ProdRows (ProdRows),
    .ProdCols (ProdCols),
    .Beat     (InBeat),
    .Reads    (Reads),
    .ActWidth (ActWidth),
    .SkipZeros(SkipZeros)
  ) u_map (
    .clk_i,
    .rst_ni,
    .in_valid_i,
    .in_ready_o,
    .in_data_i,
    .in_row_i,
    .in_col_i,
    .in_channel_i,
    .completed_o    (completed),
    .release_i      (release_row),
    .count_slot_i   (count_slot),
    .count_col_i    (count_col),
    .count_o        (count),
    .read_en_i      (1'b1),
    .read_slot_i    (beat_slot),
    .read_col_i     (beat_col),
    .read_index_i   (beat_index),
    .entry_channel_o(entry_channel),
    .entry_value_o  (entry_value)
  );

  // ---- which of them, in which order -----------------------------------------------------------
  // Corner: where the results of a pass lie.  Info: what a beat must know of its list.
  localparam int CornerWidth = 2 * PosWidth;
  localparam int InfoWidth = SlotWidth + ColWidth + GroupWidth + 1 + CornerWidth + FoldWidth;

  logic walk_valid, walk_ready, walk_first, walk_last, walk_column0, walk_release;
  logic [ SlotWidth-1:0] walk_slot;
  logic [  ColWidth-1:0] walk_col;
  logic [CountWidth-1:0] walk_count;
  logic [GroupWidth-1:0] walk_group;
  logic [PosWidth-1:0] walk_row, walk_out_col;
  logic [FoldWidth-1:0] walk_fold;

  convt_walker #(
    .Channels (Channels),
    .Side     (Side),
    .PhaseRows(PhaseRows),
    .PhaseCols(PhaseCols),
    .CoutFolds(CoutFolds),
    .Windows  (Windows)
  ) u_walker (
    .clk_i,
    .rst_ni,
    .completed_i   (completed),
    .count_slot_o  (count_slot),
    .count_col_o   (count_col),
    .count_i       (count),
    .list_valid_o  (walk_valid),
    .list_ready_i  (walk_ready),
    .list_slot_o   (walk_slot),
    .list_col_o    (walk_col),
    .list_count_o  (walk_count),
    .list_group_o  (walk_group),
    .list_first_o  (walk_first),
    .list_last_o   (walk_last),
    .list_column0_o(walk_column0),
    .list_release_o(walk_release),
    .list_row_o    (walk_row),
    .list_out_col_o(walk_out_col),
    .list_fold_o   (walk_fold)
  );

  logic list_valid, list_ready, list_first, list_last, list_release;
  logic [CountWidth-1:0] list_count;
  logic [InfoWidth-1:0] walk_info, list_info, beat_info;

  assign walk_info = {
    walk_slot, walk_col, walk_group, walk_column0, walk_row, walk_out_col, walk_fold
  };

  stream_skid #(
    .Width(CountWidth + 3 + InfoWidth)
  ) u_list (
    .clk_i,
    .rst_ni,
    .in_valid_i (walk_valid),
    .in_ready_o (walk_ready),
    .in_data_i  ({walk_count, walk_first, walk_last, walk_release, walk_info}),
    .out_valid_o(list_valid),
    .out_ready_i(list_ready),
    .out_data_o ({list_count, list_first, list_last, list_release, list_info})
  );

  logic beat_valid, beat_first, beat_last, beat_column0, credit;
  logic [Reads-1:0] beat_present;
  logic [GroupWidth-1:0] beat_group;
  logic [CornerWidth-1:0] beat_corner;
  logic [FoldWidth-1:0] beat_fold;

  convt_reader #(
    .Channels (Channels),
    .Reads    (Reads),
    .InfoWidth(InfoWidth)
  ) u_reader (
    .clk_i,
    .rst_ni,
    .list_valid_i  (list_valid),
    .list_ready_o  (list_ready),
    .list_count_i  (list_count),
    .list_first_i  (list_first),
    .list_last_i   (list_last),
    .list_release_i(list_release),
    .list_info_i   (list_info),
    .credit_i      (credit),
    .release_o     (release_row),
    .beat_valid_o  (beat_valid),
    .beat_index_o  (beat_index),
    .beat_present_o(beat_present),
    .beat_first_o  (beat_first),
    .beat_last_o   (beat_last),
    .beat_info_o   (beat_info)
  );

  assign {beat_slot, beat_col, beat_group, beat_column0, beat_corner, beat_fold} = beat_info;
  assign active_o = beat_valid && beat_present[0];

  // ---- beats wait two cycles for their activation, one for an address, three for their weights --
  localparam int ReadLatency = 2;  // mem_ram
  localparam int WeightLatency = 1 + mem_pkg::TableLatency;

  logic [GroupWidth-1:0] group_q[ReadLatency];
  logic [Reads-1:0][ActWidth-1:0] act;
  logic [Reads-1:0][Lanes*WeightWidth-1:0] weights;
  logic [Reads-1:0] odd;

  assign odd_o = ^odd;

  always_ff @(posedge clk_i) begin
    group_q[0] <= beat_group;
    group_q[1] <= group_q[0];
  end

  for (genvar r = 0; r < Reads; r++) begin : gen_read
    logic [ReadLatency-1:0] present_q;
    logic [ActWidth-1:0] act_q[WeightLatency];
    logic [ChannelWidth-1:0] weight_channel;
    logic [WeightAddrWidth-1:0] weight_addr_q;

    // Without an entry, zero times the weights of channel 0 is added, whatever the RAM holds.
    assign weight_channel = present_q[ReadLatency-1] ? entry_channel[r] : '0;

    always_ff @(posedge clk_i) begin
      present_q <= {present_q[ReadLatency-2:0], beat_valid && beat_present[r]};
      act_q[0]  <= present_q[ReadLatency-1] ? entry_value[r] : '0;
      for (int i = 1; i < WeightLatency; i++) act_q[i] <= act_q[i-1];
      weight_addr_q <= WeightAddrWidth'(32'(group_q[1]) * Channels + 32'(weight_channel));
    end

    mem_table #(
      .Width(Lanes * WeightWidth),
      .Depth(Groups * Channels),
      .File (WeightFile)
    ) u_weights (
      .clk_i,
      .en_i  (1'b1),
      .addr_i(weight_addr_q),
      .data_o(weights[r]),
      .load_valid_i,
      .load_i,
      .odd_o (odd[r])
    );

    assign act[r] = act_q[WeightLatency-1];
  end

  // ---- lanes and results -----------------------------------------------------------------------
  logic [Reads-1:0][ActWidth:0] signed_act;

  for (genvar r = 0; r < Reads; r++) begin : gen_signed
    assign signed_act[r] = {1'b0, act[r]};
  end

  convt_lanes #(
    .Lanes      (Lanes),
    .OutChannels(OutChannels),
    .Couts      (Couts),
    .Windows    (Windows),
    .Beat       (Beat),
    .Reads      (Reads),
    .ActWidth   (ActWidth + 1),
    .WeightWidth(WeightWidth),
    .AccWidth   (AccWidth),
    .Packing    (Packing),
    .TagWidth   (CornerWidth),
    .LaneLatency(ReadLatency + WeightLatency),
    .Depth      (DrainDepth)
  ) u_lanes (
    .clk_i,
    .rst_ni,
    .bias_valid_i,
    .bias_i,
    .credit_o      (credit),
    .beat_valid_i  (beat_valid),
    .beat_first_i  (beat_first),
    .beat_last_i   (beat_last),
    .beat_column0_i(beat_column0),
    .beat_fold_i   (beat_fold),
    .beat_tag_i    (beat_corner),
    .act_i         (signed_act),
    .weights_i     (weights),
    .out_valid_o,
    .out_ready_i,
    .out_data_o,
    .out_tag_o     ({out_row_o, out_col_o}),
    .out_channel_o
  );

endmodule : convt_engine
