// SPDX-License-Identifier: Apache-2.0
//
// latent_binary -- binary (Rademacher) latents from a seed: fair coins, int8 with scale 2^-5.
//
//   z = -1 if x[63] else +1, that is -32 or +32             one step of latent_xorshift an element
//
// start_i loads the seed, whatever is going on.
// Latency     WarmUp + 1 from start_i to the first beat     Throughput  1 beat a cycle
// Golden      model/dcgan/hw/latent_rng.py: LatentRng.element()     Test  tb/latent_binary
`include "stream_assert.svh"

module latent_binary (
  input logic clk_i,
  input logic rst_ni,

  input logic        start_i,
  input logic [63:0] seed_i,

  output logic              out_valid_o,
  input  logic              out_ready_i,
  output logic signed [7:0] out_data_o
);

  localparam logic signed [7:0] One = 8'sd32;

  logic seeded_q, warming, negative, taken;

  latent_xorshift #(
    .Width(1)
  ) u_xorshift (
    .clk_i,
    .rst_ni,
    .start_i,
    .seed_i,
    .warming_o(warming),
    .step_i   (taken),
    .bits_o   (negative)
  );

  // Without a seed there is nothing to offer.
  always_ff @(posedge clk_i) begin
    if (!rst_ni) seeded_q <= 1'b0;
    else if (start_i) seeded_q <= 1'b1;
  end

  assign taken       = out_valid_o && out_ready_i;
  assign out_valid_o = seeded_q && !warming;
  assign out_data_o  = negative ? -One : One;

  `ASSERT_STREAM(OutStable, out_valid_o, out_ready_i || start_i, out_data_o)

endmodule : latent_binary
