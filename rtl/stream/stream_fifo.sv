// SPDX-License-Identifier: Apache-2.0
//
// stream_fifo -- small first-in first-out store in look-up table memory.
//
// Contract    in_ready_o and out_valid_o come straight from flip-flops; out_data_o from memory.
//             Reserved = 1: whoever sends keeps count of the room and never sends a beat too many, so that
//             in_ready_o is not looked at.
// Latency     1 cycle
// Throughput  1 beat per cycle under any backpressure pattern
// Golden      collections.deque     Test  tb/stream_fifo
`include "stream_assert.svh"

module stream_fifo #(
  parameter  int Width     = 8,
  parameter  int Depth     = 16,
  parameter  bit Reserved  = 1'b0,
  localparam int AddrWidth = $clog2(Depth)
) (
  input logic clk_i,
  input logic rst_ni,

  input  logic             in_valid_i,
  output logic             in_ready_o,
  input  logic [Width-1:0] in_data_i,

  output logic             out_valid_o,
  input  logic             out_ready_i,
  output logic [Width-1:0] out_data_o
);

  logic [AddrWidth-1:0] write_q, read_q;
  logic [AddrWidth:0] held_q;
  logic [  Width-1:0] words  [Depth];
  logic valid_q, push, pop;

  assign in_ready_o  = !held_q[AddrWidth];
  assign out_valid_o = valid_q;
  assign out_data_o  = words[read_q];
  assign push        = in_valid_i && (Reserved || in_ready_o);
  assign pop         = valid_q && out_ready_i;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      write_q <= '0;
      read_q  <= '0;
      held_q  <= '0;
      valid_q <= 1'b0;
    end else begin
      if (push) write_q <= write_q + 1'b1;
      if (pop) read_q <= read_q + 1'b1;
      held_q  <= held_q + (AddrWidth + 1)'(push) - (AddrWidth + 1)'(pop);
      valid_q <= push || (held_q > (AddrWidth + 1)'(1)) || (held_q[0] && !pop);
    end
  end

  always_ff @(posedge clk_i) begin
    if (push) words[write_q] <= in_data_i;
  end

`ifndef SYNTHESIS
  always_ff @(posedge clk_i) begin
    if (rst_ni && Reserved && in_valid_i && !in_ready_o) $fatal(1, "%m: a beat too many");
  end
`endif

  `ASSERT_STREAM(OutStable, out_valid_o, out_ready_i, out_data_o)

`ifndef SYNTHESIS
  initial begin
    if (Depth < 2 || 2 ** AddrWidth != Depth)
      $fatal(1, "%m: Depth=%0d, must be a power of two, at least 2", Depth);
  end
`endif

endmodule : stream_fifo
