// SPDX-License-Identifier: Apache-2.0
//
// uart_rx_formal -- a glitch starts nothing, a byte is one pulse, and the receiver comes back by itself.
//
// samples_q holds the line of the last cycles, newest first: bits 4 to 2 are those of the majority.
//
// Sources  rtl/mem/mem_constant.sv, rtl/uart/uart_rx.sv
// Proof    induction 6
// Reach    90
`include "formal.svh"

module uart_rx_formal #(
  parameter int ClockHz = 8,
  parameter int Baud    = 1
) (
  input logic clk_i,
  input logic rst_ni,
  input logic rx_i
);

  localparam int Idle = 0;
  localparam int Receive = 1;
  localparam int Recover = 2;

  logic out_valid_o, error_o, valid_q, error_q;
  logic [7:0] out_data_o;
  logic [4:0] samples_q;
  logic [1:0] state_q;
  logic [1:0] lows, lows_q;

  `FORMAL_RESET(clk_i, rst_ni)

  uart_rx #(
    .ClockHz(ClockHz),
    .Baud   (Baud)
  ) dut (
    .*
  );

  assign lows = 2'(!samples_q[2]) + 2'(!samples_q[3]) + 2'(!samples_q[4]);

  always_ff @(posedge clk_i) begin
    samples_q <= rst_ni ? {samples_q[3:0], rx_i} : '1;
    state_q   <= dut.state_q;
    lows_q    <= lows;
    valid_q   <= out_valid_o;
    error_q   <= error_o;
  end

  always_comb begin
    // bug: if (!rst_ni) line_q <= '1; ==> if (!rst_ni) line_q <= '0;
    `PROVE(SamplesAreTheLine, past_q, dut.line_q == samples_q)
    // bug: (line_q[2] && line_q[3]) || ==> (line_q[2] || line_q[3]) ||
    `PROVE(LineIsMajority, past_q, dut.line == (lows < 2'd2))
    // bug: Idle: begin ==> Idle: begin if (!line_q[2]) state_q <= Receive;
    `PROVE(GlitchStartsNothing, past_q && ran_q && state_q == 2'(Idle) && lows_q < 2'd2, dut.state_q == 2'(Idle))
    // bug: if (!line) state_q <= Receive; ==> if (!line && looks_q[0]) state_q <= Receive;
    `PROVE(LowLineStarts, past_q && ran_q && state_q == 2'(Idle) && lows_q >= 2'd2, dut.state_q == 2'(Receive))
    // bug: default: if (line) state_q <= Idle; ==> default: ;
    `PROVE(HighLineRecovers, past_q && ran_q && state_q == 2'(Recover) && lows_q < 2'd2, dut.state_q == 2'(Idle))
    // bug: default: if (line) state_q <= Idle; ==> default: state_q <= Idle;
    `PROVE(RecoverNeedsHigh, past_q && ran_q && state_q == 2'(Recover) && lows_q >= 2'd2, dut.state_q == 2'(Recover))
    // bug: state_q <= Recover; ==> state_q <= Receive;
    `PROVE(RecoverAfterReset, past_q && !ran_q, dut.state_q == 2'(Recover) && !out_valid_o && !error_o)
  end

endmodule : uart_rx_formal
