// SPDX-License-Identifier: Apache-2.0
//
// arith_mult_pair -- one activation times two weights, in two multipliers or packed into one.
//
//   p0 = act * w0,  p1 = act * w1
//
// Packed, one multiplier forms  P = act * (w1 * 2^K + w0) = p1 * 2^K + p0  and the two products are
// split afterwards.  p0 reaches `Spill` bits beyond bit K and borrows from p1 there:
//
//   P  = | p1 + floor(p0 / 2^K)        | p0 mod 2^K |        c = floor(p0 / 2^K), signed, Spill bits
//        '-- K and up ------------------'-- K bits --'        c = ((P >> K) - p1) mod 2^Spill
//
// so the low Spill bits of p1, made beside the multiplier from a few look-up tables, tell c; then
// p0 = {c, P mod 2^K} and p1 = (P >> K) - c.  With K wide enough c is just the sign of p0 (Spill = 1).
//
//   Packing  operand limit            K             Spill for WeightWidth 8 / 7 / 6 / 5 / 4
//   0        two multipliers          -             -
//   1        ECP5 MULT18X18D: 18 bit  18 - Weight   6 / 4 / 2 / 1 / 1
//   2        DSP48E1: 25 bit          17            1
//
// Weights are symmetric (-2^(W-1) never occurs), activations are at most 255 in size: with those
// bounds the split is exact, and tb/arith_mult_pair tries every operand.
// Latency  convt_pkg::MultLatency = 6 cycles: half-way twice, operands, product, spill, split: multipliers
//          and block RAMs have fixed places, and the way between them takes a cycle; the Spill bits of p1
//          are added up two operands at a time beside it    Throughput  1 pair per cycle
// Golden   tb/arith_mult_pair/test_arith_mult_pair.py: products()     Test  tb/arith_mult_pair
module arith_mult_pair #(
  parameter  int WeightWidth  = 8,
  parameter  int ActWidth     = 9,
  parameter  int Packing      = 0,
  localparam int ProductWidth = WeightWidth + ActWidth - 1
) (
  input  logic                           clk_i,
  input  logic signed [    ActWidth-1:0] act_i,
  input  logic signed [ WeightWidth-1:0] weight0_i,
  input  logic signed [ WeightWidth-1:0] weight1_i,
  output logic signed [ProductWidth-1:0] product0_o,
  output logic signed [ProductWidth-1:0] product1_o
);

  logic signed [ProductWidth-1:0] product0_q, product1_q;
  assign product0_o = product0_q;
  assign product1_o = product1_q;

  if (Packing == 0) begin : gen_plain

    logic signed [ActWidth-1:0] fabric_act_q, near_act_q, act_q;
    logic signed [WeightWidth-1:0] fabric_weight0_q, near_weight0_q, weight0_q;
    logic signed [WeightWidth-1:0] fabric_weight1_q, near_weight1_q, weight1_q;
    logic signed [ProductWidth-1:0] full0_q, full1_q, rest0_q, rest1_q;

    always_ff @(posedge clk_i) begin
      {fabric_act_q, near_act_q, act_q} <= {act_i, fabric_act_q, near_act_q};
      {fabric_weight0_q, near_weight0_q, weight0_q} <= {
        weight0_i, fabric_weight0_q, near_weight0_q
      };
      {fabric_weight1_q, near_weight1_q, weight1_q} <= {
        weight1_i, fabric_weight1_q, near_weight1_q
      };
      full0_q <= ProductWidth'(act_q * weight0_q);
      full1_q <= ProductWidth'(act_q * weight1_q);
      {rest0_q, product0_q} <= {full0_q, rest0_q};
      {rest1_q, product1_q} <= {full1_q, rest1_q};
    end

  end else begin : gen_packed

    localparam int PairWidth = (Packing == 1) ? 18 : 25;
    localparam int K = (Packing == 1) ? PairWidth - WeightWidth : 17;
    localparam int Spill = (ProductWidth > K) ? ProductWidth - K : 1;
    localparam int Parts = (Spill + 1) / 2;
    localparam int FullWidth = PairWidth + ActWidth;
    localparam int HighWidth = FullWidth - K;

    logic signed [PairWidth-1:0] fabric_pair_q, near_pair_q, pair_q;
    logic signed [ActWidth-1:0] fabric_act_q, near_act_q, act_q;
    logic [2:0][Spill-1:0] part, part_q;
    logic [Spill-1:0] weight_low_q, first_low_q, third_low_q, high_low_q, carry_q;
    logic signed [FullWidth-1:0] full_q;
    logic signed [HighWidth-1:0] high, high_q;
    logic [K-1:0] low_q;

    // Shift and add, never `*`: these few bits must not take a second multiplier.
    always_comb begin
      part = '0;
      for (int p = 0; p < Parts; p++) begin
        for (int b = 2 * p; b < 2 * p + 2; b++) begin
          if (b < Spill && fabric_act_q[b]) part[p] = part[p] + (weight_low_q << b);
        end
      end
    end

    assign high = HighWidth'(full_q >>> K);

    always_ff @(posedge clk_i) begin
      // to the multiplier, half-way
      fabric_pair_q <= (PairWidth'(weight1_i) <<< K) + PairWidth'(weight0_i);
      fabric_act_q  <= act_i;
      weight_low_q  <= Spill'(weight1_i);
      // and near it
      near_pair_q   <= fabric_pair_q;
      near_act_q    <= fabric_act_q;
      part_q        <= part;
      // its input registers
      pair_q        <= near_pair_q;
      act_q         <= near_act_q;
      first_low_q   <= part_q[0] + part_q[1];
      third_low_q   <= part_q[2];
      // its output register
      full_q        <= FullWidth'(act_q * pair_q);
      high_low_q    <= first_low_q + third_low_q;
      // what spilled over
      high_q        <= high;
      low_q         <= full_q[K-1:0];
      carry_q       <= high[Spill-1:0] - high_low_q;
      // the split
      product0_q    <= ProductWidth'($signed({carry_q, low_q}));
      product1_q    <= ProductWidth'(high_q - HighWidth'($signed(carry_q)));
    end

  end

`ifndef SYNTHESIS
  initial begin
    if (Packing < 0 || Packing > 2) $fatal(1, "%m: Packing=%0d, must be 0, 1 or 2", Packing);
    if (WeightWidth < 4 || WeightWidth > 8)
      $fatal(1, "%m: WeightWidth=%0d, must be 4 to 8", WeightWidth);
    if (ActWidth > 9) $fatal(1, "%m: ActWidth=%0d, must be at most 9", ActWidth);
  end
`endif

endmodule : arith_mult_pair
