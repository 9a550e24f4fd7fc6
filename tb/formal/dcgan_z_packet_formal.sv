// SPDX-License-Identifier: Apache-2.0
//
// dcgan_z_packet_formal -- exactly the packets of the right length leave, whole and in order.
//
// beats_q counts the beats of a packet with more bits than the module does. The solver picks one element
// (tag_i stands still): it leaves where it belongs, so every element does. Beats take two cycles to the elements, so
// what is expected of these is two cycles late as well.
//
// Sources  rtl/dcgan/dcgan_z_packet.sv
// Proof    induction 5
// Reach    14
// Cases    Width=3, Width=1
`include "formal.svh"

module dcgan_z_packet_formal #(
  parameter int Length = 4,
  parameter int Width  = 3
) (
  input logic             clk_i,
  input logic             rst_ni,
  input logic             z_valid_i,
  input logic [Width-1:0] z_data_i,
  input logic             z_last_i,
  input logic             vector_ready_i,
  input logic             other_ready_i
);

  localparam int CountWidth = 4;  // counts up to 15 and stays there

  logic z_ready_o, vector_valid_o, accepted_o, malformed_o;
  logic other_z_ready, other_valid, other_accepted, other_malformed;
  logic [Length-1:0][Width-1:0] vector_data_o, other_data, offered_q;

  `FORMAL_RESET(clk_i, rst_ni)

  dcgan_z_packet #(
    .Length(Length),
    .Width (Width)
  ) dut (
    .*
  );

  dcgan_z_packet #(
    .Length(Length),
    .Width (Width)
  ) other (
    .*,
    .z_ready_o     (other_z_ready),
    .vector_valid_o(other_valid),
    .vector_ready_i(other_ready_i),
    .vector_data_o (other_data),
    .accepted_o    (other_accepted),
    .malformed_o   (other_malformed)
  );

  logic [CountWidth-1:0] beats_q;
  logic [$clog2(Length)-1:0] tag_q;
  logic [Width-1:0] element_q;
  logic moves, ends_q, whole_q, stalled_q, same_q, taken, known_q;
  logic [1:0] good_q, bad_q, late_known_q;
  logic [1:0][CountWidth-1:0] late_beats_q;
  logic [1:0][Width-1:0] late_element_q;

  assign moves = z_valid_i && z_ready_o;
  assign taken = vector_valid_o && vector_ready_i;

  always_ff @(posedge clk_i) begin
    tag_q     <= tag_q;
    ends_q    <= rst_ni && moves && z_last_i;
    whole_q   <= beats_q == CountWidth'(Length - 1);
    stalled_q <= rst_ni && vector_valid_o && !vector_ready_i;
    offered_q <= vector_data_o;
    good_q    <= rst_ni ? {good_q[0], ends_q && whole_q} : '0;
    bad_q     <= rst_ni ? {bad_q[0], ends_q && !whole_q} : '0;
    late_beats_q   <= rst_ni ? {late_beats_q[0], beats_q} : '0;
    late_element_q <= {late_element_q[0], element_q};
    late_known_q   <= {late_known_q[0], known_q};
    if (!rst_ni) begin
      beats_q <= '0;
      same_q  <= 1'b1;
      known_q <= 1'b0;
    end else begin
      same_q <= same_q && taken == (other_valid && other_ready_i);
      if (moves) beats_q <= z_last_i ? '0 : beats_q + CountWidth'(beats_q != '1);
      if (moves && beats_q == CountWidth'(tag_q)) begin
        element_q <= z_data_i;
        known_q   <= 1'b1;
      end
    end
  end

  always_comb begin
    // bug: end else if (accept) begin ==> end else if (z_valid_i) begin
    `PROVE(CountSaturates, past_q, beats_q >= CountWidth'(Length) ? dut.too_long_q && dut.at_end : !dut.too_long_q && CountWidth'(dut.count_q) == beats_q)
    // bug: assign good      = accept && z_last_i && at_end && !too_long_q; ==> assign good = accept && z_last_i && at_end;
    `PROVE(WholeIsAccepted, past_q && ran_q, accepted_o == (ends_q && whole_q))
    // bug: !(at_end && !too_long_q) ==> !at_end
    `PROVE(OthersAreMalformed, past_q && ran_q, malformed_o == (ends_q && !whole_q))
    // bug: if (good) full_q <= 1'b1; ==> if (good && !z_data_i[0]) full_q <= 1'b1;
    `PROVE(WholeIsOffered, past_q && ran_q && good_q[1], vector_valid_o)
    // bug: if (good) full_q <= 1'b1; ==> if (accept && z_last_i) full_q <= 1'b1;
    `PROVE(DroppedIsNotOffered, past_q && ran_q && bad_q[1], !vector_valid_o)
    // bug: assign z_ready_o = !full_q; ==> assign z_ready_o = 1'b1;
    `PROVE(ClosedWhileFull, past_q && ran_q && (ends_q && whole_q || good_q[0] || vector_valid_o), !z_ready_o && beats_q == '0 && known_q)
    // bug: elements_q <= {element_q, elements_q[Length-1:1]}; ==> elements_q <= {element_q, elements_q[Length-2:0]};
    `PROVE(ElementMovesDown, past_q && !vector_valid_o && late_beats_q[1] > CountWidth'(tag_q) && late_beats_q[1] <= CountWidth'(Length), late_known_q[1] && dut.elements_q[CountWidth'(Length)-late_beats_q[1]+CountWidth'(tag_q)] == late_element_q[1])
    // bug: assign vector_data_o  = elements_q; ==> assign vector_data_o = {elements_q[0], elements_q[Length-1:1]};
    `PROVE(ElementInItsPlace, past_q && vector_valid_o, vector_data_o[tag_q] == element_q)
    // bug: else if (vector_valid_o && vector_ready_i) full_q <= 1'b0; ==> else if (vector_ready_i) full_q <= 1'b0;
    `PROVE(NotTakenBeforeOffered, past_q && ran_q && good_q[0] && vector_ready_i, dut.full_q)
    // bug: else if (vector_valid_o && vector_ready_i) full_q <= 1'b0; ==> else if (vector_valid_o) full_q <= 1'b0;
    `PROVE(OfferStays, past_q && stalled_q && rst_ni, vector_valid_o && vector_data_o == offered_q)
    // bug: assign vector_valid_o = full_q && ==> assign vector_valid_o = vector_ready_i && full_q &&
    `PROVE(ValidIgnoresReady, past_q && same_q, vector_valid_o == other_valid && dut.full_q == other.full_q && dut.count_q == other.count_q && dut.too_long_q == other.too_long_q)
    // bug: full_q      <= 1'b0; ==> full_q <= full_q;
    `PROVE(EmptyAfterReset, past_q && !ran_q, !vector_valid_o && !accepted_o && !malformed_o)
  end

endmodule : dcgan_z_packet_formal
