// SPDX-License-Identifier: Apache-2.0
//
// stream_skid_formal -- nothing is lost, doubled or reordered; every combinational path is cut.
//
// The method is that of stream_fifo_formal: numbered beats, one of them followed by its number, and a
// second register that sees another ready wherever no beat is on offer.
//
// Sources  rtl/stream/stream_skid.sv
// Proof    induction 2
// Reach    8
// Cases    Width=3, Width=1
`include "formal.svh"

module stream_skid_formal #(
  parameter int Width = 3
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

  stream_skid #(
    .Width(Width)
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

  stream_skid #(
    .Width(Width)
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

  // ---- beats numbered on both sides, modulo 4: at most two are held ------------------------------
  logic [1:0] in_q, out_q, held, tag_q;
  logic [Width-1:0] data_q, offered_q;
  logic tagged_q, moves_in, moves_out, stalled_q, same_q;

  assign moves_in  = in_valid_i && in_ready;
  assign moves_out = out_valid && out_ready_i;
  assign held      = in_q - out_q;

  always_ff @(posedge clk_i) begin
    tag_q     <= tag_q;
    stalled_q <= rst_ni && out_valid && !out_ready_i;
    offered_q <= out_data;
    if (!rst_ni) begin
      in_q     <= '0;
      out_q    <= '0;
      tagged_q <= 1'b0;
      same_q   <= 1'b1;
    end else begin
      in_q   <= in_q + 2'(moves_in);
      out_q  <= out_q + 2'(moves_out);
      same_q <= same_q && moves_out == (other_valid && other_ready_i);
      if (moves_in && in_q == tag_q) begin
        tagged_q <= 1'b1;
        data_q   <= in_data_i;
      end else if (moves_out && out_q == tag_q) tagged_q <= 1'b0;
    end
  end

  always_comb begin
    // bug: end else if (in_valid_i) begin ==> end else if (in_valid_i && in_data_i[0]) begin
    `PROVE(CountIsHeld, past_q, held == 2'(dut.head_valid_q) + 2'(dut.skid_valid_q))
    // bug: skid_valid_q <= 1'b1; ==> {head_valid_q, skid_valid_q} <= 2'b01;
    `PROVE(SkidOnlyBehindHead, past_q && dut.skid_valid_q, dut.head_valid_q)
    // bug: assign in_ready_o  = !skid_valid_q; ==> assign in_ready_o = !head_valid_q;
    `PROVE(ReadyWhileRoom, past_q && held != 2'd2, in_ready)
    // bug: assign in_ready_o  = !skid_valid_q; ==> assign in_ready_o = 1'b1;
    `PROVE(NotReadyWhenFull, past_q && held == 2'd2, !in_ready)
    // bug: head_valid_q <= in_valid_i || skid_valid_q; ==> head_valid_q <= in_valid_i;
    `PROVE(HeldMeansValid, past_q && held != '0, out_valid)
    // bug: if (in_ready_o) skid_data_q <= in_data_i; ==> skid_data_q <= in_data_i;
    `PROVE(TagIsKept, past_q && tagged_q, 2'(tag_q - out_q) < held && data_q == ((tag_q == out_q) ? dut.head_data_q : dut.skid_data_q))
    // bug: skid_valid_q ? skid_data_q : in_data_i ==> in_data_i
    `PROVE(TagLeavesInOrder, past_q && tagged_q && out_q == tag_q, out_valid && out_data == data_q)
    // bug: if (advance) head_data_q <= ==> if (advance || in_valid_i) head_data_q <=
    `PROVE(OfferStays, past_q && stalled_q && rst_ni, out_valid && out_data == offered_q)
    // bug: assign advance     = out_ready_i || !head_valid_q; ==> assign advance = out_ready_i;
    `PROVE(StateIgnoresReady, past_q && same_q, dut.head_valid_q == other.head_valid_q && dut.skid_valid_q == other.skid_valid_q)
    // bug: assign out_valid_o = head_valid_q; ==> assign out_valid_o = head_valid_q && out_ready_i;
    `PROVE(ValidIgnoresReady, past_q && same_q, out_valid == other_valid)
    // bug: assign in_ready_o  = !skid_valid_q; ==> assign in_ready_o = !skid_valid_q || out_ready_i;
    `PROVE(ReadyIsCut, past_q && same_q, in_ready == other_in_ready)
    // bug: head_valid_q <= 1'b0; ==> head_valid_q <= head_valid_q;
    `PROVE(EmptyAfterReset, past_q && !ran_q, !out_valid && in_ready)
  end

endmodule : stream_skid_formal
