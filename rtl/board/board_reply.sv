// SPDX-License-Identifier: Apache-2.0
//
// board_reply -- reply frames out of counters and pixels, and the end of every pixel.
//
//   5A A5 tag type length(2) payload(length) crc32(4)         numbers low byte first
//
//   kind      frames    payload, in 32-bit words and pixels R G B
//   Info      1         eleven words (InfoWords)
//   Avatars   count     index, 1024 pixels, cycles, multiplier-active cycles
//   Coded     count     index, the code of 1024 pixels (board_coder), cycles, multiplier-active cycles; the length
//                       is not known yet: it reads FFFF
//   Summary   1         count, cycles from start to the last pixel, crc32 of all pixels, cycles,
//                       multiplier-active cycles: the engine at full speed, the line out of the way
//   Network   1         five words (NetworkWords): what is loaded, or how far
//   Error     1         code
//   None      0         pixels are taken (they are on the video wall) and nothing is sent
//
// Latency     8 cycles to the first byte      Throughput  1 byte of a pixel a cycle, of others every sixth
// Golden      scripts/avatar_host/protocol.py: encode_reply()     Test  tb/board_reply
module board_reply #(
  parameter  int ClockHz   = 100_000_000,
  parameter  int Baud      = 3_000_000,
  localparam int InfoWords = 11
) (
  input logic clk_i,
  input logic rst_ni,

  input  logic        start_i,
  input  logic [ 2:0] kind_i,
  input  logic [ 7:0] tag_i,
  input  logic [ 7:0] type_i,
  input  logic [15:0] count_i,
  input  logic [ 7:0] error_i,
  output logic        busy_o,

  input logic [31:0] avatars_i,
  input logic [31:0] malformed_i,
  input logic [31:0] cycles_i,
  input logic [31:0] mac_cycles_i,
  input logic [31:0] frame_errors_i,
  input logic [31:0] line_errors_i,

  input logic [ 1:0] load_state_i,  // see board_loader
  input logic [31:0] load_bytes_i,
  input logic [31:0] load_crc_i,
  input logic [31:0] network_i,     // identity of the network that is whole

  input  logic        pixel_valid_i,
  output logic        pixel_ready_o,
  input  logic [23:0] pixel_data_i,

  output logic       out_valid_o,
  input  logic       out_ready_i,
  output logic [7:0] out_data_o
);

  localparam int Side = dcgan_shape_pkg::side(dcgan_shape_pkg::NumLayers);
  localparam int Pixels = Side * Side;
  localparam int PixelCountWidth = $clog2(Pixels);
  localparam int HeadBytes = 6;
  localparam int WordBytes = 4;
  localparam int SummaryWords = 5;
  localparam int NetworkWords = 5;
  localparam int TrailWords = 2;
  localparam int AvatarBytes = WordBytes + board_pkg::Planes * Pixels + TrailWords * WordBytes;
  // The counters of the last avatar settle a few cycles after its last pixel.
  localparam int SettleCycles = 7;
  localparam logic [7:0] Sync0 = 8'h5A;
  localparam logic [7:0] Sync1 = 8'hA5;

  typedef enum logic [3:0] {
    Idle,
    Drain,
    Head,
    Words,
    Pixel,
    Code,
    Settle,
    Trail,
    Crc
  } state_e;

  state_e state_q;
  logic [2:0] kind_q;
  logic [7:0] tag_q, type_q, error_q;
  logic [15:0] count_q, index_q, length;
  logic [5:0] byte_q;  // byte of the section at hand
  logic [PixelCountWidth-1:0] pixel_q;
  logic [1:0] plane_q;
  logic [31:0] elapsed_q, pixel_crc_q, crc;

  // ---- bytes are made here, checked one cycle later, and leave through a register ---------------
  logic make_valid, make_ready, send, fold_q, steady_q;
  logic [3:0] rested_q;
  logic [7:0] make_data, made_q, fold_data_q;

  logic near_valid, near_ready;
  logic [7:0] near_data;

  assign send = make_valid && make_ready;

  // Whether a byte was taken steers everything here, and the line may be far away: a register on either side.
  stream_skid #(
    .Width(8)
  ) u_near (
    .clk_i,
    .rst_ni,
    .in_valid_i (make_valid),
    .in_ready_o (make_ready),
    .in_data_i  (make_data),
    .out_valid_o(near_valid),
    .out_ready_i(near_ready),
    .out_data_o (near_data)
  );

  stream_skid #(
    .Width(8)
  ) u_out (
    .clk_i,
    .rst_ni,
    .in_valid_i(near_valid),
    .in_ready_o(near_ready),
    .in_data_i (near_data),
    .out_valid_o,
    .out_ready_i,
    .out_data_o
  );

  // ---- pixels: one byte a beat, in every kind but Coded ----------------------------------------
  // The flags are those of the cycle before: pixels and avatars change long before they end.
  logic pixel_open, pixel_step, last_plane, last_pixel_q, final_byte_q, last_avatar_q, avatar_done;
  logic [15:0] last_index_q;
  logic [ 7:0] pixel_byte;
  logic coded_q, code_taken, code_valid, code_last;
  logic [7:0] code_byte;

  // What pixels and codes may do is a register, and that the last of them was taken is known a cycle late: nothing is
  // taken in that cycle. Else the state would follow from itself through the coder.
  logic coding_q, plain_q, ended_q, opens;

  assign opens = rst_ni && !avatar_done && !ended_q;

  always_ff @(posedge clk_i) begin
    coding_q <= opens && state_q == Code;
    plain_q  <= opens && state_q == Pixel;
    ended_q  <= rst_ni && avatar_done;
  end

  board_coder u_coder (
    .clk_i,
    .rst_ni,
    .in_valid_i (coding_q && pixel_valid_i),
    .in_ready_o (code_taken),
    .in_data_i  (pixel_data_i),
    .out_valid_o(code_valid),
    .out_ready_i(coding_q && make_ready),
    .out_data_o (code_byte),
    .out_last_o (code_last)
  );

  assign last_plane = plane_q == 2'd2;
  assign pixel_open = (state_q == Drain && !ended_q) || (plain_q && make_ready);
  assign pixel_step = pixel_valid_i && pixel_open;
  assign pixel_ready_o = coding_q ? code_taken : (last_plane && pixel_open);
  assign avatar_done = coding_q ? (code_valid && code_last && make_ready)
                                : (pixel_step && final_byte_q);
  assign pixel_byte    = (plane_q == 2'd0) ? pixel_data_i[23:16]
                         : (plane_q == 2'd1) ? pixel_data_i[15:8] : pixel_data_i[7:0];

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      plane_q <= '0;
      pixel_q <= '0;
    end else if (pixel_step) begin
      plane_q <= last_plane ? '0 : plane_q + 2'd1;
      if (last_plane) pixel_q <= pixel_q + 1'b1;  // a power of two of them
    end
    final_byte_q  <= last_pixel_q && plane_q == (pixel_step ? 2'd1 : 2'd2);
    last_pixel_q  <= pixel_q == PixelCountWidth'(Pixels - 1);
    last_index_q  <= count_q - 16'd1;
    last_avatar_q <= index_q == last_index_q;
  end

  // ---- bytes that are no pixels ----------------------------------------------------------------
  logic [30:0] clock_hz;
  logic [95:0] group_q;
  logic [31:0] info_q, summary_q, network_q, avatar_q, word_q;
  logic [8*HeadBytes-1:0] head;
  logic [7:0] head_byte, word_byte, crc_byte;
  logic [5:0] word_bytes, last_byte_q;
  logic [3:0] word_index_q;

  assign word_bytes = (kind_q == board_pkg::ReplyInfo) ? 6'(InfoWords * WordBytes)
                      : (kind_q == board_pkg::ReplySummary) ? 6'(SummaryWords * WordBytes)
                      : (kind_q == board_pkg::ReplyNetwork) ? 6'(NetworkWords * WordBytes)
                      : 6'(WordBytes);
  assign length = coded_q ? board_pkg::CodedLength
                  : (kind_q == board_pkg::ReplyAvatars) ? 16'(AvatarBytes) : 16'(word_bytes);

  // The clock is no part of the netlist.
  mem_constant #(
    .Width(31),
    .Value(ClockHz)
  ) u_clock_hz (
    .value_o(clock_hz)
  );

  // Which word, words of four, a word of each kind, one of them: a step a cycle.
  always_ff @(posedge clk_i) begin
    word_index_q <= byte_q[5:2];
    case (word_index_q[1:0])
      2'd0:    group_q <= {board_pkg::Shape, malformed_i, line_errors_i};
      2'd1:    group_q <= {32'(clock_hz), cycles_i, board_pkg::Channels12};
      2'd2:    group_q <= {32'(Baud), mac_cycles_i, board_pkg::Channels34};
      default: group_q <= {avatars_i, frame_errors_i, board_pkg::Channels34};
    endcase
    case (word_index_q[3:2])
      2'd0:    info_q <= group_q[95:64];
      2'd1:    info_q <= group_q[63:32];
      default: info_q <= group_q[31:0];
    endcase
    case (word_index_q)
      4'd0:    summary_q <= 32'(count_q);
      4'd1:    summary_q <= elapsed_q;
      4'd2:    summary_q <= pixel_crc_q;
      4'd3:    summary_q <= cycles_i;
      default: summary_q <= mac_cycles_i;
    endcase
    case (word_index_q)
      4'd0:    network_q <= 32'(load_state_i);
      4'd1:    network_q <= load_bytes_i;
      4'd2:    network_q <= load_crc_i;
      4'd3:    network_q <= 32'(dcgan_shape_pkg::Preset);
      default: network_q <= network_i;
    endcase
    if (state_q == Words) avatar_q <= 32'(index_q);
    else avatar_q <= (word_index_q == '0) ? cycles_i : mac_cycles_i;
    case (kind_q)
      board_pkg::ReplyInfo:    word_q <= info_q;
      board_pkg::ReplySummary: word_q <= summary_q;
      board_pkg::ReplyNetwork: word_q <= network_q;
      board_pkg::ReplyError:   word_q <= 32'(error_q);
      default:                 word_q <= avatar_q;
    endcase
  end

  assign head = {length, type_q | board_pkg::ReplyFlag, tag_q, Sync1, Sync0};
  assign head_byte = 8'(head >> {byte_q[2:0], 3'd0});
  assign word_byte = 8'(word_q >> {byte_q[1:0], 3'd0});
  assign crc_byte = 8'(crc >> {byte_q[1:0], 3'd0});

  // A byte that is no pixel is chosen among hundreds of bits: it gets five cycles of its own, after
  // what chooses it has come to rest. The CRC does so when the byte before it was folded in.
  logic chosen, steps;

  assign chosen = state_q == Head || state_q == Words || state_q == Trail || state_q == Crc;
  // What has come to rest was chosen and is so still: what follows need not ask where bytes come from.
  assign steps = steady_q && make_ready;
  assign make_valid = coding_q ? code_valid : plain_q ? pixel_valid_i : steady_q;
  assign make_data = coding_q ? code_byte : plain_q ? pixel_byte : made_q;

  always_ff @(posedge clk_i) begin
    rested_q <= {rested_q[2:0], 1'b1} & {4{chosen && !send && !fold_q}};
    steady_q <= rst_ni && chosen && !send && !fold_q && rested_q[3];
    made_q   <= (state_q == Head) ? head_byte : (state_q == Crc) ? crc_byte : word_byte;
  end

  // ---- one CRC: over the pixels while they are drained, over the frame while it is sent --------
  logic crc_clear, drained, in_sync, unused_good;

  assign in_sync   = state_q == Head && byte_q < 6'd2;
  assign drained   = state_q == Drain && pixel_step;
  assign crc_clear = state_q == Idle || in_sync;
  always_ff @(posedge clk_i) begin
    fold_q      <= rst_ni && (drained || (send && state_q != Crc && !in_sync));
    fold_data_q <= (state_q == Drain) ? pixel_byte : make_data;
  end

  board_crc32 u_crc (
    .clk_i,
    .clear_i(crc_clear),
    .valid_i(fold_q),
    .data_i (fold_data_q),
    .crc_o  (crc),
    .good_o (unused_good)
  );

  // ---- sequence --------------------------------------------------------------------------------
  logic section_end, section_last_q, settled_q, drains, counted_q, avatars;

  assign avatars = kind_q == board_pkg::ReplyAvatars || coded_q;
  assign drains = kind_i == board_pkg::ReplySummary || kind_i == board_pkg::ReplyNone;
  assign section_end = steps && section_last_q;
  assign busy_o = state_q != Idle;

  // A byte that is no pixel rests for five cycles before it is sent: this is known in time.
  always_ff @(posedge clk_i) begin
    last_byte_q <= (state_q == Head) ? 6'(HeadBytes - 1)
                   : (state_q == Words) ? word_bytes - 6'd1
                   : (state_q == Trail) ? 6'(TrailWords * WordBytes - 1) : 6'(WordBytes - 1);
    section_last_q <= byte_q == last_byte_q;
    settled_q <= state_q == Settle && byte_q == 6'(SettleCycles);
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      state_q <= Idle;
      byte_q <= '0;
      index_q <= '0;
      counted_q <= 1'b0;
    end else begin
      // Counted a cycle late: nothing asks for it sooner.
      counted_q <= (state_q == Drain) ? avatar_done : (state_q == Crc && section_end);
      if (state_q == Idle) index_q <= '0;
      else if (counted_q) index_q <= index_q + 16'd1;

      if (section_end || settled_q) byte_q <= '0;
      else if (state_q == Settle || steps) byte_q <= byte_q + 6'd1;

      case (state_q)
        Idle:   if (start_i) state_q <= drains ? Drain : Head;
        Drain:
        if (ended_q && last_avatar_q) begin
          state_q <= (kind_q == board_pkg::ReplyNone) ? Idle : Settle;
        end
        Head:   if (section_end) state_q <= Words;
        Words:  if (section_end) state_q <= coded_q ? Code : avatars ? Pixel : Crc;
        Pixel:  if (ended_q) state_q <= Settle;
        Code:   if (ended_q) state_q <= Settle;
        Settle: if (settled_q) state_q <= avatars ? Trail : Head;
        Trail:  if (section_end) state_q <= Crc;
        default:
        if (section_end) begin
          state_q <= (avatars && !last_avatar_q) ? Head : Idle;
        end
      endcase
    end
  end

  always_ff @(posedge clk_i) begin
    if (start_i && state_q == Idle) begin
      kind_q    <= kind_i;
      coded_q   <= kind_i == board_pkg::ReplyCoded;
      tag_q     <= tag_i;
      type_q    <= type_i;
      count_q   <= count_i;
      error_q   <= error_i;
      elapsed_q <= '0;
    end else if (state_q == Drain && !(ended_q && last_avatar_q)) begin
      elapsed_q <= elapsed_q + 1'b1;
    end
    if (state_q == Settle) pixel_crc_q <= crc;
  end

`ifndef SYNTHESIS
  initial begin
    if (2 ** PixelCountWidth != Pixels) $fatal(1, "%m: Pixels=%0d is no power of two", Pixels);
  end
`endif

endmodule : board_reply
