// SPDX-License-Identifier: Apache-2.0
//
// board_control_formal -- one reply a request, none draws that is refused, and it always comes back.
//
// The request stays as it is until it is taken, as board_request promises. left is the number of steps
// to Idle; it falls in every cycle but while the reply is under way.
//
// Sources  rtl/dcgan/dcgan_shape_pkg.sv, rtl/board/board_pkg.sv, rtl/board/board_control.sv
// Proof    induction 5
// Reach    26
`include "formal.svh"

module board_control_formal (
  input logic        clk_i,
  input logic        rst_ni,
  input logic        req_valid_i,
  input logic [ 7:0] req_type_i,
  input logic [15:0] req_length_i,
  input logic [ 7:0] payload_data_i,
  input logic        press_i,
  input logic        busy_i
);

  localparam int Idle = 0;
  localparam int Load = 1;
  localparam int Begun = 6;
  localparam int Run = 7;
  localparam int Done = 8;
  localparam int LoadCycles = 14;

  logic req_ready_o, loading_o, draw_o, reply_o;
  logic [7:0] payload_index_o, steps_o, type_o, error_o;
  logic [1:0] source_o;
  logic [15:0] count_o;
  logic [63:0] seed_o;
  logic [2:0] kind_o;

  `FORMAL_RESET(clk_i, rst_ni)

  board_control dut (.*);

  logic [3:0] state;
  logic [5:0] left, left_q;
  logic waits, waits_q, stays_q, replied_q, known, right, answers;
  logic [7:0] type_q;
  logic [15:0] length_q;

  assign state   = dut.state_q;
  assign left    = (state == 4'(Idle)) ? 6'd0 : (state == 4'(Load)) ? 6'd30 - 6'(dut.load_q)
                   : 6'd10 - 6'(state);
  assign waits   = state == 4'(Idle) || (state == 4'(Run) && busy_i);
  assign answers = past_q && reply_o && !dut.button_q;

  always_comb begin
    case (req_type_i)
      board_pkg::TypeInfo:        {known, right} = {1'b1, req_length_i == 16'd0};
      board_pkg::TypeLatent:      {known, right} = {1'b1, req_length_i == 16'd101};
      board_pkg::TypeSeed:        {known, right} = {1'b1, req_length_i == 16'd11};
      board_pkg::TypeInterpolate: {known, right} = {1'b1, req_length_i == 16'd202};
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

  always_comb begin
    if (past_q && stays_q) begin
      assume (req_valid_i && req_type_i == type_q && req_length_i == length_q);
    end
  end

  always_comb begin
    // bug: Judge: state_q <= Decide; ==> Judge: state_q <= state_e'(4'd13);
    `PROVE(StatesAreNamed, past_q, state <= 4'(Done))
    // bug: if (load_q == 4'(LoadCycles - 1)) ==> if (load_q == 4'(LoadCycles))
    `PROVE(LoadEnds, past_q && state == 4'(Load), 32'(dut.load_q) < LoadCycles)
    // bug: Begun: state_q <= Run; ==> Begun: state_q <= Begun;
    `PROVE(StepsFall, past_q && ran_q && !waits_q, left < left_q)
    // bug: button_q <= pressed_q && !req_valid_i; ==> button_q <= pressed_q && req_valid_i;
    `PROVE(RequestIsThere, past_q && state != 4'(Idle) && !dut.button_q, req_valid_i)
    // bug: assign reply_o = state_q == Start; ==> assign reply_o = state_q == Decide;
    `PROVE(RepliedBehindStart, past_q && state != 4'(Idle), replied_q == (state >= 4'(Begun)))
    // bug: Compare: state_q <= Judge; ==> Compare: state_q <= Run;
    `PROVE(TakenAfterItsReply, past_q && req_ready_o, replied_q && req_valid_i)
    // bug: assign reply_o = state_q == Start; ==> assign reply_o = state_q == Start || state_q == Begun;
    `PROVE(OneReply, past_q && reply_o, !replied_q)
    // bug: assign draw_o  = state_q == Start && draws_q; ==> assign draw_o  = state_q == Decide;
    `PROVE(DrawnWithItsReply, past_q && draw_o, reply_o)
    // bug: draws_q <= good && !is_info_q; ==> draws_q <= !is_info_q;
    `PROVE(RefusedDrawsNothing, answers && kind_o == board_pkg::ReplyError, !draw_o && type_o == board_pkg::TypeError)
    // bug: default: type_good = 1'b0; ==> default: ;
    `PROVE(UnknownTypeIsRefused, answers && !known, kind_o == board_pkg::ReplyError && error_o == board_pkg::ErrorType)
    // bug: board_pkg::TypeLatent: length_good = latent_length_q; ==> board_pkg::TypeLatent: length_good = seed_length_q;
    `PROVE(WrongLengthIsRefused, answers && known && !right, kind_o == board_pkg::ReplyError && error_o == board_pkg::ErrorLength)
    // bug: is_info_q       <= is_info; ==> is_info_q <= 1'b0;
    `PROVE(InfoDrawsNothing, answers && req_type_i == board_pkg::TypeInfo && right, !draw_o && kind_o == board_pkg::ReplyInfo)
    // bug: is_latent_q ? 16'd1 : is_seed_q ==> is_seed_q
    `PROVE(LatentIsOneAvatar, answers && draw_o && req_type_i == board_pkg::TypeLatent, count_o == 16'd1 && source_o == board_pkg::SourceLatent)
    // bug: some_q          <= count != '0; ==> some_q <= 1'b1;
    `PROVE(NeverZeroAvatars, past_q && draw_o && !dut.button_q, count_o != '0)
    // bug: kind_o   <= board_pkg::ReplyNone; ==> kind_o   <= board_pkg::ReplyAvatars;
    `PROVE(ButtonSendsNothing, past_q && reply_o && dut.button_q, kind_o == board_pkg::ReplyNone && draw_o && count_o == 16'd1)
    // bug: state_q   <= Idle; ==> state_q   <= Done;
    `PROVE(IdleAfterReset, past_q && !ran_q, state == 4'(Idle) && !reply_o && !req_ready_o)
  end

endmodule : board_control_formal
