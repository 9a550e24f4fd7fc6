// SPDX-License-Identifier: Apache-2.0
//
// dcgan_z_packet -- take latents in, let only whole ones through.
//
//   packet of Length beats, `last` on the last   -> offered as one vector
//   any other length                             -> dropped whole, malformed_o pulses once
//
// One packet has room here; convt_project keeps the one that it works on.
// Latency  3 cycles from `last` to vector_valid_o
// Golden   tb/dcgan_z_packet/test_dcgan_z_packet.py: kept_packets()     Test  tb/dcgan_z_packet
module dcgan_z_packet #(
  parameter  int Length     = 100,
  parameter  int Width      = 8,
  localparam int CountWidth = $clog2(Length)
) (
  input logic clk_i,
  input logic rst_ni,

  input  logic             z_valid_i,
  output logic             z_ready_o,
  input  logic [Width-1:0] z_data_i,
  input  logic             z_last_i,

  output logic                         vector_valid_o,
  input  logic                         vector_ready_i,
  output logic [Length-1:0][Width-1:0] vector_data_o,

  output logic accepted_o,  // one pulse a packet kept,
  output logic malformed_o  // or dropped
);

  localparam int LastElement = Length - 1;

  logic full_q, too_long_q;
  logic [CountWidth-1:0] count_q;
  logic [Length-1:0][Width-1:0] elements_q;
  logic accept, at_end, good, malformed;

  assign z_ready_o = !full_q;
  assign accept    = z_valid_i && z_ready_o;
  assign at_end    = count_q == CountWidth'(LastElement);
  assign good      = accept && z_last_i && at_end && !too_long_q;
  assign malformed = accept && z_last_i && !(at_end && !too_long_q);

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      full_q      <= 1'b0;
      too_long_q  <= 1'b0;
      count_q     <= '0;
      accepted_o  <= 1'b0;
      malformed_o <= 1'b0;
    end else begin
      accepted_o  <= good;
      malformed_o <= malformed;
      if (accept && z_last_i) begin
        count_q    <= '0;
        too_long_q <= 1'b0;
      end else if (accept && at_end) begin
        too_long_q <= 1'b1;
      end else if (accept) begin
        count_q <= count_q + 1'b1;
      end
      if (good) full_q <= 1'b1;
      else if (vector_valid_o && vector_ready_i) full_q <= 1'b0;
    end
  end

  // An element moves all others, and thousands of flip-flops are far away: the element and its enable cross the chip,
  // with no logic behind `moving_q`.  The first is at the bottom when the last one has come in at the top.
  logic moving_q, move_q;
  logic [Width-1:0] crossing_q, element_q;

  always_ff @(posedge clk_i) begin
    {move_q, moving_q}      <= {moving_q, accept};
    {element_q, crossing_q} <= {crossing_q, z_data_i};
    if (move_q) elements_q <= {element_q, elements_q[Length-1:1]};
  end

  assign vector_valid_o = full_q && !moving_q && !move_q;
  assign vector_data_o  = elements_q;

endmodule : dcgan_z_packet
