// SPDX-License-Identifier: Apache-2.0
//
// board_reset -- an asynchronous "go" (a PLL that has locked) becomes a synchronous reset.
//
//   go_i  ______|~~~~~~~~~~~~~~~~~      rst_no  ______________|~~~~~~~~~      Cycles clocks later
//
// The decision rests in a flip-flop before it goes to the copies of the reset all over the chip.
// Latency  Cycles + 3 after go_i rises; 3 cycles after it falls
// Golden   tb/board_reset/test_board_reset.py: expected_reset()     Test  tb/board_reset
module board_reset #(
  parameter int Cycles = 16
) (
  input  logic clk_i,
  input  logic go_i,
  output logic rst_no
);

  localparam int CountWidth = $clog2(Cycles + 1);

  logic [1:0] sync_q;
  logic [CountWidth-1:0] count_q;
  logic counted_q, released_q;

  // An FPGA starts with these at zero; a simulator must be told.
  initial begin
    sync_q     = '0;
    count_q    = '0;
    counted_q  = 1'b0;
    released_q = 1'b0;
  end

  always_ff @(posedge clk_i) begin
    sync_q     <= {sync_q[0], go_i};
    counted_q  <= sync_q[1] && count_q == CountWidth'(Cycles);
    released_q <= counted_q;
    if (!sync_q[1]) count_q <= '0;
    else if (count_q != CountWidth'(Cycles)) count_q <= count_q + 1'b1;
  end

  assign rst_no = released_q;

endmodule : board_reset
