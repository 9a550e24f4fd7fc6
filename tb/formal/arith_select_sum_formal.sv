// SPDX-License-Identifier: Apache-2.0
//
// arith_select_sum_formal -- the tree of adders equals one plain sum, for small numbers of inputs.
//
// The shipped tree of 100 inputs is compared by simulation: for a solver, two orders of so many
// additions are two different functions.
//
// Sources  rtl/arith/arith_select_sum.sv
// Proof    induction 5
// Reach    6
// Cases    Inputs=5 Width=3, Inputs=6 Width=2, Inputs=2 Width=8
`include "formal.svh"

module arith_select_sum_formal #(
  parameter  int Inputs   = 5,
  parameter  int Width    = 3,
  localparam int Levels   = $clog2(Inputs),
  localparam int SumWidth = Width + Levels
) (
  input logic                    clk_i,
  input logic [      Inputs-1:0] select_i,
  input logic [Inputs*Width-1:0] values_i
);

  logic signed [SumWidth-1:0] sum_o, plain, oldest;
  logic [Levels-1:0][SumWidth-1:0] plains_q;
  logic [3:0] cycle_q = '0;

  arith_select_sum #(
    .Inputs(Inputs),
    .Width (Width)
  ) dut (
    .*
  );

  always_comb begin
    plain = '0;
    for (int n = 0; n < Inputs; n++) begin
      if (select_i[n]) plain = plain + SumWidth'($signed(values_i[n*Width+:Width]));
    end
  end

  always_ff @(posedge clk_i) begin
    if (cycle_q != '1) cycle_q <= cycle_q + 1'b1;
    plains_q <= (Levels * SumWidth)'({plains_q, plain});
  end

  assign oldest = plains_q[Levels-1];

  always_comb begin
    // bug: select_i[n] ? ==> select_i[n] || n == 1 ?
    `PROVE(EqualsPlainSum, cycle_q >= 4'(Levels), sum_o == oldest)
    // bug: always_ff @(posedge clk_i) sum_q <= (Width + l)'(gen_level[l-1].gen_node[2*n].sum_q); ==> always_ff @(posedge clk_i) sum_q <= '0;
    `PROVE(NegativeSums, cycle_q >= 4'(Levels) && oldest < 0, sum_o < 0)
  end

endmodule : arith_select_sum_formal
