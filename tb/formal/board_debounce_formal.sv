// SPDX-License-Identifier: Apache-2.0
//
// board_debounce_formal -- a press is one pulse, and needs a button that rests.
//
// pressed_q holds the button of the last cycles, newest first.
//
// Sources  rtl/board/board_debounce.sv
// Proof    induction 9
// Reach    18
`include "formal.svh"

module board_debounce_formal #(
  parameter int Cycles = 4
) (
  input logic clk_i,
  input logic rst_ni,
  input logic button_i
);

  localparam int Latency = 3;  // two flip-flops against metastability, and the pulse itself

  logic press_o, press_q;
  logic [Cycles+Latency-1:0] pressed_q;

  `FORMAL_RESET(clk_i, rst_ni)

  board_debounce #(
    .Cycles(Cycles)
  ) dut (
    .*
  );

  always_ff @(posedge clk_i) begin
    press_q   <= press_o;
    pressed_q <= rst_ni ? (Cycles + Latency)'({pressed_q, button_i}) : '0;
  end

  always_comb begin
    // bug: count_q == CountWidth'(Cycles - 1) ==> count_q == CountWidth'(Cycles - 2)
    `PROVE(PressNeedsRest, past_q && press_o, &pressed_q[Cycles+Latency-1-:Cycles+1])
    // bug: press_q <= settled_q && differs && sync_q[1]; ==> press_q <= stable_q;
    `PROVE(PressIsOneCycle, past_q && press_q, !press_o)
    // bug: settled_q && differs && sync_q[1] ==> settled_q && differs
    `PROVE(PressMeansDown, past_q && press_o, dut.stable_q)
    // bug: (differs && !settled_q) ? count_q + 1'b1 : '0 ==> count_q + 1'b1
    `PROVE(CountEnds, past_q, 32'(dut.count_q) <= Cycles)
    // bug: stable_q <= 1'b0; ==> stable_q <= 1'b1;
    `PROVE(UpAfterReset, past_q && !ran_q, !press_o && !dut.stable_q)
  end

endmodule : board_debounce_formal
