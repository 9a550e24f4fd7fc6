// SPDX-License-Identifier: Apache-2.0
//
// dcgan_z_packet -- take latents in, let only whole ones through.
//
//   packet of LatentSize beats, `last` on the last   -> kept, readable while packet_valid_o
//   any other length                                 -> dropped whole, malformed_o pulses once
//
// Two packets have room: one arrives while the other is read.
// Latency  1 cycle from `last` to packet_valid_o; element_o combinational from element_addr_i
// Golden   tb/dcgan_z_packet/test_dcgan_z_packet.py: kept_packets()     Test  tb/dcgan_z_packet
module dcgan_z_packet #(
  parameter  int Length    = 100,
  parameter  int Width     = 8,
  localparam int AddrWidth = $clog2(Length)
) (
  input logic clk_i,
  input logic rst_ni,

  input  logic             z_valid_i,
  output logic             z_ready_o,
  input  logic [Width-1:0] z_data_i,
  input  logic             z_last_i,

  output logic                 packet_valid_o,
  input  logic                 packet_done_i,   // the packet has been read: free its room
  input  logic [AddrWidth-1:0] element_addr_i,
  output logic [    Width-1:0] element_o,

  output logic accepted_o,  // one pulse a packet kept,
  output logic malformed_o  // or dropped
);

  localparam int LastElement = Length - 1;

  logic [Width-1:0] elements[2**(AddrWidth+1)];
  logic [1:0] full_q;
  logic write_half_q, read_half_q, too_long_q;
  logic [AddrWidth-1:0] count_q;
  logic accept, at_end, good, malformed;

  assign z_ready_o = !full_q[write_half_q];
  assign accept    = z_valid_i && z_ready_o;
  assign at_end    = count_q == AddrWidth'(LastElement);
  assign good      = accept && z_last_i && at_end && !too_long_q;
  assign malformed = accept && z_last_i && !(at_end && !too_long_q);

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      full_q       <= 2'b00;
      write_half_q <= 1'b0;
      read_half_q  <= 1'b0;
      too_long_q   <= 1'b0;
      count_q      <= '0;
      accepted_o   <= 1'b0;
      malformed_o  <= 1'b0;
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
      if (good) begin
        full_q[write_half_q] <= 1'b1;
        write_half_q         <= !write_half_q;
      end
      if (packet_done_i) begin
        full_q[read_half_q] <= 1'b0;
        read_half_q         <= !read_half_q;
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (accept && !too_long_q) elements[{write_half_q, count_q}] <= z_data_i;
  end

  assign packet_valid_o = full_q[read_half_q];
  assign element_o      = elements[{read_half_q, element_addr_i}];

endmodule : dcgan_z_packet
