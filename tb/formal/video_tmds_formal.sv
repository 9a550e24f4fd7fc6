// SPDX-License-Identifier: Apache-2.0
//
// video_tmds_formal -- a receiver gets every byte back, and the line stays free of direct current.
//
// sum_q counts ones minus zeros of the symbols that were sent since the last control symbol.
//
// Sources  rtl/video/video_tmds.sv
// Proof    induction 3
// Reach    14
`include "formal.svh"

module video_tmds_formal (
  input logic       clk_i,
  input logic       active_i,
  input logic [1:0] control_i,
  input logic [7:0] data_i
);

  localparam int Limit = 10;
  localparam int MaxTransitions = 4;  // within the eight data bits

  logic [9:0] symbol_o;
  logic [7:0] chain, decoded;
  logic [1:0][7:0] data_q;
  logic [1:0][1:0] control_q;
  logic [1:0] active_q;
  logic [2:0] cycle_q = '0;
  logic signed [6:0] sum_q, balance, total;
  logic [3:0] transitions;

  video_tmds dut (.*);

  always_comb begin
    chain = symbol_o[9] ? ~symbol_o[7:0] : symbol_o[7:0];
    decoded[0] = chain[0];
    for (int b = 1; b < 8; b++) decoded[b] = chain[b] ^ chain[b-1] ^ !symbol_o[8];
    balance = '0;
    for (int b = 0; b < 10; b++) balance = balance + (symbol_o[b] ? 7'sd1 : -7'sd1);
    transitions = '0;
    for (int b = 1; b < 8; b++) transitions = transitions + 4'(chain[b] ^ chain[b-1]);
  end

  assign total = active_q[1] ? sum_q + balance : '0;

  always_ff @(posedge clk_i) begin
    if (cycle_q != '1) cycle_q <= cycle_q + 1'b1;
    data_q    <= {data_q[0], data_i};
    control_q <= {control_q[0], control_i};
    active_q  <= {active_q[0], active_i};
    sum_q     <= total;
  end

  // A screen begins in the blanking: the first symbols are control symbols.
  always_comb if (cycle_q < 3'd2) assume (!active_i);

  always_comb begin
    // bug: (use_xnor && (i % 2) == 1) ==> (use_xnor && (i % 2) == 0)
    `PROVE(DecodesToItsByte, cycle_q >= 3'd2 && active_q[1], decoded == data_q[1])
    // bug: 10'b0010101011 ==> 10'b0010101010
    `PROVE(ControlIsItsSymbol, cycle_q >= 3'd2 && !active_q[1], symbol_o == (control_q[1] == 2'd0 ? 10'b1101010100 : control_q[1] == 2'd1 ? 10'b0010101011 : control_q[1] == 2'd2 ? 10'b0101010100 : 10'b1010101011))
    // bug: data_ones > 4'd4 || ==> data_ones > 4'd5 ||
    `PROVE(FewTransitions, cycle_q >= 3'd2 && active_q[1], transitions <= 4'(MaxTransitions))
    // bug: invert ? $signed( ==> !invert ? $signed(
    `PROVE(SumIsTheLines, cycle_q >= 3'd3, 7'(dut.sum_q) <<< 1 == total)
    // bug: assign same_side = (sum_q < 0) == (excess < 0); ==> assign same_side = (sum_q < 0) != (excess < 0);
    `PROVE(NoDirectCurrent, cycle_q >= 3'd3, total >= -7'(Limit) && total <= 7'(Limit))
  end

endmodule : video_tmds_formal
