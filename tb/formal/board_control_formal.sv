// SPDX-License-Identifier: Apache-2.0
//
// board_control_formal -- one reply a request, none draws that is refused, and it always comes back.
//
// The request stays as it is until it is taken, as board_request promises. What is loaded changes by what is begun
// and stored here, and by nothing else: the loader stands still while a request is judged. left is the number of
// steps to Idle; it falls in every cycle but while a chunk is stored or the reply is under way.
//
// Sources  rtl/dcgan/dcgan_shape_pkg.sv, rtl/board/board_pkg.sv, rtl/board/board_control.sv
// Proof    induction 5
// Reach    30
`include "formal.svh"

module board_control_formal (
  input logic        clk_i,
  input logic        rst_ni,
  input logic        req_valid_i,
  input logic [ 7:0] req_type_i,
  input logic [15:0] req_length_i,
  input logic [ 7:0] payload_data_i,
  input logic        press_i,
  input logic [ 1:0] load_state_i,
  input logic [31:0] load_bytes_i,
  input logic [31:0] load_crc_i,
  input logic        store_busy_i,
  input logic        busy_i
);

  localparam int Idle = 0;
  localparam int Read = 1;
  localparam int Compare = 2;
  localparam int Decide = 4;
  localparam int Prepare = 5;
  localparam int Store = 7;
  localparam int Begun = 9;
  localparam int Run = 10;
  localparam int Done = 11;
  localparam int ReadCycles = 14;

  logic req_ready_o, reading_o, draw_o, reply_o, begin_o, store_o;
  logic [31:0] begin_crc_o;
  logic [7:0] payload_index_o, steps_o, type_o, error_o;
  logic [1:0] source_o;
  logic [15:0] count_o;
  logic [63:0] seed_o;
  logic [2:0] kind_o;

  `FORMAL_RESET(clk_i, rst_ni)

  board_control dut (.*);

  logic [3:0] state;
  logic [5:0] left, left_q;
  logic [1:0] load_state_q;
  logic [31:0] load_bytes_q, load_crc_q;
  logic waits, waits_q, stays_q, replied_q, known, right;
  logic [7:0] type_q;
  logic [15:0] length_q;

  assign state   = dut.state_q;
  assign left    = (state == 4'(Idle)) ? 6'd0 : (state == 4'(Read)) ? 6'd40 - 6'(dut.read_q)
                   : 6'd20 - 6'(state);
  assign waits   = state == 4'(Idle) || (state == 4'(Store) && store_busy_i) || (state == 4'(Run) && busy_i);

  always_comb begin
    case (req_type_i)
      board_pkg::TypeInfo:        {known, right} = {1'b1, req_length_i == 16'd0};
      board_pkg::TypeLatent:      {known, right} = {1'b1, req_length_i == 16'd101};
      board_pkg::TypeSeed:        {known, right} = {1'b1, req_length_i == 16'd11};
      board_pkg::TypeInterpolate: {known, right} = {1'b1, req_length_i == 16'd202};
      board_pkg::TypeBegin:       {known, right} = {1'b1, req_length_i == 16'd8};
      board_pkg::TypeChunk:       {known, right} = {1'b1, req_length_i > 16'd8};
      board_pkg::TypeNetwork:     {known, right} = {1'b1, req_length_i == 16'd0};
      default:                    {known, right} = 2'b00;
    endcase
  end

  always_ff @(posedge clk_i) begin
    left_q   <= left;
    waits_q  <= waits;
    stays_q  <= rst_ni && req_valid_i && !req_ready_o;
    type_q   <= req_type_i;
    length_q <= req_length_i;
    if (!rst_ni || state == 4'(Idle)) replied_q <= 1'b0;
    else if (reply_o) replied_q <= 1'b1;
  end

  // ---- what was loaded when the request was judged ---------------------------------------------
  logic whole, whole_q, whole_before_q, was_whole_q, was_loading_q, same_preset_q, same_crc_q, next_q;
  logic under_way_q;
  logic judged, chunk_stored_q;
  logic [31:0] first_word;

  assign whole      = load_state_i == board_pkg::Whole;
  assign first_word = dut.arguments_q[31:0];
  assign judged     = past_q && state >= 4'(Prepare) && !dut.button_q;

  always_ff @(posedge clk_i) begin
    whole_q        <= whole;
    whole_before_q <= whole_q;
    load_state_q   <= load_state_i;
    load_bytes_q   <= load_bytes_i;
    load_crc_q     <= load_crc_i;
    chunk_stored_q <= !store_busy_i;
    if (state == 4'(Decide)) begin
      was_whole_q   <= whole;
      was_loading_q <= load_state_i == board_pkg::Loading;
      same_preset_q <= first_word == 32'(dcgan_shape_pkg::Preset);
      same_crc_q    <= first_word == load_crc_i;
      next_q        <= dut.arguments_q[63:32] == load_bytes_i;
      under_way_q   <= dut.arguments_q[63:32] == load_crc_i && load_bytes_i != '0
                       && (whole || load_state_i == board_pkg::Loading);
    end
  end

  always_comb begin
    if (past_q && state >= 4'(Read) && state <= 4'(Prepare)) begin
      assume (load_state_i == load_state_q && load_bytes_i == load_bytes_q && load_crc_i == load_crc_q);
    end
  end

  always_comb begin
    if (past_q && stays_q) begin
      assume (req_valid_i && req_type_i == type_q && req_length_i == length_q);
    end
  end

  always_comb begin
    // bug: Judge: state_q <= Decide; ==> Judge: state_q <= state_e'(4'd13);
    `PROVE(StatesAreNamed, past_q, state <= 4'(Done))
    // bug: if (read_q == 4'(ReadCycles - 1)) ==> if (read_q == 4'(ReadCycles))
    `PROVE(ReadEnds, past_q && state == 4'(Read), 32'(dut.read_q) < ReadCycles)
    // bug: Begun: state_q <= Run; ==> Begun: state_q <= Begun;
    `PROVE(StepsFall, past_q && ran_q && !waits_q, left < left_q)
    // bug: button_q <= pressed_q && !req_valid_i; ==> button_q <= pressed_q && req_valid_i;
    `PROVE(RequestIsThere, past_q && state != 4'(Idle) && !dut.button_q, req_valid_i)
    // bug: button_q <= pressed_q && !req_valid_i; ==> button_q <= pressed_q;
    `PROVE(RequestsGoFirst, past_q && state == 4'(Read), !dut.button_q)
    // bug: if (whole_q) state_q <= Compare; ==> state_q <= Compare;
    `PROVE(PressNeedsANetwork, past_q && state == 4'(Compare) && dut.button_q, whole_before_q)
    // bug: assign reply_o = state_q == Start; ==> assign reply_o = state_q == Decide;
    `PROVE(RepliedBehindStart, past_q && state != 4'(Idle), replied_q == (state >= 4'(Begun)))
    // bug: Compare: state_q <= Judge; ==> Compare: state_q <= Run;
    `PROVE(TakenAfterItsReply, past_q && req_ready_o, replied_q && req_valid_i)
    // bug: assign reply_o = state_q == Start; ==> assign reply_o = state_q == Start || state_q == Begun;
    `PROVE(OneReply, past_q && reply_o, !replied_q)
    // bug: Store: if (!store_busy_i) state_q <= Start; ==> Store: state_q <= Start;
    `PROVE(ReplyAfterItsChunk, past_q && reply_o, chunk_stored_q)
    // bug: assign draw_o = state_q == Start && draws_q; ==> assign draw_o = state_q == Decide;
    `PROVE(DrawnWithItsReply, past_q && draw_o, reply_o)
    // bug: draws_q <= good && is_draw_q; ==> draws_q <= is_draw_q;
    // bug: begins_q <= good && is_begin_q ==> begins_q <= is_begin_q
    // bug: stores_q <= good && is_chunk_q ==> stores_q <= is_chunk_q
    `PROVE(RefusedDoesNothing, judged && kind_o == board_pkg::ReplyError, !dut.draws_q && !dut.begins_q && !dut.stores_q && type_o == board_pkg::TypeError)
    // bug: default:             type_good = 1'b0; ==> default: ;
    `PROVE(UnknownTypeIsRefused, judged && !known, kind_o == board_pkg::ReplyError && error_o == board_pkg::ErrorType)
    // bug: length_good   = latent_length_q; ==> length_good   = seed_length_q;
    // bug: chunk_length_q  <= req_length_i > ChunkHead; ==> chunk_length_q  <= req_length_i >= ChunkHead;
    `PROVE(WrongLengthIsRefused, judged && known && !right, kind_o == board_pkg::ReplyError && error_o == board_pkg::ErrorLength)
    // bug: is_info_q       <= req_type_i == board_pkg::TypeInfo; ==> is_info_q <= 1'b0;
    `PROVE(InfoDrawsNothing, judged && req_type_i == board_pkg::TypeInfo && right, !dut.draws_q && kind_o == board_pkg::ReplyInfo)
    // bug: is_latent_q ? 16'd1 : is_seed_q ==> is_seed_q
    `PROVE(LatentIsOneAvatar, judged && dut.draws_q && req_type_i == board_pkg::TypeLatent, count_o == 16'd1 && source_o == board_pkg::SourceLatent)
    // bug: some_q          <= count != '0; ==> some_q <= 1'b1;
    `PROVE(NeverZeroAvatars, judged && dut.draws_q, count_o != '0)
    // bug: (flags >> 2) == '0 && ==> (flags >> 3) == '0 &&
    // bug: !(summary && coded); ==> 1'b1;
    `PROVE(UnknownFlagsDrawNothing, judged && dut.draws_q, dut.flags < 8'd3)
    // bug: : coded ? board_pkg::ReplyCoded ==> : 1'b0 ? board_pkg::ReplyCoded
    // bug: : summary ? board_pkg::ReplySummary ==> : coded ? board_pkg::ReplySummary
    `PROVE(AFlagHasItsReply, judged && dut.draws_q, kind_o == (dut.flags[1] ? board_pkg::ReplyCoded : dut.flags[0] ? board_pkg::ReplySummary : board_pkg::ReplyAvatars))
    // bug: if (is_draw) allowed = whole_q; ==> if (is_draw) allowed = 1'b1;
    `PROVE(NoNetworkNoAvatar, judged && !was_whole_q, !dut.draws_q)
    // bug: allowed     = preset_same_q; ==> allowed     = 1'b1;
    `PROVE(OtherPresetIsRefused, judged && right && req_type_i == board_pkg::TypeBegin && !same_preset_q, kind_o == board_pkg::ReplyError && error_o == board_pkg::ErrorPreset)
    // bug: begins_q <= good && is_begin_q && ==> begins_q <= good && is_begin_q && !loading_q &&
    // bug: begun_q && some_loaded_q ==> begun_q
    // bug: (whole_q || loading_q) ==> whole_q
    `PROVE(AnotherImageBegins, judged && right && req_type_i == board_pkg::TypeBegin && same_preset_q, dut.begins_q == !under_way_q && kind_o == board_pkg::ReplyNetwork)
    // bug: allowed     = crc_same_q; ==> allowed     = 1'b1;
    `PROVE(OtherImageIsRefused, judged && right && req_type_i == board_pkg::TypeChunk && !same_crc_q, kind_o == board_pkg::ReplyError && error_o == board_pkg::ErrorChunk)
    // bug: is_chunk_q && next_q && loading_q; ==> is_chunk_q && loading_q;
    // bug: is_chunk_q && next_q && loading_q; ==> is_chunk_q && next_q;
    `PROVE(TheNextChunkIsStored, judged && right && req_type_i == board_pkg::TypeChunk && same_crc_q, dut.stores_q == (next_q && was_loading_q) && kind_o == board_pkg::ReplyNetwork)
    // bug: is_load_q ? board_pkg::ReplyNetwork ==> is_begin_q ? board_pkg::ReplyNetwork
    `PROVE(NetworkAsksOnly, judged && right && req_type_i == board_pkg::TypeNetwork, !dut.draws_q && !dut.begins_q && !dut.stores_q && kind_o == board_pkg::ReplyNetwork)
    // bug: assign begin_o = state_q == Prepare && begins_q; ==> assign begin_o = state_q == Prepare && (begins_q || stores_q);
    `PROVE(OnlyBeginBegins, past_q && begin_o, !dut.button_q && req_type_i == board_pkg::TypeBegin && !store_o)
    // bug: assign store_o = state_q == Prepare && stores_q; ==> assign store_o = state_q == Prepare && (begins_q || stores_q);
    `PROVE(OnlyAChunkIsStored, past_q && store_o, !dut.button_q && req_type_i == board_pkg::TypeChunk && !begin_o)
    // bug: kind_o   <= board_pkg::ReplyNone; ==> kind_o   <= board_pkg::ReplyAvatars;
    `PROVE(ButtonSendsNothing, past_q && state >= 4'(Prepare) && dut.button_q, kind_o == board_pkg::ReplyNone && dut.draws_q && !dut.begins_q && !dut.stores_q && count_o == 16'd1)
    // bug: state_q   <= Idle; ==> state_q   <= Done;
    `PROVE(IdleAfterReset, past_q && !ran_q, state == 4'(Idle) && !reply_o && !req_ready_o)
  end

endmodule : board_control_formal
