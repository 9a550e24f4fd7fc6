// SPDX-License-Identifier: Apache-2.0
//
// arith_select_sum -- the sum of the values whose select bit is set, without a multiplier.
//
//   sum = sum_{n < Inputs} (select[n] ? value[n] : 0)
//
//   value 0 --&--+
//   value 1 --&--+--[+]--+
//   value 2 --&--+       +--[+]-- ...        a tree of adders, a register behind each
//   value 3 --&--+--[+]--+
//
// Format     values_i signed, Width bits, value n in bits [n * Width +: Width]; sum_o signed, Levels bits wider
// Latency    Levels = ceil(log2(Inputs)) cycles     Throughput  1 sum per cycle
// Golden     numpy.dot     Test  tb/arith_select_sum
module arith_select_sum #(
  parameter  int Inputs   = 100,
  parameter  int Width    = 8,
  localparam int Levels   = $clog2(Inputs),
  localparam int SumWidth = Width + Levels
) (
  input  logic                           clk_i,
  input  logic        [      Inputs-1:0] select_i,
  input  logic        [Inputs*Width-1:0] values_i,
  output logic signed [    SumWidth-1:0] sum_o
);

  for (genvar l = 0; l <= Levels; l++) begin : gen_level
    for (genvar n = 0; n < (Inputs + 2 ** l - 1) / 2 ** l; n++) begin : gen_node
      logic signed [Width+l-1:0] sum_q;

      if (l == 0) begin : gen_leaf
        assign sum_q = select_i[n] ? $signed(values_i[n*Width+:Width]) : '0;
      end else if (2 * n + 1 < (Inputs + 2 ** (l - 1) - 1) / 2 ** (l - 1)) begin : gen_pair
        always_ff @(posedge clk_i) begin
          sum_q <= (Width + l)'(gen_level[l-1].gen_node[2*n].sum_q) +
                   (Width + l)'(gen_level[l-1].gen_node[2*n+1].sum_q);
        end
      end else begin : gen_odd
        always_ff @(posedge clk_i) sum_q <= (Width + l)'(gen_level[l-1].gen_node[2*n].sum_q);
      end
    end
  end

  assign sum_o = gen_level[Levels].gen_node[0].sum_q;

`ifndef SYNTHESIS
  initial begin
    if (Inputs < 2) $fatal(1, "%m: Inputs=%0d, must be at least 2", Inputs);
  end
`endif

endmodule : arith_select_sum
