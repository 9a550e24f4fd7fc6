// SPDX-License-Identifier: Apache-2.0
//
// latent_gaussian -- latents from a seed: N(0, 1) on the grid of z, int8 with scale 2^-5.
//
//   x ^= x << 13,  x ^= x >> 7,  x ^= x << 17               xorshift64, period 2^64 - 1
//   u = x[62:39]   sign = x[63]                             one step for each element
//   |z| = number of m in 1..127 with u >= T(m)              T(m) = 2^24 * P(|z| < m), exact normal
//
// The cumulative table is searched by halves: seven looks, one bit of |z| a look.  Every value of
// -127..127 comes with the probability that rounding a normal number gives it, within 2^-24.
// start_i loads the seed (any value), mixes it with a constant and runs WarmUp steps, because a seed
// of few ones gives few ones for some steps.
// Latency     WarmUp + 22 from start_i to the first beat     Throughput  1 beat per 22 cycles
// Golden      model/dcgan/latent_rng.py: LatentRng     Test  tb/latent_gaussian
`include "stream_assert.svh"

module latent_gaussian (
  input logic clk_i,
  input logic rst_ni,

  input logic        start_i,
  input logic [63:0] seed_i,

  output logic              out_valid_o,
  input  logic              out_ready_i,
  output logic signed [7:0] out_data_o
);

  localparam logic [63:0] Mix = 64'h9E37_79B9_7F4A_7C15;
  localparam int WarmUp = 64;
  localparam int Looks = 7;
  localparam int LookWidth = $clog2(Looks);
  localparam int WarmWidth = $clog2(WarmUp + 1);

  typedef enum logic [2:0] {
    Idle,
    Warm,
    Address,
    Read,
    Compare,
    Offer
  } state_e;

  // ---- the shift register generator ------------------------------------------------------------
  logic [63:0] x_q, x1, x2, x3, seeded;
  logic step;

  assign x1     = x_q ^ (x_q << 13);
  assign x2     = x1 ^ (x1 >> 7);
  assign x3     = x2 ^ (x2 << 17);
  assign seeded = seed_i ^ Mix;

  always_ff @(posedge clk_i) begin
    // All zeros is the one state that xorshift64 never leaves.
    if (start_i) x_q <= (seeded == '0) ? Mix : seeded;
    else if (step) x_q <= x3;
  end

  // ---- search in the cumulative table, most significant bit first ------------------------------
  state_e state_q;
  logic [WarmWidth-1:0] warm_q;
  logic [LookWidth-1:0] look_q;
  logic [6:0] found_q, probe;
  logic [23:0] word_q, threshold_q, uniform;
  logic last_look, sign, taken;

  assign uniform     = x_q[62:39];
  assign sign        = x_q[63];
  assign probe       = found_q | (7'd64 >> look_q);
  assign last_look   = look_q == LookWidth'(Looks - 1);
  assign taken       = out_valid_o && out_ready_i;
  assign step        = (state_q == Warm) || taken;
  assign out_valid_o = state_q == Offer;
  assign out_data_o  = $signed(sign ? 8'd0 - {1'b0, found_q} : {1'b0, found_q});

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      state_q <= Idle;
      warm_q  <= '0;
    end else if (start_i) begin
      state_q <= Warm;
      warm_q  <= WarmWidth'(WarmUp - 1);
    end else begin
      case (state_q)
        Warm: begin
          warm_q <= warm_q - 1'b1;
          if (warm_q == '0) state_q <= Address;
        end
        Address: state_q <= Read;
        Read:    state_q <= Compare;
        Compare: state_q <= last_look ? Offer : Address;
        Offer:   if (out_ready_i) state_q <= Address;
        default: state_q <= Idle;
      endcase
    end
  end

  always_ff @(posedge clk_i) begin
    // A block RAM and its output register.
    word_q      <= latent_cdf_pkg::threshold(probe);
    threshold_q <= word_q;
    if (state_q == Warm || taken) begin
      found_q <= '0;
      look_q  <= '0;
    end else if (state_q == Compare) begin
      look_q <= look_q + 1'b1;
      if (uniform >= threshold_q) found_q <= probe;
    end
  end

  `ASSERT_STREAM(OutStable, out_valid_o, out_ready_i || start_i, out_data_o)

endmodule : latent_gaussian
