// SPDX-License-Identifier: Apache-2.0
//
// convt_drain -- hand the results of each pass on, channel by channel, in step with the consumer.
//
//   pass:  done_i, then result_i = channel 0 of all phases; next_o asks for the next channel
//   beats: channel 0, 1, ... Couts - 1, the pass's tag beside each, last at the end
//
// A pass may only finish while a credit is held: credit_o tells the issuer that another `last` beat
// may be sent, spend_i that one was.  So results are never overwritten, and the lanes never stall.
// With Couts = 1 passes are short: Depth results wait here.  Otherwise Depth is 1 and the results wait
// where they are, in convt_macs.
// Latency     Couts = 1: 1 cycle from done_i to the beat, otherwise 0
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
  input  logic                spend_i,
  input  logic [TagWidth-1:0] tag_i,

  input  logic                            done_i,
  output logic                            next_o,
  input  logic [Phases-1:0][AccWidth-1:0] result_i,

  output logic                                out_valid_o,
  input  logic                                out_ready_i,
  output logic [    Phases-1:0][AccWidth-1:0] out_data_o,
  output logic [  TagWidth-1:0]               out_tag_o,
  output logic [CountWidth-1:0]               out_channel_o,
  output logic                                out_last_o
);

  localparam int DepthWidth = $clog2(Depth + 1);
  localparam int SlotWidth = (Depth > 1) ? $clog2(Depth) : 1;
  localparam int LastSlot = Depth - 1;
  localparam int LastChannel = Couts - 1;

  // ---- credits: one for each result that can wait ----------------------------------------------
  logic [DepthWidth-1:0] spent_q;
  logic advance, retire;

  assign credit_o = spent_q != DepthWidth'(Depth);
  assign advance  = out_valid_o && out_ready_i;
  assign retire   = advance && out_last_o;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) spent_q <= '0;
    else spent_q <= spent_q + DepthWidth'(spend_i) - DepthWidth'(retire);
  end

  // ---- tags were sent ahead of their results: slots in turn ------------------------------------
  function automatic logic [SlotWidth-1:0] after(input logic [SlotWidth-1:0] slot);
    after = (slot == SlotWidth'(LastSlot)) ? '0 : slot + 1'b1;
  endfunction

  logic [TagWidth-1:0] tag_q[Depth];
  logic [SlotWidth-1:0] spend_slot_q, out_slot_q;
  logic [CountWidth-1:0] channel_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      spend_slot_q <= '0;
      out_slot_q   <= '0;
      channel_q    <= '0;
    end else begin
      if (spend_i) spend_slot_q <= after(spend_slot_q);
      if (retire) out_slot_q <= after(out_slot_q);
      if (advance) channel_q <= out_last_o ? '0 : channel_q + 1'b1;
    end
  end

  always_ff @(posedge clk_i) begin
    if (spend_i) tag_q[spend_slot_q] <= tag_i;
  end

  assign out_tag_o     = tag_q[out_slot_q];
  assign out_channel_o = channel_q;
  assign out_last_o    = channel_q == CountWidth'(LastChannel);

  // ---- results ---------------------------------------------------------------------------------
  if (Couts == 1) begin : gen_slots
    logic [Phases*AccWidth-1:0] result_q[Depth];
    logic [DepthWidth-1:0] held_q;
    logic [SlotWidth-1:0] done_slot_q;

    always_ff @(posedge clk_i) begin
      if (!rst_ni) begin
        held_q      <= '0;
        done_slot_q <= '0;
      end else begin
        held_q <= held_q + DepthWidth'(done_i) - DepthWidth'(retire);
        if (done_i) done_slot_q <= after(done_slot_q);
      end
    end

    always_ff @(posedge clk_i) begin
      if (done_i) result_q[done_slot_q] <= result_i;
    end

    assign out_valid_o = held_q != '0;
    assign out_data_o  = result_q[out_slot_q];
    assign next_o      = 1'b0;
  end else begin : gen_in_place
    logic waiting_q;

    always_ff @(posedge clk_i) begin
      if (!rst_ni) waiting_q <= 1'b0;
      else waiting_q <= out_valid_o && !retire;
    end

    assign out_valid_o = done_i || waiting_q;
    assign out_data_o  = result_i;
    assign next_o      = advance;
  end

`ifndef SYNTHESIS
  initial begin
    if (Depth > 1 && Couts > 1) $fatal(1, "%m: Depth=%0d needs Couts=1, got %0d", Depth, Couts);
  end
`endif

endmodule : convt_drain
