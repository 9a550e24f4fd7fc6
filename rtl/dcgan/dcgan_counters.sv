// SPDX-License-Identifier: Apache-2.0
//
// dcgan_counters -- what the Generator did, counted by the hardware itself.
//
//   cycles_o       from the last pixel of the avatar before (or the first z beat after idle) to the last
//                  pixel of the newest avatar: at full speed the steady-state cycles an avatar
//   mac_cycles_o   multiplier-active cycles in that time: sum over layers of active cycles x Multipliers,
//                  each counted one cycle after it was
//
// Everything is seen one cycle late: what happens at the ends of the chip has a cycle to come here.
// Golden   tb/dcgan_counters/test_dcgan_counters.py: Counts.step()     Test  tb/dcgan_counters
module dcgan_counters #(
  parameter int Layers       = 4,
  parameter int Multipliers1 = 1,  // hardware multipliers of layer 1 .. 4
  parameter int Multipliers2 = 1,
  parameter int Multipliers3 = 1,
  parameter int Multipliers4 = 1
) (
  input logic clk_i,
  input logic rst_ni,

  input logic              z_beat_i,
  input logic              z_packet_i,     // a whole latent was accepted
  input logic              malformed_i,
  input logic              avatar_done_i,  // its last pixel left
  input logic [Layers-1:0] active_i,

  output logic        busy_o,
  output logic [31:0] avatars_o,
  output logic [31:0] malformed_o,
  output logic [31:0] cycles_o,
  output logic [31:0] mac_cycles_o
);

  logic z_beat_q, z_packet_q, malformed_q, avatar_done_q;
  logic [Layers-1:0] active_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) {z_beat_q, z_packet_q, malformed_q, avatar_done_q, active_q} <= '0;
    else begin
      {z_beat_q, z_packet_q, malformed_q} <= {z_beat_i, z_packet_i, malformed_i};
      {avatar_done_q, active_q}           <= {avatar_done_i, active_i};
    end
  end

  logic [31:0] cycles_q, mac_cycles_q, mac_step_q;
  // Latents inside: one each in dcgan_z_packet and convt_project, some in the layers.
  logic [3:0] pending_q;
  logic busy, started_q;

  assign busy   = started_q || (pending_q != 4'd0);
  assign busy_o = busy;

  always_ff @(posedge clk_i) begin
    mac_step_q <= (active_q[0] ? 32'(Multipliers1) : '0) +
                  (active_q[1] ? 32'(Multipliers2) : '0) +
                  (active_q[2] ? 32'(Multipliers3) : '0) +
                  (active_q[3] ? 32'(Multipliers4) : '0);
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      started_q    <= 1'b0;
      pending_q    <= '0;
      cycles_q     <= '0;
      mac_cycles_q <= '0;
      avatars_o    <= '0;
      malformed_o  <= '0;
      cycles_o     <= '0;
      mac_cycles_o <= '0;
    end else begin
      // The verdict comes one cycle after `last`: a beat beside it already begins the next packet.
      if (z_beat_q) started_q <= 1'b1;
      else if (z_packet_q || malformed_q) started_q <= 1'b0;
      pending_q <= pending_q + 4'(z_packet_q) - 4'(avatar_done_q);
      if (malformed_q) malformed_o <= malformed_o + 1;

      if (avatar_done_q) begin
        avatars_o    <= avatars_o + 1;
        cycles_o     <= cycles_q + 1;
        mac_cycles_o <= mac_cycles_q + mac_step_q;
        cycles_q     <= '0;
        mac_cycles_q <= '0;
      end else if (busy || z_beat_q) begin
        cycles_q     <= cycles_q + 1;
        mac_cycles_q <= mac_cycles_q + mac_step_q;
      end else begin
        cycles_q     <= '0;
        mac_cycles_q <= '0;
      end
    end
  end

endmodule : dcgan_counters
