// SPDX-License-Identifier: Apache-2.0
//
// mem_table -- numbers of a network: from a generated hex file at power-up, from a loader after it.
//
//   data_o(t + 3) = word[addr_i(t)]                     en_i holds all three registers while low
//   load_i = {slice, address, 36 bits}                  bits 36 * slice ... of a word, when load_valid_i
//   load_i = {CheckSlice, address, -}                   odd_o(t + CheckLatency): parity of the whole word
//
// A word may be a thousand bits wide.  It is written in slices of 36 bits, the width of a block RAM, so each
// slice has a write enable of its own.  Nothing may be read that is written in the same cycle.  A check takes the
// reader's place, also while it is held: nobody may need what was read, or what is read in the five cycles that follow
// the word on the bus.
// Format   File: one hexadecimal word of Width bits a line, Depth lines ($readmemh)
// Latency  reading 3 enabled cycles: address, block RAM, its output register; writing 3 cycles; checking 8
// Golden   model/dcgan/hw/rom.py: build_roms()     Test  tb/mem_table
module mem_table #(
  parameter  int Width     = 8,
  parameter  int Depth     = 256,
  parameter      File      = "",
  localparam int AddrWidth = (Depth > 1) ? $clog2(Depth) : 1,
  localparam int LoadWidth = mem_pkg::LoadWidth
) (
  input  logic                 clk_i,
  input  logic                 en_i,
  input  logic [AddrWidth-1:0] addr_i,
  output logic [    Width-1:0] data_o,

  input logic                 load_valid_i,
  input logic [LoadWidth-1:0] load_i,

  output logic odd_o
);

  localparam int SliceBits = mem_pkg::SliceBits;
  localparam int Slices = (Width + SliceBits - 1) / SliceBits;
  localparam int Rest = (Slices - 1) * SliceBits;  // where the last slice begins

  // Block RAM even where it is small: there it can be exchanged in a bitstream.
  (* ram_style = "block" *) logic [Width-1:0] contents[Depth];
  logic [Width-1:0] word_q, data_q;

  initial $readmemh(File, contents);

  logic check_q, far_check_q, checked_q, read;
  logic [AddrWidth-1:0] addr_q, load_addr_q;

  assign read = en_i || check_q || far_check_q || checked_q;

  // A wide word fills many block RAMs: its address crosses the chip, with no logic behind the register.
  always_ff @(posedge clk_i) begin
    if (read) begin
      addr_q <= check_q ? load_addr_q : addr_i;
      word_q <= contents[addr_q];
      data_q <= word_q;
    end
  end

  assign data_o = data_q;

  // ---- writing: from a loader that may be far away -----------------------------------------------
  // A table keeps only what is meant for it. Synthesis would make one register of the equal ones of all tables, and
  // the way from there to the farthest of them would be as long as the one that was cut.
  logic [Slices-1:0] write_q;
  logic [mem_pkg::SliceWidth-1:0] slice;
  logic [SliceBits-1:0] load_data_q;
  logic [LoadWidth-1:0] bus_q;
  logic bus_valid_q;

  assign slice = bus_q[LoadWidth-1-:mem_pkg::SliceWidth];

  initial begin  // at power-up nothing may be written over what the bitstream brought
    write_q     = '0;
    bus_valid_q = 1'b0;
  end

  always_ff @(posedge clk_i) begin
    bus_valid_q <= load_valid_i;
    if (load_valid_i) bus_q <= load_i;
    for (int s = 0; s < Slices; s++) begin
      write_q[s] <= bus_valid_q && slice == mem_pkg::SliceWidth'(s);
    end
    check_q     <= bus_valid_q && slice == mem_pkg::CheckSlice;
    load_addr_q <= bus_q[SliceBits+:AddrWidth];
    load_data_q <= bus_q[SliceBits-1:0];
    far_check_q <= check_q;
    checked_q   <= far_check_q;
  end

  if (Slices > 1) begin : gen_wide
    always_ff @(posedge clk_i) begin
      for (int s = 0; s < Slices - 1; s++) begin
        if (write_q[s]) contents[load_addr_q][s*SliceBits+:SliceBits] <= load_data_q;
      end
      if (write_q[Slices-1]) contents[load_addr_q][Width-1:Rest] <= load_data_q[Width-1-Rest:0];
    end
  end else begin : gen_narrow
    always_ff @(posedge clk_i) if (write_q[0]) contents[load_addr_q] <= load_data_q[Width-1:0];
  end

  // ---- checking: a word lies on both sides of the chip, so every twelve bits have a register --------
  localparam int Part = 12;  // two look-up tables deep
  localparam int Parts = (Width + Part - 1) / Part;
  localparam int Groups = (Parts + Part - 1) / Part;

  logic [Groups*Part*Part-1:0] whole;
  logic [Groups*Part-1:0] part_q;
  logic [Groups-1:0] group_q;

  assign whole = (Groups * Part * Part)'(data_q);

  for (genvar p = 0; p < Groups * Part; p++) begin : gen_part
    always_ff @(posedge clk_i) part_q[p] <= ^whole[p*Part+:Part];
  end

  for (genvar g = 0; g < Groups; g++) begin : gen_group
    always_ff @(posedge clk_i) group_q[g] <= ^part_q[g*Part+:Part];
  end

  always_ff @(posedge clk_i) odd_o <= ^group_q;

  logic unused;
  assign unused = ^{bus_q, load_data_q};

`ifndef SYNTHESIS
  initial begin
    if (AddrWidth > mem_pkg::LoadAddrWidth || Slices >= 2 ** mem_pkg::SliceWidth)
      $fatal(1, "%m: Width=%0d, Depth=%0d: too large for the loader", Width, Depth);
  end
`endif

endmodule : mem_table
