// SPDX-License-Identifier: Apache-2.0
//
// latent_xorshift -- random bits from a seed: the generator behind every kind of latent.
//
//   x ^= x << 13,  x ^= x >> 7,  x ^= x << 17               xorshift64, period 2^64 - 1
//   bits_o = the Width high bits of x
//
// start_i loads the seed (any value), mixes it with a constant and runs WarmUp steps, because a seed
// of few ones gives few ones for some steps.  warming_o is high meanwhile; from then on x stands
// still but for one step in every cycle with step_i.
// Latency     WarmUp + 1 from start_i to the first bits     Throughput  one step a cycle
// Golden      model/dcgan/hw/latent_rng.py: xorshift(), LatentRng() -- its state
// Test        tb/latent_xorshift
module latent_xorshift #(
  parameter int Width = 64
) (
  input logic clk_i,
  input logic rst_ni,

  input  logic        start_i,
  input  logic [63:0] seed_i,
  output logic        warming_o,

  input  logic             step_i,
  output logic [Width-1:0] bits_o
);

  localparam logic [63:0] Mix = 64'h9E37_79B9_7F4A_7C15;
  localparam int WarmUp = 64;
  localparam int WarmWidth = $clog2(WarmUp + 1);

  localparam logic [63:0] Mix1 = Mix ^ (Mix << 13);
  localparam logic [63:0] Mix2 = Mix1 ^ (Mix1 >> 7);
  localparam logic [63:0] AfterMix = Mix2 ^ (Mix2 << 17);

  logic [63:0] x_q, x1, x2, x3, seeded;
  logic zero_q;
  logic [WarmWidth-1:0] warm_q;

  assign x1        = x_q ^ (x_q << 13);
  assign x2        = x1 ^ (x1 >> 7);
  assign x3        = x2 ^ (x2 << 17);
  assign seeded    = seed_i ^ Mix;
  assign warming_o = warm_q != '0;
  assign bits_o    = x_q[63-:Width];

  // All zeros is the one state that xorshift64 never leaves: the first step then starts from Mix.
  always_ff @(posedge clk_i) begin
    if (start_i) begin
      x_q    <= seeded;
      zero_q <= seeded == '0;
    end else if (warming_o || step_i) begin
      x_q    <= zero_q ? AfterMix : x3;
      zero_q <= 1'b0;
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) warm_q <= '0;
    else if (start_i) warm_q <= WarmWidth'(WarmUp);
    else if (warming_o) warm_q <= warm_q - 1'b1;
  end

endmodule : latent_xorshift
