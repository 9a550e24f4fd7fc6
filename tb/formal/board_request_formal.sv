// SPDX-License-Identifier: Apache-2.0
//
// board_request_formal -- whatever came in, the search ends: a measure falls until it waits for bytes.
//
// work counts what is left to do: a frame may begin at each byte of the ring, bytes are to read in it,
// each takes some states, one that does not come takes patience. While no byte comes in and no request
// stands, work falls in every cycle: the search waits for a new frame, or serves one, after at most
// as many cycles as it was at first.
// The frames themselves are compared with the host's decoder in tb/board_request.
//
// Sources  rtl/board/board_request.sv, rtl/board/board_crc32.sv, rtl/mem/mem_ram.sv
// Proof    induction 2
// Reach    70
`include "formal.svh"

module board_request_formal #(
  parameter int Timeout    = 3,
  parameter int MaxPayload = 2,
  parameter int RingBytes  = 16
) (
  input logic       clk_i,
  input logic       rst_ni,
  input logic       in_valid_i,
  input logic [7:0] in_data_i,
  input logic       req_ready_i,
  input logic [7:0] payload_index_i
);

  localparam int Next = 0;
  localparam int Fetch = 1;
  localparam int Wait0 = 2;
  localparam int Judge = 5;
  localparam int Verdict = 6;
  localparam int Reject = 7;
  localparam int Serve = 8;

  logic req_valid_o, rejected_o, overrun_o;
  logic [7:0] req_tag_o, req_type_o, payload_data_o;
  logic [15:0] req_length_o;

  `FORMAL_RESET(clk_i, rst_ni)

  board_request #(
    .Timeout   (Timeout),
    .MaxPayload(MaxPayload),
    .RingBytes (RingBytes)
  ) dut (
    .*
  );

  logic [15:0] work, work_q, used, done, unread, rank;
  logic waits, waits_q, in_q;
  logic [3:0] state;
  logic [2:0] place;

  assign state  = dut.state_q;
  assign place  = dut.place_q;
  assign used   = 16'(dut.used);
  assign done   = 16'(5'(dut.read_q - dut.start_q));
  assign unread = 16'(5'(dut.write_q - dut.read_q));

  // Steps of a byte, from Next to Judge; a byte that is not there takes patience.
  always_comb begin
    case (state)
      4'(Next):    rank = 16'd14 + 16'(Timeout);
      4'(Fetch):   rank = dut.available_q ? 16'd8
                          : 16'd10 + 16'(Timeout) - 16'(dut.idle_q) + 16'(!dut.timed_out_q);
      4'(Verdict): rank = 16'd1;
      4'(Reject):  rank = 16'd0;
      4'(Serve):   rank = 16'd0;
      default:     rank = 16'd7 - 16'(state - 4'(Wait0));
    endcase
  end

  assign work  = used * 16'd400 + unread * 16'd20 + rank;
  assign waits = state == 4'(Serve) || (state == 4'(Fetch) && place == '0 && unread == '0);

  always_ff @(posedge clk_i) begin
    work_q  <= work;
    waits_q <= waits;
    in_q    <= in_valid_i;
  end

  // Bytes of a serial line come many cycles apart.
  always_comb if (past_q && in_q) assume (!in_valid_i);

  always_comb begin
    // bug: Wait1:   state_q <= Byte; ==> Wait1:   state_q <= state_e'(4'd12);
    `PROVE(StatesAreNamed, past_q, state <= 4'(Serve) && place <= 3'd6)
    // bug: read_q  <= read_q + 1'b1; ==> read_q  <= read_q + 2'd2;
    `PROVE(RingHoldsItsBytes, past_q, used <= 16'(RingBytes) && done <= used && unread == used - done)
    // bug: available_q <= read_q != write_q; ==> available_q <= 1'b1;
    `PROVE(ReadsWhatIsThere, past_q && state >= 4'(Wait0) && state <= 4'(Judge), unread != '0)
    // bug: Fetch:   if (available_q) state_q <= Wait0; ==> Fetch: state_q <= Wait0;
    `PROVE(FetchesWhatIsThere, past_q && state == 4'(Fetch) && dut.available_q, unread != '0)
    // bug: if (!rst_ni || state_q == Reject || served) place_q <= AtSync0; ==> if (!rst_ni || served) place_q <= AtSync0;
    `PROVE(FrameHasBegun, past_q && (place != '0 || state >= 4'(Verdict)), done != '0 || state == 4'(Reject) && used != '0)
    // bug: {byte_q, length_q[7:0]} > 16'(MaxPayload) ==> {byte_q, length_q[7:0]} > 16'(MaxPayload + 1)
    `PROVE(LengthIsJudged, past_q && place == 3'd6, req_length_o <= 16'(MaxPayload))
    // bug: last_byte_q <= place_q == AtBody && left_q == 16'd1; ==> last_byte_q <= left_q == 16'd1;
    `PROVE(OnlyWholeIsJudged, past_q && state == 4'(Verdict), place == 3'd6)
    // bug: start_q <= start_q + 1'b1; ==> start_q <= start_q;
    `PROVE(WorkFalls, past_q && ran_q && rst_ni && !in_q && !waits_q, work < work_q)
    // bug: state_q    <= Next; ==> state_q    <= Serve;
    `PROVE(NothingAfterReset, past_q && !ran_q, !req_valid_o && !rejected_o && !overrun_o && used == '0)
  end

endmodule : board_request_formal
