// SPDX-License-Identifier: Apache-2.0
//
// board_debounce -- one pulse for each press of a bouncing push button.
//
//   button  ____|~|_|~~~~~~~~~~~~~~~~|_|~|_______
//   stable  _________________|~~~~~~~~~~~~~~~~~~~~~~|____     after Cycles steady cycles
//   press_o _________________|_______________________
//
// Latency  Cycles + 3 after the last bounce
// Golden   tb/board_debounce/test_board_debounce.py: expected_presses()     Test  tb/board_debounce
module board_debounce #(
  parameter int Cycles = 1_000_000
) (
  input logic clk_i,
  input logic rst_ni,

  input  logic button_i,
  output logic press_o
);

  localparam int CountWidth = $clog2(Cycles + 1);

  logic [1:0] sync_q;
  logic [CountWidth-1:0] count_q;
  logic stable_q, press_q, differs, settled_q;

  assign differs = sync_q[1] != stable_q;
  assign press_o = press_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      sync_q <= '0;
      count_q <= '0;
      stable_q <= 1'b0;
      press_q <= 1'b0;
      settled_q <= 1'b0;
    end else begin
      // One cycle ahead of the count that it stands for.
      settled_q <= differs && !settled_q && count_q == CountWidth'(Cycles - 1);
      sync_q <= {sync_q[0], button_i};
      count_q <= (differs && !settled_q) ? count_q + 1'b1 : '0;
      press_q <= settled_q && differs && sync_q[1];
      if (settled_q && differs) stable_q <= sync_q[1];
    end
  end

`ifndef SYNTHESIS
  initial begin
    if (Cycles < 1) $fatal(1, "%m: Cycles=%0d, must be at least 1", Cycles);
  end
`endif

endmodule : board_debounce
