// SPDX-License-Identifier: Apache-2.0
//
// mem_ram -- one write port, one read port, behind an address and an output register.
//
//   read_data_o(t + 2) = word[read_addr_i(t)]           read_en_i holds both registers while low
//
// A word written at an edge is seen by reads from the next edge on. Reading a word at the very edge
// that writes it is undefined here, because block RAMs differ: the users never do it.
// Latency  2 enabled cycles: block RAM read, then its output register
// Golden   builtins.list     Test  tb/mem_ram
module mem_ram #(
  parameter  int Width     = 8,
  parameter  int Depth     = 256,
  localparam int AddrWidth = (Depth > 1) ? $clog2(Depth) : 1
) (
  input logic clk_i,

  input logic                 write_en_i,
  input logic [AddrWidth-1:0] write_addr_i,
  input logic [    Width-1:0] write_data_i,

  input  logic                 read_en_i,
  input  logic [AddrWidth-1:0] read_addr_i,
  output logic [    Width-1:0] read_data_o
);

  logic [Width-1:0] words[Depth];
  logic [Width-1:0] word_q, data_q;

  always_ff @(posedge clk_i) begin
    if (write_en_i) words[write_addr_i] <= write_data_i;
  end

  always_ff @(posedge clk_i) begin
    if (read_en_i) begin
      word_q <= words[read_addr_i];
      data_q <= word_q;
    end
  end

  assign read_data_o = data_q;

endmodule : mem_ram
