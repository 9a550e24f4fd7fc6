// SPDX-License-Identifier: Apache-2.0
//
// mem_pkg -- how a loader names what it writes: {slice of a word, address, bits}.
package mem_pkg;

  localparam int SliceBits = 36;  // of a block RAM; a multiple of what its narrower modes give
  localparam int LoadAddrWidth = 20;
  localparam int SliceWidth = 12;
  localparam int LoadWidth = SliceWidth + LoadAddrWidth + SliceBits;

endpackage : mem_pkg
