// SPDX-License-Identifier: Apache-2.0
//
// uart_loop_formal -- what uart_tx sends, uart_rx receives: every byte, at the fewest cycles a bit.
//
// The line of the sender goes to the receiver. frame_q counts the cycles of a frame. Between two frames
// in a row the line is high for one cycle more, and the start bit is shorter by it: no burst drifts.
//
// Sources  rtl/mem/mem_constant.sv, rtl/uart/uart_tx.sv, rtl/uart/uart_rx.sv
// Proof    bounded 90
// Reach    95
`include "formal.svh"

module uart_loop_formal #(
  parameter int ClockHz = 8,
  parameter int Baud    = 1
) (
  input logic       clk_i,
  input logic       rst_ni,
  input logic       in_valid_i,
  input logic [7:0] in_data_i
);

  localparam int CyclesABit = ClockHz / Baud;
  localparam int FrameCycles = 10 * CyclesABit;

  logic in_ready, line, out_valid, error;
  logic [7:0] out_data;

  `FORMAL_RESET(clk_i, rst_ni)

  uart_tx #(
    .ClockHz(ClockHz),
    .Baud   (Baud)
  ) sender (
    .clk_i,
    .rst_ni,
    .in_valid_i,
    .in_ready_o(in_ready),
    .in_data_i,
    .tx_o      (line)
  );

  uart_rx #(
    .ClockHz(ClockHz),
    .Baud   (Baud)
  ) receiver (
    .clk_i,
    .rst_ni,
    .rx_i       (line),
    .out_valid_o(out_valid),
    .out_data_o (out_data),
    .error_o    (error)
  );

  // One reset at the beginning; the receiver has seen an idle line before the first byte.
  logic [7:0] cycle_q = '0;
  always_comb begin
    assume (rst_ni == past_q);
    if (cycle_q < 8'd5) assume (!in_valid_i);
  end

  logic [7:0] frame_q, byte_q, due_q;
  logic [3:0] place;
  logic [9:0] frame;
  logic busy_q;

  assign place = 4'(frame_q / 8'(CyclesABit));
  assign frame = {1'b1, byte_q, 1'b0};

  always_ff @(posedge clk_i) begin
    if (cycle_q != '1) cycle_q <= cycle_q + 1'b1;
    if (!rst_ni) begin
      busy_q  <= 1'b0;
      frame_q <= '0;
    end else if (in_valid_i && in_ready) begin
      busy_q  <= 1'b1;
      frame_q <= 8'(busy_q);
      byte_q  <= in_data_i;
      due_q   <= busy_q ? byte_q : in_data_i;
    end else if (busy_q) begin
      frame_q <= frame_q + 1'b1;
      if (frame_q == 8'(FrameCycles)) busy_q <= 1'b0;
      if (frame_q == 8'(CyclesABit)) due_q <= byte_q;
    end
  end

  always_comb begin
    // bug: tx_q   <= shift_q[0]; ==> tx_q   <= shift_q[1];
    `PROVE(LineIsTheFrame, past_q && busy_q && frame_q < 8'(FrameCycles), line == frame[place])
    // bug: tx_q   <= 1'b1; ==> tx_q   <= 1'b0;
    `PROVE(IdleIsHigh, past_q && !busy_q, line && in_ready)
    // bug: localparam logic [3:0] FrameBits = 4'd10; ==> localparam logic [3:0] FrameBits = 4'd9;
    `PROVE(NotReadyInFrame, past_q && busy_q, in_ready == (frame_q == 8'(FrameCycles)))
    // bug: data_q <= {line, data_q[7:1]}; ==> data_q <= {data_q[6:0], line};
    `PROVE(ByteArrives, past_q && out_valid, out_data == due_q)
    // bug: error_q <= !line; ==> error_q <= line;
    `PROVE(NoFramingError, past_q && ran_q, !error)
  end

endmodule : uart_loop_formal
