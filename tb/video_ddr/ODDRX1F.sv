// SPDX-License-Identifier: Apache-2.0
//
// ODDRX1F -- what the double data rate register of the ECP5 does, for simulation: D0 and D1 of a rising edge leave in
// the two halves of the cycle behind it.
module ODDRX1F (
  input  logic SCLK,
  input  logic RST,
  input  logic D0,
  input  logic D1,
  output logic Q
);

  logic high_q, low_q;

  always_ff @(posedge SCLK) begin
    high_q <= D0 && !RST;
    low_q  <= D1 && !RST;
  end

  assign Q = SCLK ? high_q : low_q;

endmodule : ODDRX1F
