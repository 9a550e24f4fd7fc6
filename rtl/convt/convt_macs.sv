// SPDX-License-Identifier: Apache-2.0
//
// convt_macs -- every lane multiplies broadcast activations by weights of its own and accumulates.
//
//   acc[l] = (first ? init[l] : acc[l]) + sum_{r < Reads} act[r] * weight[r][l]      in every cycle
//
// There is no enable to carry to thousands of flip-flops: between beats the activation is zero, and so
// is what is added.
//
// Windows = 1   init = bias: a pass is one output window, finished by its `last` beat.
// Windows = 2   a pass is one column of pixels; it ends window x-1 and begins window x:
//
//                     left lanes (window x-1)    right lanes (window x)
//      first beat     init = right accumulator   init = bias
//      at column 0    init = bias                init = bias
//
//   so each activation is read once for both windows that hold its column.
//
// The results of a pass are copied out of the accumulators, so that the next pass follows at once:
// result_o is the first Beat channels of every phase, next_i moves the next ones there two cycles later.
//
// Lane order  l = ((w * phase rows + pr) * phase cols + pc) * Couts + co
// Format      act_i signed ActWidth; weights symmetric WeightWidth, read by read; result_o signed AccWidth,
//             channel by channel, phase fastest
// Latency     MultLatency + 2 cycles from the last beat to done_o: arith_mult_pair, sum, copy; one more for
//             the sum of two products (Reads = 2)
// Throughput  1 beat per cycle; a pass must not end before the results of the last one were taken
// Golden      model/dcgan/quant/golden.py: GoldenGenerator.conv(), GoldenGenerator.project()
// Test        tb/convt_macs
module convt_macs #(
  parameter  int Lanes       = 8,
  parameter  int Couts       = 4,
  parameter  int Windows     = 1,
  parameter  int Beat        = 1,
  parameter  int Reads       = 1,
  parameter  int ActWidth    = 9,
  parameter  int WeightWidth = 8,
  parameter  int AccWidth    = 24,
  parameter  int Packing     = 0,
  localparam int OutLanes    = Lanes / Windows,
  localparam int Phases      = OutLanes / Couts,
  localparam int Values      = Phases * Beat
) (
  input logic clk_i,
  input logic rst_ni,

  // One beat: flags, activation and weights together. act_i is zero where there is no beat.
  input logic                                    beat_valid_i,
  input logic                                    beat_first_i,
  input logic                                    beat_last_i,
  input logic                                    beat_column0_i,
  input logic [Reads-1:0][         ActWidth-1:0] act_i,
  input logic [Reads-1:0][Lanes*WeightWidth-1:0] weights_i,

  // Biases of the pass, SumLatency cycles after its beats: when they are needed.
  input logic [Couts-1:0][AccWidth-1:0] bias_i,

  output logic                            done_o,   // result_o holds a new pass
  input  logic                            next_i,
  output logic [Values-1:0][AccWidth-1:0] result_o
);

  localparam int SumLatency = convt_pkg::MultLatency + Reads - 1;
  localparam int Pairs = (Lanes + 1) / 2;
  localparam int ProductWidth = WeightWidth + ActWidth - 1;
  localparam int SumWidth = ProductWidth + Reads - 1;

  // ---- flags travel beside the multipliers -----------------------------------------------------
  // Every flag ends in a flip-flop of its own, which synthesis may copy to be near its many lanes.
  logic [SumLatency-1:0] first_q, last_q, column0_q;
  logic load, load_bias, copy_q, move_q, shift_q, done_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      first_q <= '0;
      last_q  <= '0;
    end else begin
      first_q <= {first_q[SumLatency-2:0], beat_valid_i && beat_first_i};
      last_q  <= {last_q[SumLatency-2:0], beat_valid_i && beat_last_i};
    end
    column0_q <= {column0_q[SumLatency-2:0], beat_column0_i};
  end

  assign load      = first_q[SumLatency-1];
  assign load_bias = column0_q[SumLatency-1];

  // ---- products: two lanes share a multiplier ---------------------------------------------------
  for (genvar r = 0; r < Reads; r++) begin : gen_read
    logic [2*Pairs*WeightWidth-1:0] weights;

    assign weights = (2 * Pairs * WeightWidth)'(weights_i[r]);

    for (genvar p = 0; p < Pairs; p++) begin : gen_pair
      logic signed [ProductWidth-1:0] product0, product1;

      // The last lane of an odd number has no partner: one plain multiplier serves it.
      arith_mult_pair #(
        .WeightWidth(WeightWidth),
        .ActWidth   (ActWidth),
        .Packing    ((2 * p + 1 < Lanes) ? Packing : 0)
      ) u_pair (
        .clk_i,
        .act_i     (act_i[r]),
        .weight0_i (weights[2*p*WeightWidth+:WeightWidth]),
        .weight1_i (weights[(2*p+1)*WeightWidth+:WeightWidth]),
        .product0_o(product0),
        .product1_o(product1)
      );
    end
  end

  // ---- sums: each lane has its accumulator ------------------------------------------------------
  // One register a lane, not one wide vector: simulators then wake only the lane that changed.
  for (genvar l = 0; l < Lanes; l++) begin : gen_lane
    logic signed [SumWidth-1:0] sum;
    logic signed [AccWidth-1:0] init, acc_q;

    if (Reads == 2) begin : gen_two
      logic signed [ProductWidth-1:0] product0, product1;

      assign product0 = (l % 2 == 0) ? gen_read[0].gen_pair[l/2].product0
                                     : gen_read[0].gen_pair[l/2].product1;
      assign product1 = (l % 2 == 0) ? gen_read[Reads-1].gen_pair[l/2].product0
                                     : gen_read[Reads-1].gen_pair[l/2].product1;
      always_ff @(posedge clk_i) sum <= SumWidth'(product0) + SumWidth'(product1);
    end else begin : gen_one
      assign sum = (l % 2 == 0) ? gen_read[0].gen_pair[l/2].product0
                                : gen_read[0].gen_pair[l/2].product1;
    end

    if (Windows == 2 && l < OutLanes) begin : gen_left
      assign init = load_bias ? bias_i[l%Couts] : gen_lane[l+OutLanes].acc_q;
    end else begin : gen_bias
      assign init = bias_i[l%Couts];
    end

    // Data flip-flops carry no reset: the first beat of a pass loads them.
    always_ff @(posedge clk_i) acc_q <= (load ? init : acc_q) + AccWidth'(sum);
  end

  // ---- results: a copy of the accumulators, shifted out beat by beat --------------------------
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      copy_q  <= 1'b0;
      move_q  <= 1'b0;
      shift_q <= 1'b0;
      done_q  <= 1'b0;
    end else begin
      copy_q  <= last_q[SumLatency-1];
      move_q  <= last_q[SumLatency-2] || next_i;
      shift_q <= move_q;
      done_q  <= copy_q;
    end
  end

  for (genvar l = 0; l < OutLanes; l++) begin : gen_result
    logic signed [AccWidth-1:0] result_q;

    if (l % Couts >= Couts - Beat) begin : gen_end
      always_ff @(posedge clk_i) begin
        if (copy_q) result_q <= gen_lane[l].acc_q;
      end
    end else begin : gen_shift
      always_ff @(posedge clk_i) begin
        if (shift_q) begin
          result_q <= copy_q ? gen_lane[l].acc_q : gen_result[l+Beat].result_q;
        end
      end
    end
  end

  for (genvar v = 0; v < Values; v++) begin : gen_out
    assign result_o[v] = gen_result[(v%Phases)*Couts+v/Phases].result_q;
  end

  assign done_o = done_q;

  // Windows = 1 never asks for column 0; a single beat is never followed by another.
  logic unused;
  assign unused = load_bias ^ shift_q;

`ifndef SYNTHESIS
  initial begin
    if (Windows != 1 && Windows != 2) $fatal(1, "%m: Windows=%0d, must be 1 or 2", Windows);
    if (Lanes % (Windows * Couts) != 0)
      $fatal(
          1, "%m: Lanes=%0d is no multiple of %0d windows x %0d channels", Lanes, Windows, Couts
      );
    if (Couts % Beat != 0) $fatal(1, "%m: Beat=%0d does not divide %0d channels", Beat, Couts);
    if (AccWidth <= SumWidth)
      $fatal(1, "%m: AccWidth=%0d cannot hold products of %0d bits", AccWidth, SumWidth);
  end
`endif

endmodule : convt_macs
