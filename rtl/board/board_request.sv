// SPDX-License-Identifier: Apache-2.0
//
// board_request -- find good request frames in a stream of bytes that may hold anything.
//
//   A5 5A tag type length(2) payload(length) crc32(4)         numbers low byte first
//         '------------- crc32 ------------'
//
// Every byte goes into a ring; a frame is only believed when all of it is there and its CRC fits.
// If anything is wrong the search goes on one byte after the false start, inside the bytes already
// received: garbage, whatever it looks like, can hide no good frame that follows it.
//
//      ring  ... | A5 5A tag type len len | payload ... | crc | next frame ...
//                 '- start_q               '- payload 0        '- write_q
//
// A frame that stops in the middle is given up after Timeout cycles without a byte.
// While req_valid_o waits for req_ready_i the payload can be read in any order and any often.
// Bytes that find the ring full are dropped and reported (overrun_o): the CRC finds the hole.
// Latency     6 cycles a byte; payload_data_o 3 cycles after payload_index_i
// Throughput  1 byte per 6 cycles; a rescan adds at most one frame length for each false start
// Golden      scripts/avatar_host/protocol.py: request_decoder(), Decoder.feed(), Decoder.give_up()
// Test        tb/board_request
module board_request #(
  parameter int Timeout    = 5_000_000,
  parameter int MaxPayload = 202,
  parameter int RingBytes  = 512
) (
  input logic clk_i,
  input logic rst_ni,

  input logic       in_valid_i,
  input logic [7:0] in_data_i,

  output logic        req_valid_o,
  input  logic        req_ready_i,
  output logic [ 7:0] req_tag_o,
  output logic [ 7:0] req_type_o,
  output logic [15:0] req_length_o,

  input  logic [7:0] payload_index_i,
  output logic [7:0] payload_data_o,

  output logic rejected_o,
  output logic overrun_o
);

  localparam int AddrWidth = $clog2(RingBytes);
  localparam int TimeWidth = $clog2(Timeout + 1);
  localparam logic [7:0] Sync0 = 8'hA5;
  localparam logic [7:0] Sync1 = 8'h5A;
  localparam int HeadBytes = 6;
  localparam int CrcBytes = 4;

  typedef enum logic [3:0] {
    Next,
    Fetch,
    Wait0,
    Wait1,
    Byte,
    Judge,
    Verdict,
    Reject,
    Serve
  } state_e;

  // Where in the frame the byte at hand is.
  typedef enum logic [2:0] {
    AtSync0,
    AtSync1,
    AtTag,
    AtType,
    AtLengthLow,
    AtLengthHigh,
    AtBody
  } place_e;

  state_e state_q;
  place_e place_q;

  // ---- the ring --------------------------------------------------------------------------------
  // One bit more than an address, so that a full ring differs from an empty one.
  logic [AddrWidth:0] write_q, start_q, read_q, used;
  logic full_q, available_q, store;
  logic [AddrWidth-1:0] read_addr_q, payload_base_q;
  logic [7:0] ring_data;

  assign used  = write_q - start_q;
  assign store = in_valid_i && !full_q;

  // Bytes come many cycles apart, and Next lets the comparison follow what is read.
  always_ff @(posedge clk_i) begin
    full_q <= rst_ni && used == (AddrWidth + 1)'(RingBytes);
    available_q <= read_q != write_q;
    payload_base_q <= AddrWidth'(start_q) + AddrWidth'(HeadBytes);
    read_addr_q    <= (state_q == Serve) ? payload_base_q + AddrWidth'(payload_index_i)
                                         : AddrWidth'(read_q);
  end

  mem_ram #(
    .Width(8),
    .Depth(RingBytes)
  ) u_ring (
    .clk_i,
    .write_en_i  (store),
    .write_addr_i(AddrWidth'(write_q)),
    .write_data_i(in_data_i),
    .read_en_i   (1'b1),
    .read_addr_i (read_addr_q),
    .read_data_o (ring_data)
  );

  // ---- judging one byte ------------------------------------------------------------------------
  logic [15:0] length_q, left_q;
  logic [7:0] byte_q, tag_q, type_q;
  logic [TimeWidth-1:0] idle_q;
  logic byte_now, mismatch, too_long, bad_q, last_byte_q, give_up, reject, served;
  logic crc_good, crc_good_q, timed_out_q;

  assign byte_now = state_q == Byte;
  assign mismatch = (place_q == AtSync0 && byte_q != Sync0)
                    || (place_q == AtSync1 && byte_q != Sync1);
  assign too_long = place_q == AtLengthHigh && {byte_q, length_q[7:0]} > 16'(MaxPayload);
  assign give_up = state_q == Fetch && !available_q && timed_out_q && place_q != AtSync0;
  assign served = req_valid_o && req_ready_i;
  assign reject = (state_q == Judge && bad_q) || (state_q == Verdict && !crc_good_q) || give_up;

  // The ring answers in Wait1: a register behind its block RAM costs no cycle.
  always_ff @(posedge clk_i) byte_q <= ring_data;

  // Looked at in one cycle, acted on in the next.
  always_ff @(posedge clk_i) begin
    bad_q       <= mismatch || too_long;
    last_byte_q <= place_q == AtBody && left_q == 16'd1;
    crc_good_q  <= crc_good;
    timed_out_q <= idle_q == TimeWidth'(Timeout);
  end

  assign req_valid_o = state_q == Serve;
  assign req_tag_o = tag_q;
  assign req_type_o = type_q;
  assign req_length_o = length_q;
  assign payload_data_o = ring_data;

  logic [31:0] crc;
  logic unused_crc, crc_clear, crc_fold;
  assign unused_crc = ^crc;
  assign crc_clear  = place_q == AtSync0;
  assign crc_fold   = byte_now && place_q != AtSync1;

  board_crc32 u_crc (
    .clk_i,
    .clear_i(crc_clear),
    .valid_i(crc_fold),
    .data_i (byte_q),
    .crc_o  (crc),
    .good_o (crc_good)
  );

  // ---- control ---------------------------------------------------------------------------------
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      state_q    <= Next;
      write_q    <= '0;
      start_q    <= '0;
      read_q     <= '0;
      rejected_o <= 1'b0;
      overrun_o  <= 1'b0;
    end else begin
      if (store) write_q <= write_q + 1'b1;
      overrun_o  <= in_valid_i && full_q;
      // A stray byte is not worth counting: a frame was rejected once its two sync bytes were there.
      rejected_o <= state_q == Reject && place_q != AtSync0 && place_q != AtSync1;
      case (state_q)
        Next:    state_q <= Fetch;
        Fetch:   if (available_q) state_q <= Wait0;
        Wait0:   state_q <= Wait1;
        Wait1:   state_q <= Byte;
        Byte:    state_q <= Judge;
        Judge: begin
          read_q  <= read_q + 1'b1;
          state_q <= last_byte_q ? Verdict : Next;
        end
        Verdict: if (crc_good_q) state_q <= Serve;
        Serve:
        if (req_ready_i) begin
          start_q <= read_q;
          state_q <= Next;
        end
        default: state_q <= Next;
      endcase
      if (reject) state_q <= Reject;
      // The search goes on one byte behind the false start.
      if (state_q == Reject) begin
        start_q <= start_q + 1'b1;
        read_q  <= start_q + 1'b1;
        state_q <= Next;
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni || state_q == Reject || served) place_q <= AtSync0;
    else if (state_q == Judge && !bad_q) begin
      case (place_q)
        AtSync0:      place_q <= AtSync1;
        AtSync1:      place_q <= AtTag;
        AtTag:        place_q <= AtType;
        AtType:       place_q <= AtLengthLow;
        AtLengthLow:  place_q <= AtLengthHigh;
        AtLengthHigh: place_q <= AtBody;
        default:      place_q <= AtBody;
      endcase
    end
  end

  always_ff @(posedge clk_i) begin
    if (byte_now) begin
      case (place_q)
        AtTag:       tag_q <= byte_q;
        AtType:      type_q <= byte_q;
        AtLengthLow: length_q <= {8'd0, byte_q};
        AtLengthHigh: begin
          length_q <= {byte_q, length_q[7:0]};
          left_q   <= {byte_q, length_q[7:0]} + 16'(CrcBytes);
        end
        AtBody:      left_q <= left_q - 16'd1;
        default:     ;
      endcase
    end
    if ((state_q != Fetch && state_q != Next) || available_q) idle_q <= '0;
    else if (idle_q != TimeWidth'(Timeout)) idle_q <= idle_q + 1'b1;
  end

`ifndef SYNTHESIS
  initial begin
    if (2 ** AddrWidth != RingBytes || RingBytes < MaxPayload + HeadBytes + CrcBytes)
      $fatal(
          1,
          "%m: RingBytes=%0d, must be a power of two that holds a frame of %0d bytes",
          RingBytes,
          MaxPayload + HeadBytes + CrcBytes
      );
    if (MaxPayload > 255) $fatal(1, "%m: MaxPayload=%0d, must be at most 255", MaxPayload);
  end
`endif

endmodule : board_request
