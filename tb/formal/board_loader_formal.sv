// SPDX-License-Identifier: Apache-2.0
//
// board_loader_formal -- the Generator runs with whole networks alone, no byte is lost, none is forged.
//
// Two memories of one slice each: an image of ten bytes has a last one, and bytes that are not. taken_q counts the
// bytes that were taken since the last begin, sum_q is their CRC-32, bit by bit, as board_crc32 has it.
//
// Sources  rtl/mem/mem_pkg.sv, rtl/board/board_crc32.sv, rtl/board/board_loader.sv
// Proof    induction 6
// Reach    48
`include "formal.svh"

package dcgan_shape_pkg;

  localparam int NumMemories = 2;
  localparam int ImageBytes = 10;

  function automatic int memory_words(input int memory);
    return (memory < NumMemories) ? 1 : 0;
  endfunction : memory_words

  function automatic int memory_slices(input int memory);
    return (memory < NumMemories) ? 1 : 0;
  endfunction : memory_slices

endpackage : dcgan_shape_pkg

module board_loader_formal (
  input logic        clk_i,
  input logic        rst_ni,
  input logic        begin_i,
  input logic [31:0] crc_i,
  input logic        spoilt_i,
  input logic        byte_valid_i,
  input logic [ 7:0] byte_i
);

  localparam int ImageBytes = dcgan_shape_pkg::ImageBytes;
  localparam int Whole = 0;
  localparam int Loading = 1;
  localparam int Broken = 2;
  localparam int Decayed = 3;
  localparam int Take = 0;
  localparam int Fold = 1;
  localparam int Judge = 3;

  logic byte_ready_o, run_o;
  logic [1:0] state_o;
  logic [31:0] bytes_o, crc_o;
  logic [dcgan_shape_pkg::NumMemories-1:0] load_valid_o;
  logic [mem_pkg::LoadWidth-1:0] load_o;

  `FORMAL_RESET(clk_i, rst_ni)

  board_loader dut (.*);

  logic whole, loading, was_loading_q, began_q, judged_q, takes, decays, spoilt_q;
  logic [1:0] step, state_q, shut_q;
  logic [2:0] calm_q;
  logic [31:0] taken_q, bytes_q, crc_q, asked_q, sum_q, sum;
  logic [7:0] byte_q;

  assign whole   = state_o == 2'(Whole);
  assign loading = state_o == 2'(Loading);
  assign step    = dut.step_q;
  assign takes   = byte_valid_i && byte_ready_o && loading;
  assign decays  = state_o == 2'(Decayed) && state_q != 2'(Decayed);

  always_comb begin
    sum = sum_q ^ 32'(byte_i);
    for (int b = 0; b < 8; b++) sum = (sum >> 1) ^ (sum[0] ? 32'hEDB8_8320 : 32'd0);
  end

  always_ff @(posedge clk_i) begin
    was_loading_q <= loading;
    began_q       <= begin_i;
    spoilt_q      <= spoilt_i;
    judged_q      <= step == 2'(Judge);
    state_q       <= state_o;
    bytes_q       <= bytes_o;
    crc_q         <= crc_o;
    asked_q       <= crc_i;
    byte_q        <= byte_i;
    shut_q        <= (!rst_ni || byte_ready_o || begin_i) ? 2'd0 : shut_q + 2'd1;
    if (!rst_ni || !whole || begin_i) calm_q <= '0;
    else if (calm_q != 3'd4) calm_q <= calm_q + 3'd1;
    if (begin_i) begin
      taken_q <= '0;
      sum_q   <= '1;
    end else if (takes) begin
      taken_q <= taken_q + 32'd1;
      sum_q   <= sum;
    end
  end

  always_comb begin
    // bug: spoilt_i && state_q == Whole ==> spoilt_i && state_q != Loading
    `PROVE(DecaysWhatWasWhole, past_q && decays, ran_q && spoilt_q && state_q == 2'(Whole))
    // bug: spoilt_i && state_q == Whole ==> spoilt_i && state_q == Whole && !byte_valid_i
    `PROVE(SpoiltIsDecayed, past_q && ran_q && state_q == 2'(Whole) && spoilt_q && !began_q, state_o == 2'(Decayed))
    // A cycle later where it decays: then it rests, and nothing is under way.
    // bug: & {4{state_q == Whole && !begin_i}}; ==> & {4{state_q == Whole}};
    `PROVE(RunsWithWholeNetworks, past_q && !whole && !decays, !run_o)
    // bug: {settled_q[2:0], 1'b1} & ==> {settled_q[2:0], !byte_valid_i} &
    `PROVE(WholeNetworksRun, past_q && calm_q == 3'd4, run_o)
    // bug: && memory_q == MemoryWidth'(m); ==> && memory_q <= MemoryWidth'(m);
    `PROVE(OneMemoryIsWritten, past_q && load_valid_o != '0, (load_valid_o & (load_valid_o - 1'b1)) == '0)
    // bug: load_valid_o[m] <= step_q == Judge && slice_end_q && state_q == Loading ==> load_valid_o[m] <= slice_end_q
    `PROVE(WrittenWhileLoading, past_q && load_valid_o != '0, was_loading_q && judged_q && !run_o)
    // bug: assign take = byte_valid_i && byte_ready_o && state_q == Loading; ==> assign take = byte_valid_i && byte_ready_o;
    `PROVE(BytesAreForALoad, past_q && step != 2'(Take), loading)
    // bug: bytes_q      <= bytes_q + 1'b1; ==> bytes_q      <= bytes_q + 32'(byte_q != 8'd7);
    `PROVE(NoByteIsLost, past_q && loading, taken_q == bytes_o + 32'(step != 2'(Take)))
    // bug: Count:   step_q <= Judge; ==> Count:   if (byte_valid_i) step_q <= Judge;
    `PROVE(ReadyEveryFourthCycle, past_q && shut_q == 2'd3, byte_ready_o || begin_i)
    // bug: assign byte_ready_o = step_q == Take && !begin_i; ==> assign byte_ready_o = step_q == Take && !begin_i && state_q == Loading;
    `PROVE(SwallowedElsewhere, past_q && !loading && !begin_i, byte_ready_o)
    // bug: assign byte_ready_o = step_q == Take && !begin_i; ==> assign byte_ready_o = step_q == Take;
    `PROVE(NoByteWithBegin, past_q && begin_i, !byte_ready_o)
    // bug: byte_q <= byte_i; ==> byte_q <= byte_i | 8'd1;
    `PROVE(TheByteIsKept, past_q && step == 2'(Fold), dut.byte_q == byte_q)
    // bug: assign fold = step_q == Fold; ==> assign fold = step_q == Fold && byte_q != 8'd7;
    `PROVE(EveryByteIsSummed, past_q && loading && step != 2'(Fold), dut.crc == ~sum_q)
    // bug: end else if (begin_i) state_q <= Loading; ==> end else if (begin_i || byte_valid_i) state_q <= Loading;
    `PROVE(OnlyBeginLoads, past_q && !was_loading_q && loading, began_q && ran_q)
    // bug: end else if (begin_i) state_q <= Loading; ==> end else if (begin_i && !byte_valid_i) state_q <= Loading;
    `PROVE(BeginLoads, past_q && began_q && ran_q, loading && bytes_o == '0 && crc_o == asked_q)
    // bug: step_q == Judge && state_q == Loading && last_byte_q ==> step_q == Judge && state_q == Loading
    `PROVE(TheLastByteEndsALoad, past_q && ran_q && was_loading_q && !loading, judged_q && !began_q && bytes_o == ImageBytes)
    // bug: ImageBytes - 1); ==> ImageBytes);
    `PROVE(ALoadEnds, past_q && loading, bytes_o < ImageBytes)
    // bug: state_q <= crc_good_q ? Whole : Broken; ==> state_q <= Whole;
    `PROVE(WholeHasItsCrc, past_q && was_loading_q && whole, crc_o == ~sum_q)
    // bug: state_q <= crc_good_q ? Whole : Broken; ==> state_q <= Broken;
    `PROVE(BrokenHasAnother, past_q && ran_q && was_loading_q && state_o == 2'(Broken), crc_o != ~sum_q)
    // bug: if (state_q == Loading) state_q <= Broken; ==> if (state_q == Loading) state_q <= Whole;
    `PROVE(ResetBreaksALoad, past_q && !ran_q && was_loading_q, state_o == 2'(Broken))
    // bug: if (state_q == Loading) state_q <= Broken; ==> state_q <= Broken;
    `PROVE(StatesSurviveReset, past_q && !ran_q && !was_loading_q, state_o == state_q)
    // bug: if (begin_i && rst_ni) begin ==> if (begin_i) begin
    `PROVE(NothingBeginsInReset, past_q && !ran_q && !judged_q, bytes_o == bytes_q && crc_o == crc_q)
    // bug: if (!rst_ni) settled_q <= '0; ==> if (!rst_ni) settled_q <= settled_q;
    `PROVE(RestsAfterReset, past_q && !ran_q, !run_o && (load_valid_o == '0 || judged_q))
  end

endmodule : board_loader_formal
