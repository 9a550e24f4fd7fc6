// SPDX-License-Identifier: Apache-2.0
//
// convt_drain -- hand the results of each pass on, beat by beat, in step with the consumer.
//
//   pass:  done_i, then result_i = the values of beat 0; next_o asks for those of the next beat, which
//          stand there three cycles later
//   beats: 0, 1, ... Beats - 1, the pass's tag beside each, last at the end
//
// A pass may only finish while a credit is held: credit_o tells the issuer that another `last` beat
// may be sent, spend_i that one was.  So results are never overwritten, and the lanes never stall.
// With Beats = 1 passes are short: Depth results wait here.  Otherwise Depth is 1 and the results wait
// where they are, in convt_macs, from where a FIFO takes them.  Its credit comes back up to Lead cycles
// before the last beat has left: Lead is what passes between spend_i and done_i, at least.
// Latency     1 cycle from done_i to the beat; 4 if Beats > 1
// Throughput  1 beat per cycle under any backpressure
// Golden      tb/convt_drain/test_convt_drain.py: expected_beats()     Test  tb/convt_drain
module convt_drain #(
  parameter  int Values     = 4,
  parameter  int Beats      = 8,
  parameter  int AccWidth   = 24,
  parameter  int TagWidth   = 8,
  parameter  int Depth      = 1,
  parameter  int Lead       = 1,
  localparam int CountWidth = (Beats > 1) ? $clog2(Beats) : 1
) (
  input logic clk_i,
  input logic rst_ni,

  output logic                credit_o,
  input  logic                spend_i,
  input  logic [TagWidth-1:0] tag_i,

  input  logic                            done_i,
  output logic                            next_o,
  input  logic [Values-1:0][AccWidth-1:0] result_i,

  output logic                                out_valid_o,
  input  logic                                out_ready_i,
  output logic [    Values-1:0][AccWidth-1:0] out_data_o,
  output logic [  TagWidth-1:0]               out_tag_o,
  output logic [CountWidth-1:0]               out_number_o,
  output logic                                out_last_o
);

  localparam int DepthWidth = $clog2(Depth + 1);
  localparam int SlotWidth = (Depth > 1) ? $clog2(Depth) : 1;
  localparam int LastSlot = Depth - 1;
  localparam int LastBeat = Beats - 1;

  // ---- credits: one for each result that can wait ----------------------------------------------
  logic [DepthWidth-1:0] spent_q;
  logic retire;

  if (Depth == 1) begin : gen_one
    assign credit_o = !spent_q;
  end else begin : gen_several
    // A flip-flop: what comes back in this cycle counts from the next one on.
    logic credit_q;

    assign credit_o = credit_q;

    always_ff @(posedge clk_i) begin
      if (!rst_ni) credit_q <= 1'b0;
      else credit_q <= spent_q != (spend_i ? DepthWidth'(Depth - 1) : DepthWidth'(Depth));
    end
  end

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

  logic spent_now_q;  // one cycle late: a tag is wanted when its results come, many cycles from now
  logic [TagWidth-1:0] spent_tag_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      spent_now_q  <= 1'b0;
      spend_slot_q <= '0;
      out_slot_q   <= '0;
    end else begin
      spent_now_q <= spend_i;
      if (spent_now_q) spend_slot_q <= after(spend_slot_q);
      if (retire) out_slot_q <= after(out_slot_q);
    end
  end

  always_ff @(posedge clk_i) begin
    spent_tag_q <= tag_i;
    if (spent_now_q) tag_q[spend_slot_q] <= spent_tag_q;
  end

  // ---- results ---------------------------------------------------------------------------------
  if (Beats == 1) begin : gen_slots
    logic [Values*AccWidth-1:0] result_q[Depth];
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

    assign retire       = out_valid_o && out_ready_i;
    assign out_valid_o  = held_q != '0;
    assign out_data_o   = result_q[out_slot_q];
    assign out_tag_o    = tag_q[out_slot_q];
    assign out_number_o = '0;
    assign out_last_o   = 1'b1;
    assign next_o       = 1'b0;
  end else begin : gen_in_place
    // cycle   t: next_o     t + 2: the beat enters the FIFO, the lanes shift
    localparam int FifoDepth = 16;  // as deep as look-up table memory is anyway
    localparam int RoomWidth = $clog2(FifoDepth + 1);
    localparam int LeftWidth = $clog2(Beats + 1);
    localparam int SumWidth = ((LeftWidth > RoomWidth) ? LeftWidth : RoomWidth) + 1;

    logic ask, next_q, take_q, release_q, released_q, fifo_ready, left_fifo_q, sure, soon;
    logic [CountWidth-1:0] number_q;
    logic [  TagWidth-1:0] take_tag_q;
    logic [ LeftWidth-1:0] left_q;  // beats not yet asked for
    logic [ RoomWidth-1:0] reserved_q;  // in the FIFO or on the way into it

    assign ask    = (left_q != '0) && (reserved_q != RoomWidth'(FifoDepth));
    assign next_o = ask;

    // What is left has room in the FIFO, whatever the consumer does, and is gone before the next
    // results come: those of a `last` beat that has not even been sent.
    assign sure   = SumWidth'(left_q) + SumWidth'(reserved_q) <= SumWidth'(FifoDepth);
    assign soon   = (left_q != '0) && (32'(left_q) <= Lead);
    assign retire = release_q;

    always_ff @(posedge clk_i) begin
      if (!rst_ni) begin
        left_q      <= '0;
        next_q      <= 1'b0;
        take_q      <= 1'b0;
        release_q   <= 1'b0;
        released_q  <= 1'b0;
        left_fifo_q <= 1'b0;
        number_q    <= '0;
        reserved_q  <= '0;
      end else begin
        left_q      <= done_i ? LeftWidth'(Beats) : left_q - LeftWidth'(ask);
        next_q      <= ask;
        take_q      <= next_q;
        left_fifo_q <= out_valid_o && out_ready_i;
        release_q   <= soon && sure && !released_q;
        released_q  <= !done_i && ((soon && sure) || released_q);
        if (take_q) number_q <= (number_q == CountWidth'(LastBeat)) ? '0 : number_q + 1'b1;
        reserved_q <= reserved_q + RoomWidth'(ask) - RoomWidth'(left_fifo_q);
      end
      if (done_i) take_tag_q <= tag_q[out_slot_q];
    end

    stream_fifo #(
      .Width(TagWidth + CountWidth + Values * AccWidth),
      .Depth(FifoDepth),
      .Reserved(1'b1)
    ) u_fifo (
      .clk_i,
      .rst_ni,
      .in_valid_i(take_q),
      .in_ready_o(fifo_ready),
      .in_data_i ({take_tag_q, number_q, result_i}),
      .out_valid_o,
      .out_ready_i,
      .out_data_o({out_tag_o, out_number_o, out_data_o})
    );

    assign out_last_o = out_number_o == CountWidth'(LastBeat);

    // Room was reserved: the FIFO is never full when a beat comes.
    logic unused_ready;
    assign unused_ready = fifo_ready;
  end

`ifndef SYNTHESIS
  initial begin
    if (Depth > 1 && Beats > 1) $fatal(1, "%m: Depth=%0d needs Beats=1, got %0d", Depth, Beats);
  end
`endif

endmodule : convt_drain
