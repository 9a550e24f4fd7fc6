// SPDX-License-Identifier: Apache-2.0
//
// board_crc32_formal -- one byte a step equals eight single bits; a message with its own CRC ends good.
//
// The bitwise form shifts left with the polynomial as it is printed, 04C11DB7, on the state turned
// end to end: another way of writing the same division.
//
// Sources  rtl/board/board_crc32.sv
// Proof    induction 6
// Reach    8
`include "formal.svh"

module board_crc32_formal (
  input logic       clk_i,
  input logic       clear_i,
  input logic       valid_i,
  input logic [7:0] data_i,
  input logic       own_i
);

  localparam logic [31:0] Polynomial = 32'h04C1_1DB7;

  logic [31:0] crc_o, before_q, bitwise, state_before, sent_q;
  logic [7:0] data_q;
  logic good_o, past_q = 1'b0, clear_q, valid_q, top;
  logic [2:0] own_q = '0;

  board_crc32 dut (.*);

  function automatic logic [31:0] turned(input logic [31:0] value);
    for (int b = 0; b < 32; b++) turned[b] = value[31-b];
  endfunction

  assign state_before = ~before_q;

  always_comb begin
    bitwise = turned(state_before);
    for (int b = 0; b < 8; b++) begin
      top = bitwise[31] ^ data_q[b];
      bitwise = (bitwise << 1) ^ (top ? Polynomial : 32'd0);
    end
  end

  // own_q: so many bytes of its own CRC have just followed the message.
  always_ff @(posedge clk_i) begin
    past_q   <= 1'b1;
    before_q <= crc_o;
    data_q   <= data_i;
    clear_q  <= clear_i;
    valid_q  <= valid_i;
    if (clear_i || !valid_i || own_q == 3'd4) own_q <= '0;
    else if (own_q == '0 && own_i && data_i == crc_o[7:0]) begin
      own_q  <= 3'd1;
      sent_q <= crc_o >> 8;
    end else if (own_q != '0 && data_i == sent_q[7:0]) begin
      own_q  <= own_q + 1'b1;
      sent_q <= sent_q >> 8;
    end else own_q <= '0;
  end

  always_comb begin
    // bug: folded >> 1 ==> folded << 1
    `PROVE(StepEqualsBits, past_q && valid_q && !clear_q, crc_o == ~turned(bitwise))
    // bug: 32'hFFFF_FFFF ==> 32'h0000_0000
    `PROVE(ClearBegins, past_q && clear_q, crc_o == '0)
    // bug: else if (valid_i) state_q ==> else state_q
    `PROVE(HoldsWithoutByte, past_q && !valid_q && !clear_q, crc_o == before_q)
    // bug: 32'hDEBB_20E3 ==> 32'hDEBB_20E2
    `PROVE(OwnCrcIsGood, past_q && own_q == 3'd4, good_o)
  end

endmodule : board_crc32_formal
