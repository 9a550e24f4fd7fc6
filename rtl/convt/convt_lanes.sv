// SPDX-License-Identifier: Apache-2.0
//
// convt_lanes -- from the beats of passes to accumulators in a stream: flags, biases, lanes and drain.
//
//   acc[l] = bias[co(l)] + sum over the beats of a pass, first to last, of sum_r act[r] * weight[r][l]
//                                                              Windows = 2: see convt_macs
//
//   beat t            flags, fold, tag   --delay LaneLatency--.
//   t + LaneLatency   act, weights       ---------------------+--> convt_macs --> convt_drain --> out
//   t + LaneLatency + SumLatency         biases[fold] --------'
//
// The biases are registers that a chain of words fills, channel 0 first, while nothing is under way.
// The issuer sends a `last` beat only while credit_o is high: that spends the credit, and the pass will
// find its results' place free.  So nothing here ever stalls.  Depth passes may wait with their results;
// more than one only if one beat holds all results (Couts = Beat).
//
// Format      as convt_macs; out: all phases of Beat channels a beat, channels fold * Couts + 0 .. Couts - 1
//             of each pass, its tag beside every one
// Latency     LaneLatency + SumLatency + 3 cycles from the last beat to its first result, where SumLatency
//             = MultLatency + Reads - 1; 3 more if results need several beats
// Throughput  1 beat per cycle; a pass in as many cycles as it has beats, Couts / Beat + 3, or LaneLatency +
//             SumLatency + 5, whichever is most; with Couts = Beat Depth short passes in LaneLatency +
//             SumLatency + 5 (4 with Depth = 1)
// Golden      model/dcgan/quant/golden.py: GoldenGenerator.conv(), GoldenGenerator.project()
// Test        tb/convt_lanes
module convt_lanes #(
  parameter  int Lanes        = 8,
  parameter  int OutChannels  = 8,
  parameter  int Couts        = 4,
  parameter  int Windows      = 1,
  parameter  int Beat         = 1,
  parameter  int Reads        = 1,
  parameter  int ActWidth     = 9,
  parameter  int WeightWidth  = 8,
  parameter  int AccWidth     = 24,
  parameter  int Packing      = 0,
  parameter  int TagWidth     = 8,
  parameter  int LaneLatency  = 5,
  parameter  int Depth        = 1,
  localparam int Phases       = Lanes / (Windows * Couts),
  localparam int Values       = Phases * Beat,
  localparam int Folds        = OutChannels / Couts,
  localparam int FoldWidth    = (Folds > 1) ? $clog2(Folds) : 1,
  localparam int OutChanWidth = (OutChannels > 1) ? $clog2(OutChannels) : 1
) (
  input logic clk_i,
  input logic rst_ni,

  input logic                bias_valid_i,
  input logic [AccWidth-1:0] bias_i,

  output logic                 credit_o,
  input  logic                 beat_valid_i,
  input  logic                 beat_first_i,    // of the pass
  input  logic                 beat_last_i,     // of the pass
  input  logic                 beat_column0_i,
  input  logic [FoldWidth-1:0] beat_fold_i,
  input  logic [ TagWidth-1:0] beat_tag_i,

  // LaneLatency cycles after their beat; act_i is zero where there is none.
  input logic [Reads-1:0][         ActWidth-1:0] act_i,
  input logic [Reads-1:0][Lanes*WeightWidth-1:0] weights_i,

  output logic                                  out_valid_o,
  input  logic                                  out_ready_i,
  output logic [      Values-1:0][AccWidth-1:0] out_data_o,
  output logic [    TagWidth-1:0]               out_tag_o,
  output logic [OutChanWidth-1:0]               out_channel_o
);

  // Of convt_macs: that long after its beat a sum wants its bias.
  localparam int SumLatency = convt_pkg::MultLatency + Reads - 1;
  localparam int MacsLatency = SumLatency + 2;  // from the last beat to its results
  localparam int BiasLatency = LaneLatency + SumLatency - 1;  // and 1 in bias_q
  localparam int BiasesWidth = OutChannels * AccWidth;
  localparam int Beats = Couts / Beat;
  localparam int BeatsWidth = (Beats > 1) ? $clog2(Beats) : 1;

  // ---- flags wait for activation and weights ----------------------------------------------------
  logic [LaneLatency-1:0] valid_q, first_q, last_q, column0_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) valid_q <= '0;
    else valid_q <= {valid_q[LaneLatency-2:0], beat_valid_i};
    first_q   <= {first_q[LaneLatency-2:0], beat_first_i};
    last_q    <= {last_q[LaneLatency-2:0], beat_last_i};
    column0_q <= {column0_q[LaneLatency-2:0], beat_column0_i};
  end

  // ---- lanes -----------------------------------------------------------------------------------
  logic [Couts-1:0][AccWidth-1:0] bias;
  logic done, next;
  logic [Values-1:0][AccWidth-1:0] result;

  logic [BiasesWidth-1:0] biases_q;

  // The first word is at the bottom when the last one has come in at the top.
  always_ff @(posedge clk_i) begin
    if (bias_valid_i) biases_q <= BiasesWidth'({bias_i, biases_q} >> AccWidth);
  end

  if (Folds == 1) begin : gen_one_fold
    assign bias = biases_q;
  end else begin : gen_folds
    logic [FoldWidth-1:0] fold_q[BiasLatency];
    logic [Couts*AccWidth-1:0] bias_q;

    always_ff @(posedge clk_i) begin
      fold_q[0] <= beat_fold_i;
      for (int i = 1; i < BiasLatency; i++) fold_q[i] <= fold_q[i-1];
      bias_q <= biases_q[32'(fold_q[BiasLatency-1])*Couts*AccWidth+:Couts*AccWidth];
    end
    assign bias = bias_q;
  end

  convt_macs #(
    .Lanes      (Lanes),
    .Couts      (Couts),
    .Windows    (Windows),
    .Beat       (Beat),
    .Reads      (Reads),
    .ActWidth   (ActWidth),
    .WeightWidth(WeightWidth),
    .AccWidth   (AccWidth),
    .Packing    (Packing)
  ) u_macs (
    .clk_i,
    .rst_ni,
    .beat_valid_i  (valid_q[LaneLatency-1]),
    .beat_first_i  (first_q[LaneLatency-1]),
    .beat_last_i   (last_q[LaneLatency-1]),
    .beat_column0_i(column0_q[LaneLatency-1]),
    .act_i,
    .weights_i,
    .bias_i        (bias),
    .done_o        (done),
    .next_i        (next),
    .result_o      (result)
  );

  // ---- results, beat by beat -------------------------------------------------------------------
  logic [FoldWidth-1:0] out_fold;
  logic [BeatsWidth-1:0] out_number;
  logic out_last;

  convt_drain #(
    .Values  (Values),
    .Beats   (Beats),
    .AccWidth(AccWidth),
    .TagWidth(TagWidth + FoldWidth),
    .Depth   (Depth),
    .Lead    (LaneLatency + MacsLatency)
  ) u_drain (
    .clk_i,
    .rst_ni,
    .credit_o,
    .spend_i     (beat_valid_i && beat_last_i),
    .tag_i       ({beat_tag_i, beat_fold_i}),
    .done_i      (done),
    .next_o      (next),
    .result_i    (result),
    .out_valid_o,
    .out_ready_i,
    .out_data_o,
    .out_tag_o   ({out_tag_o, out_fold}),
    .out_number_o(out_number),
    .out_last_o  (out_last)
  );

  assign out_channel_o = OutChanWidth'(32'(out_fold) * Couts + 32'(out_number) * Beat);

  logic unused;
  assign unused = out_last;

`ifndef SYNTHESIS
  initial begin
    if (OutChannels % Couts != 0)
      $fatal(1, "%m: Couts=%0d does not divide %0d channels", Couts, OutChannels);
    if (LaneLatency < 2) $fatal(1, "%m: LaneLatency=%0d, must be at least 2", LaneLatency);
  end
`endif

endmodule : convt_lanes
