// SPDX-License-Identifier: Apache-2.0
//
// board_chunk -- the bytes of a chunk request, out of the ring, one by one.
//
//   payload[First] ... payload[length - 1]  ->  out
//
// Latency     4 cycles from start_i to the first byte      Throughput  a byte every 4 cycles
// Golden      builtins.bytes     Test  tb/board_chunk
module board_chunk #(
  parameter int First = 8
) (
  input logic clk_i,
  input logic rst_ni,

  input  logic       start_i,
  input  logic [7:0] length_i,  // of the payload: more than First
  output logic       busy_o,

  output logic [7:0] payload_index_o,
  input  logic [7:0] payload_data_i,   // 3 cycles after its index

  output logic       out_valid_o,
  input  logic       out_ready_i,
  output logic [7:0] out_data_o
);

  localparam logic [2:0] ReadLatency = 3'd3;

  logic busy_q;
  logic [2:0] wait_q;
  logic [7:0] index_q, last_q;

  assign busy_o          = busy_q;
  assign payload_index_o = index_q;
  assign out_valid_o     = busy_q && wait_q == ReadLatency;
  assign out_data_o      = payload_data_i;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      busy_q <= 1'b0;
      wait_q <= '0;
    end else if (!busy_q) begin
      busy_q <= start_i;
      wait_q <= '0;
    end else if (wait_q != ReadLatency) wait_q <= wait_q + 1'b1;
    else if (out_ready_i) begin
      wait_q <= '0;
      busy_q <= index_q != last_q;
    end
  end

  always_ff @(posedge clk_i) begin
    if (!busy_q) begin
      index_q <= 8'(First);
      last_q  <= length_i - 8'd1;
    end else if (out_valid_o && out_ready_i) index_q <= index_q + 1'b1;
  end

endmodule : board_chunk
