// SPDX-License-Identifier: Apache-2.0
//
// arith_mult_pair_formal -- both packings equal two plain products: slices of one activation each.
//
// The pipeline has no feedback, so that a window of its latency shows everything that it can do:
// weights come free in every cycle, and the two products stand Latency cycles later. With a free
// activation the solvers do not end (two multipliers against one), so each case fixes it: a proof for
// all pairs of weights. All activations are tried by simulation, in tb/arith_mult_pair.
//
// Sources  rtl/arith/arith_mult_pair.sv
// Proof    induction 8
// Reach    8
// Solver   z3
// Cases    Packing=1 Act=-255, Packing=1 Act=85, Packing=2 Act=-255
`include "formal.svh"

module arith_mult_pair_formal #(
  parameter  int WeightWidth  = 8,
  parameter  int ActWidth     = 9,
  parameter  int Packing      = 1,
  parameter  int Act          = -255,
  localparam int ProductWidth = WeightWidth + ActWidth - 1
) (
  input logic                          clk_i,
  input logic signed [WeightWidth-1:0] weight0_i,
  input logic signed [WeightWidth-1:0] weight1_i
);

  localparam int Latency = 6;

  logic signed [ProductWidth-1:0] product0, product1;
  logic [Latency-1:0][ProductWidth-1:0] plain0_q, plain1_q;
  logic [3:0] cycle_q = '0;

  arith_mult_pair #(
    .WeightWidth(WeightWidth),
    .ActWidth   (ActWidth),
    .Packing    (Packing)
  ) dut (
    .clk_i,
    .act_i     (ActWidth'(Act)),
    .weight0_i,
    .weight1_i,
    .product0_o(product0),
    .product1_o(product1)
  );

  always_ff @(posedge clk_i) begin
    if (cycle_q != '1) cycle_q <= cycle_q + 1'b1;
    plain0_q <= {plain0_q[Latency-2:0], ProductWidth'($signed(ActWidth'(Act)) * weight0_i)};
    plain1_q <= {plain1_q[Latency-2:0], ProductWidth'($signed(ActWidth'(Act)) * weight1_i)};
  end

  // The bounds of the header: weights are symmetric.
  always_comb begin
    assume (weight0_i != {1'b1, (WeightWidth - 1)'(0)});
    assume (weight1_i != {1'b1, (WeightWidth - 1)'(0)});
  end

  always_comb begin
    // bug: product0_q    <= ProductWidth'($signed({carry_q, low_q})); ==> product0_q    <= ProductWidth'($signed({1'b0, low_q}));
    `PROVE(FirstProduct, cycle_q >= 4'(Latency), product0 == $signed(plain0_q[Latency-1]))
    // bug: product1_q    <= ProductWidth'(high_q - HighWidth'($signed(carry_q))); ==> product1_q    <= ProductWidth'(high_q);
    `PROVE(SecondProduct, cycle_q >= 4'(Latency), product1 == $signed(plain1_q[Latency-1]))
  end

endmodule : arith_mult_pair_formal
