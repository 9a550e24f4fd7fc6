// SPDX-License-Identifier: Apache-2.0
//
// mem_rom -- constants from a generated hex file, behind an address and an output register.
//
//   data_o(t + 2) = word[addr_i(t)]                     en_i holds both registers while low
//
// Format   File: one hexadecimal word of Width bits a line, Depth lines ($readmemh)
// Latency  2 enabled cycles: block RAM read, then its output register
// Golden   model/dcgan/hw/rom.py: build_roms()     Test  tb/mem_rom
module mem_rom #(
  parameter  int Width     = 8,
  parameter  int Depth     = 256,
  parameter      File      = "",
  localparam int AddrWidth = (Depth > 1) ? $clog2(Depth) : 1
) (
  input  logic                 clk_i,
  input  logic                 en_i,
  input  logic [AddrWidth-1:0] addr_i,
  output logic [    Width-1:0] data_o
);

  logic [Width-1:0] words[Depth];
  logic [Width-1:0] word_q, data_q;

  initial $readmemh(File, words);

  always_ff @(posedge clk_i) begin
    if (en_i) begin
      word_q <= words[addr_i];
      data_q <= word_q;
    end
  end

  assign data_o = data_q;

endmodule : mem_rom
