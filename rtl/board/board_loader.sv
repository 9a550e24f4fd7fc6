// SPDX-License-Identifier: Apache-2.0
//
// board_loader -- a whole network, byte by byte, into the memories of the Generator.
//
//   image   memories in the order of dcgan_shape_pkg, words in order, slices of 36 bits: five bytes each, the
//           lowest first, the upper four bits of the fifth unused
//
//                 begin_i            last byte, CRC-32 equal
//      Whole ---------------> Loading -----------------------> Whole        run_o: the Generator is out of reset
//                             |  ^                    else ->  Broken       only while a network is whole, so
//                reset -> Broken |                                          no avatar is of two networks
//                             '--' begin_i: from the first byte again
//
//   Whole --spoilt_i--> Decayed --begin_i--> Loading         a bit of a memory changed by itself (board_parity)
//
// What a chip holds after power-up is whole.  Whether it still is must outlive a reset, so state_q has none, nor
// have bytes_q and crc_q, which say how far a load came.
// Latency     run_o 8 cycles after the last byte        Throughput  a byte every 4 cycles
// Golden      model/dcgan/hw/image.py: image_bytes()     Test  tb/board_loader
module board_loader (
  input logic clk_i,
  input logic rst_ni,

  input logic        begin_i,  // forget what was loaded
  input logic [31:0] crc_i,    // CRC-32 of the image that comes
  input logic        spoilt_i, // what is whole is no longer what was loaded

  input  logic       byte_valid_i,
  output logic       byte_ready_o,
  input  logic [7:0] byte_i,

  output logic [ 1:0] state_o,
  output logic [31:0] bytes_o,  // of the image that are in their place
  output logic [31:0] crc_o,    // which image that is
  output logic        run_o,    // reset of the Generator, active low

  output logic [dcgan_shape_pkg::NumMemories-1:0] load_valid_o,
  output logic [          mem_pkg::LoadWidth-1:0] load_o
);

  localparam int NumMemories = dcgan_shape_pkg::NumMemories;
  localparam int AddrWidth = mem_pkg::LoadAddrWidth;
  localparam int SliceWidth = mem_pkg::SliceWidth;
  localparam int SliceBits = mem_pkg::SliceBits;
  localparam int SliceBytes = (SliceBits + 7) / 8;
  localparam int MemoryWidth = $clog2(NumMemories);

  typedef enum logic [1:0] {
    Whole,
    Loading,
    Broken,
    Decayed
  } state_e;

  // A byte is taken, folded and counted; what follows it is judged from registers.
  typedef enum logic [1:0] {
    Take,
    Fold,
    Count,
    Judge
  } step_e;

  state_e state_q;
  step_e step_q;

  // ---- the byte at hand ------------------------------------------------------------------------
  logic [2:0] byte_index_q;
  logic [8*SliceBytes-1:0] slice_q;
  logic [31:0] bytes_q, crc_q, crc;
  logic take, fold, crc_good_q, last_byte_q, slice_end_q, word_end_q, memory_end_q, unused_good;
  logic [7:0] byte_q;

  // Where nothing is loaded a byte is taken and forgotten: whoever sends it cannot hang.
  assign byte_ready_o = step_q == Take && !begin_i;
  assign take = byte_valid_i && byte_ready_o && state_q == Loading;

  assign fold = step_q == Fold;  // outside of the port: there Icarus 11 spoils the name Fold

  board_crc32 u_crc (
    .clk_i,
    .clear_i(begin_i),
    .valid_i(fold),
    .data_i (byte_q),
    .crc_o  (crc),
    .good_o (unused_good)
  );

  always_ff @(posedge clk_i) begin
    if (!rst_ni || begin_i) step_q <= Take;
    else begin
      case (step_q)
        Take:    if (take) step_q <= Fold;
        Fold:    step_q <= Count;
        Count:   step_q <= Judge;
        default: step_q <= Take;
      endcase
    end
  end

  // ---- where it goes -----------------------------------------------------------------------------
  logic [MemoryWidth-1:0] memory_q;
  logic [AddrWidth-1:0] addr_q, last_addr_q;
  logic [SliceWidth-1:0] slice_index_q, last_slice_q;

  always_ff @(posedge clk_i) begin
    // Whether a byte comes is decided far away: it steers the step alone.
    if (step_q == Take) byte_q <= byte_i;
    if (fold) slice_q <= {byte_q, slice_q[8*SliceBytes-1:8]};
    last_addr_q  <= AddrWidth'(dcgan_shape_pkg::memory_words(32'(memory_q)) - 1);
    last_slice_q <= SliceWidth'(dcgan_shape_pkg::memory_slices(32'(memory_q)) - 1);
    slice_end_q  <= byte_index_q == 3'(SliceBytes - 1);
    word_end_q   <= slice_index_q == last_slice_q;
    memory_end_q <= addr_q == last_addr_q;
    last_byte_q  <= bytes_q == 32'(dcgan_shape_pkg::ImageBytes - 1);
    crc_good_q   <= crc == crc_q;
  end

  always_ff @(posedge clk_i) begin
    if (begin_i && rst_ni) begin
      bytes_q       <= '0;
      byte_index_q  <= '0;
      slice_index_q <= '0;
      addr_q        <= '0;
      memory_q      <= '0;
      crc_q         <= crc_i;
    end else if (step_q == Judge) begin
      bytes_q      <= bytes_q + 1'b1;
      byte_index_q <= slice_end_q ? '0 : byte_index_q + 1'b1;
      if (slice_end_q) slice_index_q <= word_end_q ? '0 : slice_index_q + 1'b1;
      if (slice_end_q && word_end_q) addr_q <= memory_end_q ? '0 : addr_q + 1'b1;
      if (slice_end_q && word_end_q && memory_end_q) memory_q <= memory_q + 1'b1;
    end
  end

  always_ff @(posedge clk_i) begin
    for (int m = 0; m < NumMemories; m++) begin
      load_valid_o[m] <= step_q == Judge && slice_end_q && state_q == Loading
                         && memory_q == MemoryWidth'(m);
    end
    load_o <= {slice_index_q, addr_q, slice_q[SliceBits-1:0]};
  end

  // ---- what the chip holds -----------------------------------------------------------------------
  logic [3:0] settled_q;

  initial begin
    state_q      = Whole;
    bytes_q      = '0;
    crc_q        = '0;
    load_valid_o = '0;  // nothing is written over what the bitstream brought
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      if (state_q == Loading) state_q <= Broken;
    end else if (begin_i) state_q <= Loading;
    else if (spoilt_i && state_q == Whole) state_q <= Decayed;
    else if (step_q == Judge && state_q == Loading && last_byte_q) begin
      state_q <= crc_good_q ? Whole : Broken;
    end
  end

  // The last write is in its place before the Generator reads.
  always_ff @(posedge clk_i) begin
    if (!rst_ni) settled_q <= '0;
    else settled_q <= {settled_q[2:0], 1'b1} & {4{state_q == Whole && !begin_i}};
  end

  assign state_o = state_q;
  assign bytes_o = bytes_q;
  assign crc_o   = crc_q;
  assign run_o   = settled_q[3];

  logic unused;
  assign unused = ^slice_q;

endmodule : board_loader
