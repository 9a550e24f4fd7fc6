// SPDX-License-Identifier: Apache-2.0
//
// uart_rx -- serial line (8 data bits, no parity, 1 stop bit) to bytes.
//
//   phase += Step  modulo 2^24,   Step = 2^24 * Baud / ClockHz        one wrap = one bit time
//
//   line   ~~~\_start_/ b0 X b1 X ... X b7 / stop ~~~
//              ^half    ^1.5  ^2.5      ^8.5   ^9.5 bit times after the falling edge: one look each
//
// The divider is fractional (error below 2^-24 * ClockHz / Baud of a bit), so any clock serves any
// baud rate; a sender may be off by 4 percent (2 percent at 8 cycles a bit).  A byte whose stop bit is low is dropped
// and counted by the user of error_o; the line must rise before the next start bit is looked for.
// Format      rx_i idle high, asynchronous; out_data_o least significant bit first on the line
// Latency     9.5 bit times plus 5 cycles     Throughput  back to back frames
// Contract    a byte cannot be held: out_valid_o is one cycle long, a FIFO takes it
// Golden      tb/lib/serial_line.py: frame_levels() -- the bytes of the frames on the line
// Test        tb/uart_rx
module uart_rx #(
  parameter int ClockHz = 100_000_000,
  parameter int Baud    = 3_000_000
) (
  input logic clk_i,
  input logic rst_ni,

  input logic rx_i,

  output logic       out_valid_o,
  output logic [7:0] out_data_o,
  output logic       error_o
);

  localparam int PhaseWidth = 24;
  localparam longint Scaled = (64'(Baud) << PhaseWidth) + 64'(ClockHz / 2);
  localparam int Step = int'(Scaled / 64'(ClockHz));
  localparam logic [PhaseWidth:0] HalfBit = (PhaseWidth + 1)'(1) << (PhaseWidth - 1);
  localparam logic [3:0] StartLook = 4'd0;
  localparam logic [3:0] StopLook = 4'd9;

  typedef enum logic [1:0] {
    Idle,
    Receive,
    Recover
  } state_e;

  // ---- the line: two flip-flops against metastability, then a majority of three ----------------
  logic [4:0] line_q;
  logic line;

  assign line = (line_q[2] && line_q[3]) || (line_q[2] && line_q[4]) || (line_q[3] && line_q[4]);

  always_ff @(posedge clk_i) begin
    if (!rst_ni) line_q <= '1;
    else line_q <= {line_q[3:0], rx_i};
  end

  // ---- the clock, no part of the netlist -------------------------------------------------------
  logic [PhaseWidth:0] step, first_phase;

  mem_constant #(
    .Width(PhaseWidth + 1),
    .Value(Step)
  ) u_step (
    .value_o(step)
  );

  // The phase begins to count one cycle after the edge is seen, and a wrap is seen half a cycle late.
  assign first_phase = HalfBit + step + (step >> 1);

  // ---- one look at the middle of every bit -----------------------------------------------------
  state_e state_q;
  logic [PhaseWidth:0] phase_q;
  logic [3:0] looks_q;
  logic [7:0] data_q;
  logic look, valid_q, error_q;

  assign look        = phase_q[PhaseWidth];
  assign out_valid_o = valid_q;
  assign out_data_o  = data_q;
  assign error_o     = error_q;

  always_ff @(posedge clk_i) begin
    if (state_q != Receive) phase_q <= first_phase;
    else phase_q <= {1'b0, phase_q[PhaseWidth-1:0]} + step;
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      state_q <= Recover;
      looks_q <= '0;
      valid_q <= 1'b0;
      error_q <= 1'b0;
    end else begin
      valid_q <= 1'b0;
      error_q <= 1'b0;
      case (state_q)
        Idle: begin
          looks_q <= '0;
          if (!line) state_q <= Receive;
        end
        Receive:
        if (look) begin
          looks_q <= looks_q + 4'd1;
          // A start bit that has gone by its middle was a glitch.
          if (looks_q == StartLook && line) state_q <= Idle;
          if (looks_q == StopLook) begin
            state_q <= line ? Idle : Recover;
            valid_q <= line;
            error_q <= !line;
          end
        end
        default: if (line) state_q <= Idle;
      endcase
    end
  end

  // Data flip-flops carry no reset: they mean nothing until valid_q.
  always_ff @(posedge clk_i) begin
    if (look && looks_q != StopLook) data_q <= {line, data_q[7:1]};
  end

`ifndef SYNTHESIS
  initial begin
    if (ClockHz / Baud < 8)
      $fatal(1, "%m: ClockHz=%0d gives fewer than 8 cycles a bit at Baud=%0d", ClockHz, Baud);
  end
`endif

endmodule : uart_rx
