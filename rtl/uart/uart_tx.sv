// SPDX-License-Identifier: Apache-2.0
//
// uart_tx -- bytes to a serial line (8 data bits, no parity, 1 stop bit).
//
//   phase += Step  modulo 2^24,   Step = 2^24 * Baud / ClockHz        one wrap = one bit time
//   line   idle 1 | start 0 | b0 b1 ... b7 | stop 1
//
// Frames follow each other without a gap while bytes are on offer.
// Latency     1 cycle from beat to start bit      Throughput  1 byte per 10 bit times
// Golden      tb/lib/serial_line.py: byte_of() -- the frames on the line
// Test        tb/uart_tx
module uart_tx #(
  parameter int ClockHz = 100_000_000,
  parameter int Baud    = 3_000_000
) (
  input logic clk_i,
  input logic rst_ni,

  input  logic       in_valid_i,
  output logic       in_ready_o,
  input  logic [7:0] in_data_i,

  output logic tx_o
);

  localparam int PhaseWidth = 24;
  localparam longint Scaled = (64'(Baud) << PhaseWidth) + 64'(ClockHz / 2);
  localparam int Step = int'(Scaled / 64'(ClockHz));
  localparam logic [3:0] FrameBits = 4'd10;

  logic [PhaseWidth:0] phase_q;
  logic [3:0] left_q;
  logic [8:0] shift_q;
  logic tx_q, bit_end, accept;
  logic [PhaseWidth:0] step;

  // The clock is no part of the netlist.
  mem_constant #(
    .Width(PhaseWidth + 1),
    .Value(Step)
  ) u_step (
    .value_o(step)
  );

  assign bit_end    = phase_q[PhaseWidth];
  assign in_ready_o = left_q == '0;
  assign accept     = in_valid_i && in_ready_o;
  assign tx_o       = tx_q;

  // The phase keeps its fraction through a burst, so a burst never drifts from the baud rate.
  always_ff @(posedge clk_i) begin
    if (!rst_ni) phase_q <= '0;
    else if (left_q == '0) phase_q <= accept ? {1'b0, phase_q[PhaseWidth-1:0]} + step : '0;
    else phase_q <= {1'b0, phase_q[PhaseWidth-1:0]} + step;
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      left_q <= '0;
      tx_q   <= 1'b1;
    end else if (accept) begin
      left_q <= FrameBits;
      tx_q   <= 1'b0;
    end else if (left_q != '0 && bit_end) begin
      left_q <= left_q - 4'd1;
      tx_q   <= shift_q[0];
    end
  end

  // Data flip-flops carry no reset; the stop bit and the idle line are shifted in as ones.
  always_ff @(posedge clk_i) begin
    if (accept) shift_q <= {1'b1, in_data_i};
    else if (bit_end) shift_q <= {1'b1, shift_q[8:1]};
  end

`ifndef SYNTHESIS
  initial begin
    if (ClockHz / Baud < 4)
      $fatal(1, "%m: ClockHz=%0d gives fewer than 4 cycles a bit at Baud=%0d", ClockHz, Baud);
  end
`endif

endmodule : uart_tx
