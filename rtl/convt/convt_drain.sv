// SPDX-License-Identifier: Apache-2.0
//
// convt_drain -- take the results of a pass at once, hand them on channel by channel.
//
//   pass:  acc[phase][co] for all phases and Couts channels      one done_i pulse
//   beats: acc[all phases] of channel 0, 1, ... Couts-1          tag beside each, last at the end
//
// A pass may only finish while a credit is held: credit_o tells the issuer that another `last` beat
// may be sent.  Depth results wait here, so the accumulators never have to stall.
// Latency     1 cycle from done_i to the first beat
// Throughput  1 beat per cycle under any backpressure
// Golden      the passes in order                        Test  tb/convt_drain
module convt_drain #(
  parameter  int Phases     = 4,
  parameter  int Couts      = 8,
  parameter  int AccWidth   = 24,
  parameter  int TagWidth   = 8,
  parameter  int Depth      = 1,
  localparam int CountWidth = (Couts > 1) ? $clog2(Couts) : 1
) (
  input logic clk_i,
  input logic rst_ni,

  output logic                credit_o,
  input  logic                spend_i,   // a `last` beat left, with this tag
  input  logic [TagWidth-1:0] tag_i,

  input logic                                  done_i,
  input logic [Phases-1:0][Couts*AccWidth-1:0] acc_i,

  output logic                            out_valid_o,
  input  logic                            out_ready_i,
  output logic [Phases-1:0][AccWidth-1:0] out_data_o,
  output logic [TagWidth-1:0]             out_tag_o,
  output logic [CountWidth-1:0]           out_channel_o,
  output logic                            out_last_o
);

  localparam int DepthWidth = $clog2(Depth + 1);
  localparam int SlotWidth = (Depth > 1) ? $clog2(Depth) : 1;
  localparam int LastSlot = Depth - 1;
  localparam int LastChannel = Couts - 1;

  // ---- credits: one for each result that can wait here -----------------------------------------
  logic [DepthWidth-1:0] spent_q, held_q;
  logic retire;

  assign credit_o = spent_q != DepthWidth'(Depth);
  assign retire   = out_valid_o && out_ready_i && out_last_o;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      spent_q <= '0;
      held_q  <= '0;
    end else begin
      spent_q <= spent_q + DepthWidth'(spend_i) - DepthWidth'(retire);
      held_q  <= held_q + DepthWidth'(done_i) - DepthWidth'(retire);
    end
  end

  // ---- slots: results in order, and the tags that were sent ahead of them ----------------------
  logic [TagWidth-1:0] tag_q[0:Depth-1];
  logic [SlotWidth-1:0] spend_slot_q, done_slot_q, out_slot_q;
  logic [CountWidth-1:0] channel_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      spend_slot_q <= '0;
      done_slot_q  <= '0;
      out_slot_q   <= '0;
      channel_q    <= '0;
    end else begin
      if (spend_i) spend_slot_q <= (spend_slot_q == SlotWidth'(LastSlot)) ? '0 : spend_slot_q + 1'b1;
      if (done_i) done_slot_q <= (done_slot_q == SlotWidth'(LastSlot)) ? '0 : done_slot_q + 1'b1;
      if (retire) out_slot_q <= (out_slot_q == SlotWidth'(LastSlot)) ? '0 : out_slot_q + 1'b1;
      if (out_valid_o && out_ready_i) channel_q <= out_last_o ? '0 : channel_q + 1'b1;
    end
  end

  always_ff @(posedge clk_i) begin
    if (spend_i) tag_q[spend_slot_q] <= tag_i;
  end

  // One shift register a phase: channel 0 stands lowest, each beat moves the next one down.
  for (genvar p = 0; p < Phases; p++) begin : gen_phase
    logic [Couts*AccWidth-1:0] channels_q[0:Depth-1];

    always_ff @(posedge clk_i) begin
      if (done_i) channels_q[done_slot_q] <= acc_i[p];
      else if (out_valid_o && out_ready_i && (Couts > 1))
        channels_q[out_slot_q] <= channels_q[out_slot_q] >> AccWidth;
    end

    assign out_data_o[p] = channels_q[out_slot_q][AccWidth-1:0];
  end

  assign out_valid_o   = held_q != '0;
  assign out_tag_o     = tag_q[out_slot_q];
  assign out_channel_o = channel_q;
  assign out_last_o    = channel_q == CountWidth'(LastChannel);

`ifndef SYNTHESIS
  initial begin
    // A result that arrives would otherwise hold back the shift of the one being sent.
    if (Depth > 1 && Couts > 1) $fatal(1, "%m: Depth=%0d needs Couts=1, got %0d", Depth, Couts);
  end
`endif

endmodule : convt_drain
