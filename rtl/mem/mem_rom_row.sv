// SPDX-License-Identifier: Apache-2.0
//
// mem_rom_row -- a ROM as deep as one block RAM, with several words in each row.
//
//   data_o(t + 5) = bank bank_i(t) of row row_i(t)
//
//   row r:  | bank 0 | bank 1 | ... | bank Banks - 1 |
//
// A deep ROM is many blocks with a multiplexer behind them, which shuts their output registers out. Laid
// side by side every block keeps its register, and the choice of the word has two stages of its own:
// among four neighbours, then among what is left. The address rests once before it crosses the chip: copies of
// that register, made on the netlist, each serve a few blocks.
// Format   File: one row a line, bank b in bits [b * Width +: Width] ($readmemh)
// Latency  5 cycles: address, block RAM read, its output register, choice of the bank
// Golden   model/dcgan/hw/rom_words.py: layer1_words()     Test  tb/mem_rom_row
module mem_rom_row #(
  parameter  int Width     = 8,
  parameter  int Banks     = 4,
  parameter  int Rows      = 512,
  parameter      File      = "",
  localparam int RowWidth  = (Rows > 1) ? $clog2(Rows) : 1,
  localparam int BankWidth = (Banks > 1) ? $clog2(Banks) : 1
) (
  input  logic                 clk_i,
  input  logic [ RowWidth-1:0] row_i,
  input  logic [BankWidth-1:0] bank_i,
  output logic [    Width-1:0] data_o
);

  localparam int Near = 4;
  localparam int NearWidth = $clog2(Near);
  localparam int Groups = (Banks + Near - 1) / Near;

  logic [Groups*Near-1:0][Width-1:0] words;
  logic [Groups-1:0][Width-1:0] chosen_q;
  logic [RowWidth-1:0] row_q;
  logic [2:0][NearWidth+BankWidth-1:0] bank_q;
  logic [BankWidth-1:0] group_q;
  logic [Width-1:0] data_q;

  mem_rom #(
    .Width(Banks * Width),
    .Depth(Rows),
    .File (File)
  ) u_rows (
    .clk_i,
    .en_i  (1'b1),
    .addr_i(row_q),
    .data_o(words[Banks-1:0])
  );

  if (Groups * Near > Banks) begin : gen_absent
    assign words[Groups*Near-1:Banks] = '0;
  end

  always_ff @(posedge clk_i) begin
    row_q   <= row_i;
    bank_q  <= {bank_q[1:0], (NearWidth + BankWidth)'(bank_i)};
    group_q <= bank_q[2][NearWidth+:BankWidth];
    for (int g = 0; g < Groups; g++) begin
      chosen_q[g] <= words[g*Near+32'(bank_q[2][NearWidth-1:0])];
    end
    data_q <= chosen_q[group_q];
  end

  assign data_o = data_q;

endmodule : mem_rom_row
