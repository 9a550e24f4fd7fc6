// SPDX-License-Identifier: Apache-2.0
//
// video_tmds -- one DVI channel: 8 bits to 10 with few transitions and no direct current.
//
//   q[0] = d[0],  q[i] = q[i-1] xor d[i]  (or xnor, if that has fewer transitions)
//   the eight bits leave as they are or inverted, whichever brings the running sum of ones minus
//   zeros nearer to zero; bit 8 tells xor from xnor, bit 9 tells that they were inverted
//
// Outside the picture one of four control symbols is sent and the sum starts again at zero.
// Format      symbol_o[0] leaves first (DVI 1.0, section 3.2)
// Latency     2 cycles     Throughput  1 symbol per cycle
// Golden      tb/lib/dvi.py: decode_symbol()     Test  tb/video_tmds
module video_tmds (
  input logic clk_i,

  input logic       active_i,
  input logic [1:0] control_i,
  input logic [7:0] data_i,

  output logic [9:0] symbol_o
);

  localparam logic [9:0] Control0 = 10'b1101010100;
  localparam logic [9:0] Control1 = 10'b0010101011;
  localparam logic [9:0] Control2 = 10'b0101010100;
  localparam logic [9:0] Control3 = 10'b1010101011;

  function automatic logic [3:0] ones(input logic [7:0] value);
    ones = 4'd0;
    for (int b = 0; b < 8; b++) ones = ones + {3'd0, value[b]};
  endfunction

  // ---- first stage: fewer transitions ----------------------------------------------------------
  logic [3:0] data_ones;
  logic use_xnor, low_bit;
  logic [7:0] chain, chain_q;
  logic chosen_xor_q, active_q;
  logic [1:0] control_q;

  assign data_ones = ones(data_i);
  assign low_bit   = data_i[0];
  assign use_xnor  = data_ones > 4'd4 || (data_ones == 4'd4 && !low_bit);

  // Bit i of the chain is the parity of bits 0..i, turned over at odd i by each xnor.
  assign chain[0]  = low_bit;
  for (genvar i = 1; i < 8; i++) begin : gen_chain
    assign chain[i] = (^data_i[i:0]) ^ (use_xnor && (i % 2) == 1);
  end

  always_ff @(posedge clk_i) begin
    chain_q      <= chain;
    chosen_xor_q <= !use_xnor;
    active_q     <= active_i;
    control_q    <= control_i;
  end

  // ---- second stage: balance -------------------------------------------------------------------
  // excess: ones minus zeros of the eight bits, halved (-4..4); sum_q: the same of all bits sent.
  logic signed [4:0] sum_q, excess, correction;
  logic even, same_side, invert;

  assign excess = $signed({1'b0, ones(chain_q)}) - 5'sd4;
  assign even = sum_q == '0 || excess == '0;
  assign same_side = (sum_q < 0) == (excess < 0);
  assign invert = even ? !chosen_xor_q : same_side;
  // Bits 8 and 9 count too; with an even choice they cancel.
  assign correction = even ? 5'sd0 : invert ? $signed(
      {4'd0, chosen_xor_q}
  ) : -$signed(
      {4'd0, !chosen_xor_q}
  );

  always_ff @(posedge clk_i) begin
    if (!active_q) begin
      sum_q <= '0;
      case (control_q)
        2'd0:    symbol_o <= Control0;
        2'd1:    symbol_o <= Control1;
        2'd2:    symbol_o <= Control2;
        default: symbol_o <= Control3;
      endcase
    end else begin
      sum_q    <= sum_q + (invert ? -excess : excess) + correction;
      symbol_o <= {invert, chosen_xor_q, invert ? ~chain_q : chain_q};
    end
  end

endmodule : video_tmds
