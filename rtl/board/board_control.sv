// SPDX-License-Identifier: Apache-2.0
//
// board_control -- one request at a time: read its arguments, judge them, start source and reply.
//
//   type         length  arguments (payload bytes)                      does
//   Info         0       -                                              Info
//   Latent       101     flags, z[100]                                  1 avatar
//   Seed         11      flags, count(2), seed(8)                       count avatars
//   Interpolate  202     flags, inner, z1[100], z2[100]                 inner + 2 avatars
//   Begin        8       preset(4), crc(4)                              begin_o, then Network
//   Chunk        9..202  crc(4), place(4), bytes                        store_o, then Network
//   Network      0       -                                              Network
//   anything else, or a bad argument                                    Error
//
// A Begin of the image that is loaded, or was, changes nothing: the host goes on where the reply says.
// A chunk is stored if it is the next one; where it is not, the reply says which one is.  Avatars are refused
// unless a network is whole, a Begin for another preset, and a chunk of another image than was begun.
// flags bit 0: Summary instead of avatars.  Bit 1: Coded avatars.  Not both.  A press of the button draws one
// avatar for the wall from a seed that counts clock cycles; requests go first.
// Latency  21 cycles from req_valid_i to reply_o       Throughput  one request at a time
// Golden   tb/board_control/test_board_control.py: expected_order() -- judged by refusal()
// Test     tb/board_control
module board_control (
  input logic clk_i,
  input logic rst_ni,

  input  logic        req_valid_i,
  output logic        req_ready_o,
  input  logic [ 7:0] req_type_i,
  input  logic [15:0] req_length_i,

  output logic       reading_o,
  output logic [7:0] payload_index_o,
  input  logic [7:0] payload_data_i,

  input logic press_i,

  input  logic [ 1:0] load_state_i,  // see board_loader
  input  logic [31:0] load_bytes_i,
  input  logic [31:0] load_crc_i,
  output logic        begin_o,
  output logic [31:0] begin_crc_o,
  output logic        store_o,
  input  logic        store_busy_i,

  output logic        draw_o,    // start the latent source
  output logic        reply_o,   // start the reply
  output logic [ 1:0] source_o,
  output logic [15:0] count_o,
  output logic [63:0] seed_o,
  output logic [ 7:0] steps_o,
  output logic [ 2:0] kind_o,
  output logic [ 7:0] type_o,
  output logic [ 7:0] error_o,
  input  logic        busy_i
);

  localparam int ArgumentBytes = 11;
  localparam int ReadLatency = 3;
  localparam int ReadCycles = ArgumentBytes + ReadLatency;
  localparam int LatentSize = dcgan_shape_pkg::LatentSize;
  localparam logic [15:0] LatentLength = 16'(1 + LatentSize);
  localparam logic [15:0] SeedLength = 16'(ArgumentBytes);
  localparam logic [15:0] LineLength = 16'(2 + 2 * LatentSize);
  localparam logic [15:0] BeginLength = 16'd8;
  localparam logic [15:0] ChunkHead = 16'(board_pkg::ChunkHead);

  typedef enum logic [3:0] {
    Idle,
    Read,
    Compare,
    Judge,
    Decide,
    Prepare,
    Prepared,
    Store,
    Start,
    Begun,
    Run,
    Done
  } state_e;

  state_e state_q;
  logic [3:0] read_q;
  logic [8*ArgumentBytes-1:0] arguments_q;
  logic [63:0] cycle_q;
  logic pressed_q, button_q;

  // ---- arguments -------------------------------------------------------------------------------
  logic [7:0] flags, inner;
  logic [15:0] count;
  logic length_good, argument_good, type_good, allowed, is_load, is_draw;
  logic summary, coded, flags_good;
  logic [7:0] refusal;
  logic good, type_good_q, length_good_q, argument_good_q, allowed_q, is_info_q, is_latent_q;
  logic is_seed_q, is_begin_q, is_chunk_q, is_load_q, is_draw_q;
  logic no_payload_q, latent_length_q, seed_length_q, line_length_q, begin_length_q, chunk_length_q;
  logic some_q, few_q, whole_q, loading_q, preset_same_q, crc_same_q, next_q;
  logic begun_q, some_loaded_q;
  logic [7:0] refusal_q;

  assign flags = arguments_q[7:0];
  assign inner = arguments_q[15:8];
  assign count = arguments_q[23:8];
  assign summary = flags[0];
  assign coded = flags[1];
  assign flags_good = (flags >> 2) == '0 && !(summary && coded);

  always_comb begin
    type_good     = 1'b1;
    length_good   = 1'b0;
    argument_good = 1'b1;
    allowed       = 1'b1;
    refusal       = board_pkg::ErrorNetwork;
    is_load       = 1'b0;
    is_draw       = 1'b0;
    case (req_type_i)
      board_pkg::TypeInfo: length_good = no_payload_q;
      board_pkg::TypeLatent: begin
        is_draw       = 1'b1;
        length_good   = latent_length_q;
        argument_good = flags_good;
      end
      board_pkg::TypeSeed: begin
        is_draw       = 1'b1;
        length_good   = seed_length_q;
        argument_good = flags_good && some_q;
      end
      board_pkg::TypeInterpolate: begin
        is_draw       = 1'b1;
        length_good   = line_length_q;
        argument_good = flags_good && few_q;
      end
      board_pkg::TypeBegin: begin
        is_load     = 1'b1;
        length_good = begin_length_q;
        allowed     = preset_same_q;
        refusal     = board_pkg::ErrorPreset;
      end
      board_pkg::TypeChunk: begin
        is_load     = 1'b1;
        length_good = chunk_length_q;
        allowed     = crc_same_q;
        refusal     = board_pkg::ErrorChunk;
      end
      board_pkg::TypeNetwork: begin
        is_load     = 1'b1;
        length_good = no_payload_q;
      end
      default:             type_good = 1'b0;
    endcase
    if (is_draw) allowed = whole_q;
  end

  // ---- sequence --------------------------------------------------------------------------------
  assign req_ready_o     = state_q == Done && !button_q;
  assign reading_o       = state_q == Read;
  assign payload_index_o = 8'(read_q);

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      state_q   <= Idle;
      read_q    <= '0;
      pressed_q <= 1'b0;
      button_q  <= 1'b0;
    end else begin
      if (press_i) pressed_q <= 1'b1;
      read_q <= (state_q == Read) ? read_q + 4'd1 : '0;
      case (state_q)
        Idle: begin
          button_q <= pressed_q && !req_valid_i;
          if (req_valid_i) state_q <= Read;
          else if (pressed_q) begin
            pressed_q <= 1'b0;
            if (whole_q) state_q <= Compare;
          end
        end
        Read: if (read_q == 4'(ReadCycles - 1)) state_q <= Compare;
        Compare: state_q <= Judge;
        Judge: state_q <= Decide;
        Decide: state_q <= Prepare;
        Prepare: state_q <= Prepared;
        Prepared: state_q <= Store;
        Store: if (!store_busy_i) state_q <= Start;
        Start: state_q <= Begun;
        Begun: state_q <= Run;
        Run: if (!busy_i) state_q <= Done;
        default: state_q <= Idle;
      endcase
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) cycle_q <= '0;
    else cycle_q <= cycle_q + 1'b1;
    if (state_q == Read && read_q >= 4'(ReadLatency))
      arguments_q <= {payload_data_i, arguments_q[8*ArgumentBytes-1:8]};
  end

  // ---- the order, registered: it fans out to two state machines --------------------------------
  logic draws_q, begins_q, stores_q;

  assign good = type_good_q && length_good_q && argument_good_q && allowed_q;

  // Judged in one cycle, acted on in the next.
  always_ff @(posedge clk_i) begin
    // Lengths and arguments are there long before.
    no_payload_q    <= req_length_i == '0;
    latent_length_q <= req_length_i == LatentLength;
    seed_length_q   <= req_length_i == SeedLength;
    line_length_q   <= req_length_i == LineLength;
    some_q          <= count != '0;
    few_q           <= inner != '1;
    begin_length_q  <= req_length_i == BeginLength;
    chunk_length_q  <= req_length_i > ChunkHead;
    whole_q         <= load_state_i == board_pkg::Whole;
    loading_q       <= load_state_i == board_pkg::Loading;
    preset_same_q   <= arguments_q[31:0] == 32'(dcgan_shape_pkg::Preset);
    crc_same_q      <= arguments_q[31:0] == load_crc_i;
    next_q          <= arguments_q[63:32] == load_bytes_i;
    begun_q         <= arguments_q[63:32] == load_crc_i;
    some_loaded_q   <= load_bytes_i != '0;
    type_good_q     <= type_good;
    argument_good_q <= argument_good;
    length_good_q   <= length_good;
    allowed_q       <= allowed;
    refusal_q       <= refusal;
    is_load_q       <= is_load;
    is_draw_q       <= is_draw;
    is_info_q       <= req_type_i == board_pkg::TypeInfo;
    is_begin_q      <= req_type_i == board_pkg::TypeBegin;
    is_chunk_q      <= req_type_i == board_pkg::TypeChunk;
    is_latent_q     <= req_type_i == board_pkg::TypeLatent;
    is_seed_q       <= req_type_i == board_pkg::TypeSeed;
  end

  assign draw_o = state_q == Start && draws_q;
  assign reply_o = state_q == Start;
  assign begin_o = state_q == Prepare && begins_q;
  assign store_o = state_q == Prepare && stores_q;
  assign begin_crc_o = arguments_q[63:32];

  always_ff @(posedge clk_i) begin
    if (state_q == Decide) begin
      type_o <= good ? req_type_i : board_pkg::TypeError;
      error_o  <= !type_good_q ? board_pkg::ErrorType
                  : !length_good_q ? board_pkg::ErrorLength
                  : !argument_good_q ? board_pkg::ErrorArgument : refusal_q;
      steps_o <= inner + 8'd1;
      draws_q <= good && is_draw_q;
      begins_q <= good && is_begin_q && !(begun_q && some_loaded_q && (whole_q || loading_q));
      stores_q <= good && is_chunk_q && next_q && loading_q;
      source_o <= is_latent_q ? board_pkg::SourceLatent
                  : is_seed_q ? board_pkg::SourceSeed
                  : board_pkg::SourceLine;
      count_o <= is_latent_q ? 16'd1 : is_seed_q ? count : 16'(inner) + 16'd2;
      seed_o <= arguments_q[8*ArgumentBytes-1-:64];
      kind_o   <= !good ? board_pkg::ReplyError
                  : is_info_q ? board_pkg::ReplyInfo
                  : is_load_q ? board_pkg::ReplyNetwork
                  : summary ? board_pkg::ReplySummary
                  : coded ? board_pkg::ReplyCoded : board_pkg::ReplyAvatars;
      if (button_q) begin
        draws_q  <= 1'b1;
        begins_q <= 1'b0;
        stores_q <= 1'b0;
        source_o <= board_pkg::SourceSeed;
        count_o  <= 16'd1;
        seed_o   <= cycle_q;
        kind_o   <= board_pkg::ReplyNone;
      end
    end
  end

endmodule : board_control
