// SPDX-License-Identifier: Apache-2.0
//
// stream_fifo_formal -- nothing is lost, doubled or reordered; the stream contract holds.
//
// Beats are numbered where they enter and where they leave. The solver picks one number (tag_q): that
// beat leaves with the data it came with, so every beat does. A second store sees another ready
// wherever no beat is on offer, and must offer the same beats: valid does not wait for ready.
//
// Sources  rtl/stream/stream_fifo.sv
// Proof    induction 2
// Reach    12
// Cases    Width=3 Depth=4, Width=2 Depth=2
`include "formal.svh"

module stream_fifo_formal #(
  parameter  int Width      = 3,
  parameter  int Depth      = 4,
  localparam int CountWidth = $clog2(Depth) + 1
) (
  input logic             clk_i,
  input logic             rst_ni,
  input logic             in_valid_i,
  input logic [Width-1:0] in_data_i,
  input logic             out_ready_i,
  input logic             other_ready_i
);

  logic in_ready, out_valid, other_in_ready, other_valid;
  logic [Width-1:0] out_data, other_data;

  `FORMAL_RESET(clk_i, rst_ni)

  stream_fifo #(
    .Width(Width),
    .Depth(Depth)
  ) dut (
    .clk_i,
    .rst_ni,
    .in_valid_i,
    .in_ready_o (in_ready),
    .in_data_i,
    .out_valid_o(out_valid),
    .out_ready_i,
    .out_data_o (out_data)
  );

  stream_fifo #(
    .Width(Width),
    .Depth(Depth)
  ) other (
    .clk_i,
    .rst_ni,
    .in_valid_i,
    .in_ready_o (other_in_ready),
    .in_data_i,
    .out_valid_o(other_valid),
    .out_ready_i(other_ready_i),
    .out_data_o (other_data)
  );

  // ---- beats numbered on both sides, modulo twice the depth ------------------------------------
  logic [CountWidth-1:0] in_q, out_q, held;
  logic [CountWidth-1:0] tag_q;
  logic [Width-1:0] data_q;
  logic tagged_q, moves_in, moves_out;

  assign moves_in  = in_valid_i && in_ready;
  assign moves_out = out_valid && out_ready_i;
  assign held      = in_q - out_q;

  always_ff @(posedge clk_i) begin
    tag_q <= tag_q;
    if (!rst_ni) begin
      in_q     <= '0;
      out_q    <= '0;
      tagged_q <= 1'b0;
    end else begin
      in_q  <= in_q + CountWidth'(moves_in);
      out_q <= out_q + CountWidth'(moves_out);
      if (moves_in && in_q == tag_q) begin
        tagged_q <= 1'b1;
        data_q   <= in_data_i;
      end else if (moves_out && out_q == tag_q) tagged_q <= 1'b0;
    end
  end

  // ---- what was one cycle ago ------------------------------------------------------------------
  logic stalled_q, same_q;
  logic [Width-1:0] offered_q;

  always_ff @(posedge clk_i) begin
    stalled_q <= rst_ni && out_valid && !out_ready_i;
    offered_q <= out_data;
    if (!rst_ni) same_q <= 1'b1;
    else same_q <= same_q && moves_out == (other_valid && other_ready_i);
  end

  always_comb begin
    // bug: held_q  <= held_q + (AddrWidth + 1)'(push) ==> held_q  <= held_q + (AddrWidth + 1)'(in_valid_i)
    `PROVE(CountIsHeld, past_q, dut.held_q == held && held <= CountWidth'(Depth))
    // bug: if (pop) read_q <= read_q + 1'b1; ==> if (pop) read_q <= read_q + 1'b1 + 1'b1;
    `PROVE(PointersAreNumbers, past_q, dut.write_q == (CountWidth - 1)'(in_q) && dut.read_q == (CountWidth - 1)'(out_q))
    // bug: (held_q[0] && !pop) ==> held_q[0]
    `PROVE(ValidMeansHeld, past_q && out_valid, held != '0)
    // bug: held_q > (AddrWidth + 1)'(1) ==> held_q > (AddrWidth + 1)'(2)
    `PROVE(HeldMeansValid, past_q && held != '0, out_valid)
    // bug: assign in_ready_o  = !held_q[AddrWidth]; ==> assign in_ready_o  = held_q == '0;
    `PROVE(ReadyWhileRoom, past_q && held != CountWidth'(Depth), in_ready)
    // bug: assign in_ready_o  = !held_q[AddrWidth]; ==> assign in_ready_o  = 1'b1;
    `PROVE(NotReadyWhenFull, past_q && held == CountWidth'(Depth), !in_ready)
    // bug: if (push) words[write_q] <= in_data_i; ==> if (in_valid_i) words[write_q] <= in_data_i;
    `PROVE(TagIsKept, past_q && tagged_q, CountWidth'(tag_q - out_q) < held && dut.words[tag_q[CountWidth-2:0]] == data_q)
    // bug: assign out_data_o  = words[read_q]; ==> assign out_data_o  = words[0];
    `PROVE(TagLeavesInOrder, past_q && tagged_q && out_q == tag_q, out_valid && out_data == data_q)
    // bug: assign pop         = valid_q && out_ready_i; ==> assign pop = valid_q;
    `PROVE(OfferStays, past_q && stalled_q && rst_ni, out_valid && out_data == offered_q)
    // bug: held_q  <= held_q + (AddrWidth + 1)'(push) - (AddrWidth + 1)'(pop); ==> held_q <= held_q + (AddrWidth + 1)'(push) - (AddrWidth + 1)'(out_ready_i);
    `PROVE(StateIgnoresReady, past_q && same_q, dut.held_q == other.held_q && dut.write_q == other.write_q && dut.read_q == other.read_q && dut.valid_q == other.valid_q)
    // bug: assign out_valid_o = valid_q; ==> assign out_valid_o = valid_q && out_ready_i;
    `PROVE(ValidIgnoresReady, past_q && same_q, out_valid == other_valid && in_ready == other_in_ready)
    // bug: valid_q <= 1'b0; ==> valid_q <= valid_q;
    `PROVE(EmptyAfterReset, past_q && !ran_q, !out_valid && in_ready)
  end

endmodule : stream_fifo_formal
