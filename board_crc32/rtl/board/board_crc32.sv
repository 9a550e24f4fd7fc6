// SPDX-License-Identifier: Apache-2.0
//
// board_crc32 -- the CRC-32 of Ethernet and zlib, one byte a cycle.
//
//   state(t+1) = fold(state(t) xor byte)        reflected polynomial 0xEDB88320, start 0xFFFFFFFF
//   crc_o      = not state
//
// A receiver that also folds in the four CRC bytes, low byte first, ends with good_o.
// Latency  1 cycle     Throughput  1 byte per cycle
// Golden   zlib.crc32     Test  tb/board_crc32
module board_crc32 (
  input logic clk_i,

  input logic       clear_i,
  input logic       valid_i,
  input logic [7:0] data_i,

  output logic [31:0] crc_o,
  output logic        good_o
);
  int mutant_q;
  initial if (!$value$plusargs("mutant=%d", mutant_q)) mutant_q = 0;


  localparam logic [31:0] Polynomial = 32'hEDB8_8320;
  localparam logic [31:0] Start = 32'hFFFF_FFFF;
  localparam logic [31:0] Residue = 32'hDEBB_20E3;

  logic [31:0] state_q, folded;

  always_comb begin
    folded = state_q ^ 32'(data_i);
    for (int b = 0; b < 8; b++) folded = (folded >> 1) ^ (Polynomial & -(folded & 32'd1));
  end

  // clear_i begins a message; no other reset is needed.
  always_ff @(posedge clk_i) begin
    if (((mutant_q == 7) ? (!(clear_i)) : (clear_i))) begin if (mutant_q != 8) state_q <= Start; end
    else if (((mutant_q == 9) ? (!(valid_i)) : (valid_i))) state_q <= folded;
  end

  assign crc_o  = ~state_q;
  assign good_o = state_q == Residue;

endmodule : board_crc32
