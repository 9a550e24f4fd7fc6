// SPDX-License-Identifier: Apache-2.0
//
// mem_ram_formal -- a read gives what was written last, two enabled cycles later.
//
// The solver picks one address (tag_q). Reads of a word at the edge that writes it are undefined in
// the contract, and left out here.
//
// Sources  rtl/mem/mem_ram.sv
// Proof    induction 3
// Reach    8
// Cases    Width=2 Depth=4, Width=2 Depth=5
`include "formal.svh"

module mem_ram_formal #(
  parameter  int Width     = 2,
  parameter  int Depth     = 4,
  localparam int AddrWidth = $clog2(Depth)
) (
  input logic                 clk_i,
  input logic                 write_en_i,
  input logic [AddrWidth-1:0] write_addr_i,
  input logic [    Width-1:0] write_data_i,
  input logic                 read_en_i,
  input logic [AddrWidth-1:0] read_addr_i
);

  logic [Width-1:0] read_data_o, word_q, first_q, second_q, before_q;
  logic [AddrWidth-1:0] tag_q;
  logic known_q = 1'b0, first_known_q = 1'b0, second_known_q = 1'b0, held_q = 1'b0;

  mem_ram #(
    .Width(Width),
    .Depth(Depth)
  ) dut (
    .*
  );

  always_comb begin
    assume (32'(write_addr_i) < Depth && 32'(read_addr_i) < Depth && 32'(tag_q) < Depth);
    assume (!(write_en_i && read_en_i && write_addr_i == read_addr_i));
  end

  always_ff @(posedge clk_i) begin
    tag_q    <= tag_q;
    held_q   <= !read_en_i;
    before_q <= read_data_o;
    if (write_en_i && write_addr_i == tag_q) begin
      known_q <= 1'b1;
      word_q  <= write_data_i;
    end
    if (read_en_i) begin
      first_known_q  <= known_q && read_addr_i == tag_q;
      first_q        <= word_q;
      second_known_q <= first_known_q;
      second_q       <= first_q;
    end
  end

  always_comb begin
    // bug: if (write_en_i) words ==> words
    `PROVE(WordIsKept, known_q, dut.words[tag_q] == word_q)
    // bug: word_q <= words[read_addr_i]; ==> word_q <= words[0];
    `PROVE(WordIsRead, first_known_q, dut.word_q == first_q)
    // bug: data_q <= word_q; ==> data_q <= words[read_addr_i];
    `PROVE(ReadGivesLastWrite, second_known_q, read_data_o == second_q)
    // bug: if (read_en_i) begin ==> begin
    `PROVE(HeldWhileLow, held_q, read_data_o == before_q)
  end

endmodule : mem_ram_formal
