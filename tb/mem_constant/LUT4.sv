// SPDX-License-Identifier: Apache-2.0
//
// LUT4 -- what the look-up table of the ECP5 does, for simulation: Z = INIT[{D, C, B, A}].
module LUT4 #(
  parameter logic [15:0] INIT = '0
) (
  input  logic A,
  input  logic B,
  input  logic C,
  input  logic D,
  output logic Z
);

  assign Z = INIT[{D, C, B, A}];

endmodule : LUT4
