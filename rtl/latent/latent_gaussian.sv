// SPDX-License-Identifier: Apache-2.0
//
// latent_gaussian -- latents from a seed: N(0, 1) on the grid of z, int8 with scale 2^-5.
//
//   u = x[62:39]   sign = x[63]                             one step of latent_xorshift an element
//   |z| = number of m in 1..127 with u >= T(m)              T(m) = 2^24 * P(|z| < m), exact normal
//
// The cumulative table is searched by halves: seven looks, one bit of |z| a look.  Every value of
// -127..127 comes with the probability that rounding a normal number gives it, within 2^-24.
// start_i loads the seed, whatever is going on.
// Latency     WarmUp + 22 from start_i to the first beat     Throughput  1 beat per 22 cycles
// Golden      model/dcgan/hw/latent_rng.py: LatentRng.element()     Test  tb/latent_gaussian
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

  localparam int UniformWidth = 24;
  localparam int Looks = 7;
  localparam int LookWidth = $clog2(Looks);

  typedef enum logic [2:0] {
    Idle,
    Address,
    Read,
    Compare,
    Offer
  } state_e;

  // ---- random bits: a sign and a uniform number ------------------------------------------------
  logic [UniformWidth-1:0] uniform;
  logic warming, sign, taken;

  latent_xorshift #(
    .Width(1 + UniformWidth)
  ) u_xorshift (
    .clk_i,
    .rst_ni,
    .start_i,
    .seed_i,
    .warming_o(warming),
    .step_i   (taken),
    .bits_o   ({sign, uniform})
  );

  // ---- search in the cumulative table, most significant bit first ------------------------------
  state_e state_q;
  logic [LookWidth-1:0] look_q;
  logic [6:0] found_q, probe;
  logic [UniformWidth-1:0] word_q, threshold_q;
  logic last_look;

  assign probe       = found_q | (7'd64 >> look_q);
  assign last_look   = look_q == LookWidth'(Looks - 1);
  assign taken       = out_valid_o && out_ready_i;
  assign out_valid_o = state_q == Offer;
  assign out_data_o  = $signed(sign ? 8'd0 - {1'b0, found_q} : {1'b0, found_q});

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      state_q <= Idle;
    end else if (start_i) begin
      state_q <= Address;
    end else begin
      case (state_q)
        Address: if (!warming) state_q <= Read;
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
    if (warming || taken) begin
      found_q <= '0;
      look_q  <= '0;
    end else if (state_q == Compare) begin
      look_q <= look_q + 1'b1;
      if (uniform >= threshold_q) found_q <= probe;
    end
  end

  `ASSERT_STREAM(OutStable, out_valid_o, out_ready_i || start_i, out_data_o)

endmodule : latent_gaussian
