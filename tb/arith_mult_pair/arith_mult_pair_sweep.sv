// SPDX-License-Identifier: Apache-2.0
//
// arith_mult_pair_sweep -- one form of arith_mult_pair, every Parts-th act, all weights, the right products.

module arith_mult_pair_sweep #(
  parameter int WeightWidth = 8,
  parameter int Packing     = 1,
  parameter int Part        = 0,
  parameter int Parts       = 1
) (
  input  logic        clk_i,
  output logic        done_o,
  output logic [31:0] errors_o,
  output logic [31:0] tried_o
);

  localparam int ActMax = 255;
  localparam int WeightMax = 2 ** (WeightWidth - 1) - 1;
  localparam int Latency = 6;

  int act, w0, w1;
  int expected0[0:Latency-1];
  int expected1[0:Latency-1];
  logic signed [WeightWidth+7:0] product0, product1;
  logic [Latency-1:0] valid_q;
  logic offered;

  initial begin
    act      = Part - ActMax;
    w0       = -WeightMax;
    w1       = -WeightMax;
    offered  = 1'b1;
    valid_q  = '0;
    errors_o = '0;
    tried_o  = '0;
  end

  assign done_o = !offered && (valid_q == '0);

  arith_mult_pair #(
    .WeightWidth(WeightWidth),
    .ActWidth   (9),
    .Packing    (Packing)
  ) u_dut (
    .clk_i,
    .act_i     (9'(act)),
    .weight0_i (WeightWidth'(w0)),
    .weight1_i (WeightWidth'(w1)),
    .product0_o(product0),
    .product1_o(product1)
  );

  always @(posedge clk_i) begin
    if (offered) begin
      if (w0 != WeightMax) w0 <= w0 + 1;
      else begin
        w0 <= -WeightMax;
        if (w1 != WeightMax) w1 <= w1 + 1;
        else begin
          w1 <= -WeightMax;
          if (act + Parts <= ActMax) act <= act + Parts;
          else offered <= 1'b0;
        end
      end
    end
    valid_q <= {valid_q[Latency-2:0], offered};
    expected0[0] <= act * w0;
    expected1[0] <= act * w1;
    for (int i = 1; i < Latency; i++) begin
      expected0[i] <= expected0[i-1];
      expected1[i] <= expected1[i-1];
    end
    if (valid_q[Latency-1]) begin
      tried_o <= tried_o + 1;
      if (32'(product0) != expected0[Latency-1] || 32'(product1) != expected1[Latency-1]) begin
        errors_o <= errors_o + 1;
        if (errors_o < 5)
          $display(
              "Packing=%0d WeightWidth=%0d: expected %0d and %0d, got %0d and %0d",
              Packing,
              WeightWidth,
              expected0[Latency-1],
              expected1[Latency-1],
              product0,
              product1
          );
      end
    end
  end

endmodule : arith_mult_pair_sweep
