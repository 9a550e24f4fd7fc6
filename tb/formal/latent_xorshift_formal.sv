// SPDX-License-Identifier: Apache-2.0
//
// latent_xorshift_formal -- the state is never lost to zero; it warms up and stands still as it says.
//
// Sources  rtl/latent/latent_xorshift.sv
// Proof    induction 2
// Reach    5
`include "formal.svh"

module latent_xorshift_formal (
  input logic        clk_i,
  input logic        rst_ni,
  input logic        start_i,
  input logic [63:0] seed_i,
  input logic        step_i
);

  localparam int WarmUp = 64;

  logic warming_o;
  logic [63:0] bits_o, before_q, shifted;
  logic seeded_q, start_q, moved_q;
  logic [63:0] seed_q;
  logic [6:0] since_q;

  `FORMAL_RESET(clk_i, rst_ni)

  latent_xorshift dut (.*);

  // The published generator, three steps one after the other.
  always_comb begin
    shifted = before_q ^ (before_q << 13);
    shifted = shifted ^ (shifted >> 7);
    shifted = shifted ^ (shifted << 17);
  end

  always_ff @(posedge clk_i) begin
    before_q <= bits_o;
    start_q  <= start_i;
    seed_q   <= seed_i;
    moved_q  <= !start_i && (warming_o || step_i);
    if (!past_q) seeded_q <= 1'b0;
    else if (start_i) seeded_q <= 1'b1;
    if (start_i) since_q <= '0;
    else if (since_q != 7'(WarmUp)) since_q <= since_q + 1'b1;
  end

  always_comb begin
    // bug: zero_q <= seeded == '0; ==> zero_q <= seed_i == '0;
    `PROVE(ZeroFlagMeansZero, past_q && seeded_q && dut.zero_q, bits_o == '0)
    // bug: zero_q <= seeded == '0; ==> zero_q <= 1'b0;
    `PROVE(NeverZero, past_q && seeded_q, bits_o != '0 || dut.zero_q)
    // bug: zero_q ? AfterMix : x3 ==> x3
    `PROVE(ZeroOnlyFirst, past_q && seeded_q && !start_q, bits_o != '0 || !moved_q)
    // bug: assign seeded    = seed_i ^ Mix; ==> assign seeded = seed_i;
    `PROVE(SeedIsMixed, past_q && start_q, bits_o == (seed_q ^ 64'h9E37_79B9_7F4A_7C15))
    // bug: x2 ^ (x2 << 17); ==> x2 ^ (x2 << 16);
    `PROVE(StepIsXorshift, past_q && moved_q && before_q != '0 && seeded_q, bits_o == shifted)
    // bug: (warming_o || step_i) ==> (warming_o || step_i || x_q[0])
    `PROVE(StandsStill, past_q && !start_q && !moved_q, bits_o == before_q)
    // bug: else if (warming_o) warm_q <= warm_q - 1'b1; ==> else if (warming_o && step_i) warm_q <= warm_q - 1'b1;
    `PROVE(WarmUpIsCounted, past_q && ran_q && seeded_q && warming_o, 7'(dut.warm_q) + since_q == 7'(WarmUp))
    // bug: if (!rst_ni) warm_q <= '0; ==> if (!rst_ni) warm_q <= '1;
    `PROVE(ResetStopsWarmUp, past_q && !ran_q, !warming_o)
  end

endmodule : latent_xorshift_formal
