// SPDX-License-Identifier: Apache-2.0
//
// convt_digits -- which bits of the latent select weights, and which weights, cycle by cycle.
//
//   x[k] = -2^(Bits-1) b[Bits-1] + ... + 2 b[1] + b[0]       Digit bits of Elements elements in one beat
//   binary_i   x[k] = 1 where element k >= 0, else 0: one digit is all there is of it
//
//   for plane
//     for row of weights               begins only if there was room for its results a cycle before (room_i)
//       for digit, the highest first
//         for step of Elements elements        one beat: word row * Steps + step; a cycle later its bits, select_o
//
//   vector register   | e0 e1 ... | e100-E ...      select_o: the top Digit bits of the first Elements
//   after a step      elements move up by Elements
//   after a digit     and every element turns left by Digit bits: behind a row all is as it was
//
// Format     vector_data_i Length elements; select_o bit d of element e in [d * Elements + e]; binary_i must not
//            change while a vector is walked
// Latency    a vector is taken two cycles after it came, beside its first beat at the soonest
// Throughput 1 beat per cycle; a row that has begun is walked without a pause
// Golden     tb/convt_digits/test_convt_digits.py: beats_of()     Test  tb/convt_digits
module convt_digits #(
  parameter  int Length    = 100,
  parameter  int Bits      = 8,
  parameter  int Elements  = 100,
  parameter  int Digit     = 1,
  parameter  int Rows      = 128,
  parameter  int Planes    = 3,
  localparam int Steps     = (Length + Elements - 1) / Elements,
  localparam int AddrWidth = $clog2(Rows * Steps)
) (
  input logic clk_i,
  input logic rst_ni,

  input  logic                        vector_valid_i,
  output logic                        vector_ready_o,
  input  logic [Length-1:0][Bits-1:0] vector_data_i,

  input logic binary_i,
  input logic room_i,

  output logic                      beat_valid_o,
  output logic                      beat_first_o,  // of its row
  output logic                      beat_last_o,   // of its row
  output logic                      beat_step0_o,  // the first of its digit
  output logic                      beat_top_o,    // of the highest digit
  output logic [     AddrWidth-1:0] addr_o,
  output logic [Elements*Digit-1:0] select_o       // of the beat a cycle before
);

  localparam int Digits = Bits / Digit;
  localparam int Padded = Steps * Elements;  // elements beyond Length have no weights
  localparam int StepWidth = (Steps > 1) ? $clog2(Steps) : 1;
  localparam int DigitWidth = (Digits > 1) ? $clog2(Digits) : 1;
  localparam int RowWidth = $clog2(Rows);
  localparam int PlaneWidth = (Planes > 1) ? $clog2(Planes) : 1;

  // A beat moves the whole vector, so everything that decides of it is a register that follows a register: the
  // second of them has copies all over the vector, and the way to those takes a cycle.
  logic valid_q, go_q, first_q, step0_q, top_q;
  logic step_end_q, last_q, plane_end_q, vector_end_q;
  logic [1:0] came_q, take_q, move_q, turn_q;
  logic [Padded-1:0][Bits-1:0] vector_q, given, turned;
  logic [StepWidth-1:0] step_q, step_d;
  logic [DigitWidth-1:0] digit_q, digit_d;
  logic [RowWidth-1:0] next_row_q;  // of the row that comes after this one
  logic [PlaneWidth-1:0] plane_q, plane_d;
  logic [AddrWidth-1:0] addr_q;
  logic valid_d, go_d, first_d, digit_end_d, step_end_d, turn_d, plane_end_d, row_end, next_last;

  assign beat_valid_o = go_q;
  assign beat_first_o = first_q;
  assign beat_last_o  = last_q;
  assign beat_step0_o = step0_q;
  assign beat_top_o   = top_q;
  assign addr_o       = addr_q;

  // ---- the vector: what is wanted now stands in front --------------------------------------------
  for (genvar k = 0; k < Padded; k++) begin : gen_turn
    logic [Bits-1:0] next;

    // The one bit of a binary element is the lowest of the highest digit, where a row begins.
    if (k < Length) begin : gen_given
      assign given[k] = binary_i ? Bits'(!vector_data_i[k][Bits-1]) << (Bits - Digit)
                                 : vector_data_i[k];
    end else begin : gen_none
      assign given[k] = '0;
    end

    assign next = vector_q[(k+Elements)%Padded];
    assign turned[k] = (Steps == 1 || turn_q[1]) ? Bits'({next, next} >> (Bits - Digit)) : next;
  end

  for (genvar d = 0; d < Digit; d++) begin : gen_select
    for (genvar e = 0; e < Elements; e++) begin : gen_element
      assign select_o[d*Elements+e] = vector_q[e][Bits-Digit+d];
    end
  end

  assign vector_ready_o = came_q[1];

  always_ff @(posedge clk_i) begin
    take_q[1] <= take_q[0];
    move_q[1] <= move_q[0];
    turn_q[1] <= turn_q[0];
    if (move_q[1]) vector_q <= take_q[1] ? given : turned;
  end

  // ---- position --------------------------------------------------------------------------------
  assign row_end = go_q && last_q;

  always_comb begin
    step_d  = step_q;
    digit_d = digit_q;
    plane_d = plane_q;
    if (go_q) step_d = step_end_q ? '0 : step_q + 1'b1;
    if (go_q && step_end_q) digit_d = last_q ? '0 : digit_q + 1'b1;
    if (row_end && plane_end_q) plane_d = vector_end_q ? '0 : plane_q + 1'b1;
  end

  assign valid_d     = valid_q ? !(row_end && vector_end_q) : came_q[0];
  assign go_d        = valid_d && (room_i || !first_d);
  assign step_end_d  = step_d == StepWidth'(Steps - 1);
  assign digit_end_d = binary_i || digit_d == DigitWidth'(Digits - 1);
  assign next_last   = next_row_q == RowWidth'(Rows - 1);
  assign plane_end_d = row_end ? next_last : plane_end_q;
  assign first_d     = step_d == '0 && digit_d == '0;
  assign turn_d      = Digits > 1 && step_end_d && !binary_i;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      came_q       <= '0;
      valid_q      <= 1'b0;
      go_q         <= 1'b0;
      take_q[0]    <= 1'b1;
      move_q[0]    <= 1'b1;
      step_q       <= '0;
      digit_q      <= '0;
      next_row_q   <= RowWidth'(Rows > 1);
      plane_q      <= '0;
      addr_q       <= '0;
      first_q      <= 1'b1;
      step0_q      <= 1'b1;
      top_q        <= 1'b1;
      step_end_q   <= Steps == 1;
      last_q       <= 1'b0;  // until the vector comes it is known whether there is a second digit
      plane_end_q  <= Rows == 1;
      vector_end_q <= 1'b0;
    end else begin
      came_q     <= {came_q[0], vector_valid_i && !valid_d};
      valid_q    <= valid_d;
      go_q       <= go_d;
      take_q[0]  <= !valid_d;
      // One step needs no move but to turn: then whether to turn is no input of every bit.
      move_q[0]  <= !valid_d || (go_d && (Steps > 1 || turn_d));
      step_q     <= step_d;
      digit_q    <= digit_d;
      plane_q    <= plane_d;
      first_q    <= first_d;
      step0_q    <= step_d == '0;
      top_q      <= digit_d == '0;
      step_end_q <= step_end_d;
      turn_q[0]  <= turn_d;
      last_q     <= step_end_d && digit_end_d;
      if (row_end) next_row_q <= next_last ? '0 : next_row_q + 1'b1;
      plane_end_q  <= plane_end_d;
      vector_end_q <= plane_end_d && plane_d == PlaneWidth'(Planes - 1);
      if (go_q) begin
        // Every digit of a row reads the words of the row again.
        addr_q <= (step_end_q && !last_q) ? addr_q - AddrWidth'(Steps - 1)
                  : (last_q && plane_end_q) ? '0 : addr_q + 1'b1;
      end
    end
  end

`ifndef SYNTHESIS
  initial begin
    if (Bits % Digit != 0) $fatal(1, "%m: Digit=%0d does not divide %0d bits", Digit, Bits);
    if (Rows * Steps * Planes < 2) $fatal(1, "%m: a vector of one beat");
    if (Elements > Length) $fatal(1, "%m: Elements=%0d of %0d", Elements, Length);
  end
`endif

endmodule : convt_digits
