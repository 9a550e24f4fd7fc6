// SPDX-License-Identifier: Apache-2.0
//
// uart_port -- both directions of a serial line, with a small FIFO in front of the transmitter.
//
//   rx_i -> uart_rx -> out          in -> stream_fifo -> uart_tx -> tx_o
//
// Contract  received bytes cannot wait (uart_rx); bytes to send can (stream_fifo)
// Golden    collections.deque -- the bytes sent, in order
// Test      tb/uart_port
module uart_port #(
  parameter int ClockHz   = 100_000_000,
  parameter int Baud      = 3_000_000,
  parameter int FifoDepth = 16
) (
  input logic clk_i,
  input logic rst_ni,

  input  logic rx_i,
  output logic tx_o,

  output logic       out_valid_o,
  output logic [7:0] out_data_o,
  output logic       error_o,

  input  logic       in_valid_i,
  output logic       in_ready_o,
  input  logic [7:0] in_data_i
);

  logic tx_valid, tx_ready;
  logic [7:0] tx_data;

  uart_rx #(
    .ClockHz(ClockHz),
    .Baud   (Baud)
  ) u_rx (
    .clk_i,
    .rst_ni,
    .rx_i,
    .out_valid_o,
    .out_data_o,
    .error_o
  );

  stream_fifo #(
    .Width(8),
    .Depth(FifoDepth)
  ) u_fifo (
    .clk_i,
    .rst_ni,
    .in_valid_i,
    .in_ready_o,
    .in_data_i,
    .out_valid_o(tx_valid),
    .out_ready_i(tx_ready),
    .out_data_o (tx_data)
  );

  uart_tx #(
    .ClockHz(ClockHz),
    .Baud   (Baud)
  ) u_tx (
    .clk_i,
    .rst_ni,
    .in_valid_i(tx_valid),
    .in_ready_o(tx_ready),
    .in_data_i (tx_data),
    .tx_o
  );

endmodule : uart_port
