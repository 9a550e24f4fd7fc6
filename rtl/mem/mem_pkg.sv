// SPDX-License-Identifier: Apache-2.0
//
// mem_pkg -- how a loader names what it writes: {slice of a word, address, bits}, and what is read to be checked; how
// long reading takes.
package mem_pkg;

  localparam int SliceBits = 36;  // of a block RAM; a multiple of what its narrower modes give
  localparam int LoadAddrWidth = 20;
  localparam int SliceWidth = 12;
  localparam int LoadWidth = SliceWidth + LoadAddrWidth + SliceBits;

  // In the place of a slice: nothing is written, the word is read and its parity given back.
  localparam logic [SliceWidth-1:0] CheckSlice = '1;
  localparam int CheckLatency = 8;  // cycles until it is there

  localparam int TableLatency = 3;  // cycles of mem_table from an address to its word

endpackage : mem_pkg
