// SPDX-License-Identifier: Apache-2.0
//
// convt_pkg -- what the modules around a feature map have to agree on.
package convt_pkg;

  // Rows of the ring between two layers (convt_map): a power of two, at least 4.  The cycle model
  // and the block RAM count of model/dcgan/hw have the same number.
  localparam int RingRows = 8;

  // Cycles of arith_mult_pair.
  localparam int MultLatency = 6;

endpackage : convt_pkg
