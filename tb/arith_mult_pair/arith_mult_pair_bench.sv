// SPDX-License-Identifier: Apache-2.0
//
// arith_mult_pair_bench -- every operand triple through every form of arith_mult_pair.
//
//   act in -255 .. 255  x  w0, w1 in -(2^(W-1) - 1) .. 2^(W-1) - 1
//
// Each form is swept in Parts slices of act at once, one triple a clock cycle each: 33 million triples
// for W = 8.  The clock is made here, so that a simulator runs without help.
// Read by  every_operand.py

module arith_mult_pair_bench #(
  parameter int MinWidth = 4,
  parameter int MaxWidth = 8,
  parameter int Parts    = 7
) (
  output logic        done_o  /* verilator public_flat_rd */,
  output logic [31:0] errors_o  /* verilator public_flat_rd */,
  output logic [31:0] tried_o                                    /* verilator public_flat_rd */
);

  localparam int Widths = MaxWidth - MinWidth + 1;
  localparam int Sweeps = 2 * Widths * Parts;

  logic clk;
  logic [Sweeps-1:0] done;
  logic [31:0] errors[0:Sweeps-1];
  logic [31:0] tried[0:Sweeps-1];

  initial begin
    clk = 1'b0;
    #1;
    while (!(&done)) #1 clk = !clk;
  end

  for (genvar w = 0; w < Widths; w++) begin : gen_width
    for (genvar p = 0; p < 2; p++) begin : gen_packing
      for (genvar a = 0; a < Parts; a++) begin : gen_part
        localparam int Sweep = (2 * w + p) * Parts + a;

        arith_mult_pair_sweep #(
          .WeightWidth(MinWidth + w),
          .Packing    (p + 1),
          .Part       (a),
          .Parts      (Parts)
        ) u_sweep (
          .clk_i   (clk),
          .done_o  (done[Sweep]),
          .errors_o(errors[Sweep]),
          .tried_o (tried[Sweep])
        );
      end
    end
  end

  assign done_o = &done;

  always_comb begin
    errors_o = '0;
    tried_o  = '0;
    for (int s = 0; s < Sweeps; s++) begin
      errors_o = errors_o + errors[s];
      tried_o  = tried_o + tried[s];
    end
  end

endmodule : arith_mult_pair_bench
