// SPDX-License-Identifier: Apache-2.0
//
// board_coder -- the pixels of an avatar in fewer bytes, without loss.
//
//   W, N, NW     samples of the same plane to the left, above, above that; W in the first row, N in the
//                first column, 0 at the first pixel
//   prediction   median of W, N, W + N - NW
//   z            sample - prediction modulo the scale, as 0 -1 1 -2 2 ... = 0 1 2 3 4 ...
//   activity     |W - NW| + |N - NW| + 2 |sample - prediction| of the sample before
//   k            steps that the activity has reached: Coarse 5 10, Fine 4 7 12 27 68 156
//   word         z >> k zeros, 1, k low bits of z; from 7 zeros on: 7 zeros, 1, all bits of z
//
//   scale        Coarse, 4 bits, while both nibbles of every sample are the same (sixteen levels);
//                then 8 zeros, and Fine, 8 bits, to the end of the avatar
//
// Bit by bit: a byte leaves the line every 266 cycles, and takes some forty here.
// Format      in_data_i  R G B, 8 bits each, row by row   out_data_o  words from the top bit on, zeros at the end
// Latency     at most 23 cycles a sample, 10 more where Fine begins
// Throughput  7 cycles a sample, one a bit of its word, two a pixel, at most one a byte
// Golden      scripts/avatar_host/codes.py: encode()     Test  tb/board_coder
`include "stream_assert.svh"

module board_coder (
  input logic clk_i,
  input logic rst_ni,

  input  logic        in_valid_i,
  output logic        in_ready_o,
  input  logic [23:0] in_data_i,

  output logic       out_valid_o,
  input  logic       out_ready_i,
  output logic [7:0] out_data_o,
  output logic       out_last_o
);

  localparam int Side = dcgan_shape_pkg::side(dcgan_shape_pkg::NumLayers);
  localparam int SideWidth = $clog2(Side);
  localparam int ActivityWidth = 10;
  localparam logic [3:0] MostZeros = 4'd7;
  localparam logic [3:0] FineBits = 4'd8;
  localparam logic [3:0] CoarseBits = 4'd4;

  typedef enum logic [3:0] {
    Load,
    Enter,
    Pick,
    Slope,
    Predict,
    Differ,
    Shift,
    Split,
    Zeros,
    Tail,
    Escape,
    Turn,
    Flush
  } state_e;

  state_e state_q;
  logic coarse_q;

  // ---- pixels: the one at hand and its neighbours, turned by a plane after every sample ----------
  logic [2*SideWidth-1:0] place_q;
  logic [1:0] plane_q;
  logic [23:0] entered_q, pixel_q, west_q, north_q, corner_q, above_q, north;
  logic top_q, left_q, enter, turn, sample_end, last_plane, last_pixel_q;

  // Whether a pixel comes is decided far away, and how a word ends by what else is there: they steer the state, and
  // the state all else.
  assign in_ready_o = state_q == Load;
  assign enter = state_q == Enter;
  assign turn = state_q == Turn;
  assign last_plane = plane_q == 2'd2;

  // A row is too small for a block RAM, and those are all in use.
  (* ram_style = "distributed" *) logic [23:0] row[Side];

  assign north = top_q ? pixel_q : above_q;

  always_ff @(posedge clk_i) begin
    if (state_q == Load) entered_q <= in_data_i;
    if (enter) row[place_q[SideWidth-1:0]] <= entered_q;
  end

  // The place moves when a pixel enters, and the next one is many cycles away.
  always_ff @(posedge clk_i) begin
    above_q <= row[place_q[SideWidth-1:0]];
    top_q   <= !rst_ni || place_q[2*SideWidth-1:SideWidth] == '0;
    left_q  <= !rst_ni || place_q[SideWidth-1:0] == '0;
  end

  // Behind the third turn every pixel lies as before the first: pixel_q is the next one's left neighbour.
  always_ff @(posedge clk_i) begin
    if (enter) begin
      west_q   <= left_q ? north : pixel_q;
      north_q  <= north;
      corner_q <= (top_q || left_q) ? north : north_q;
    end else if (turn) begin
      west_q   <= {west_q[15:0], west_q[23:16]};
      north_q  <= {north_q[15:0], north_q[23:16]};
      corner_q <= {corner_q[15:0], corner_q[23:16]};
    end
  end

  // ---- a sample: one step of the equation a cycle --------------------------------------------------
  logic [7:0] x_q, w_q, n_q, nw_q, predicted_q, difference, doubled, z_q, shifted_q;
  logic [7:0] planar, lesser, larger;
  logic signed [8:0] right_q, down_q;
  logic [8:0] right_size, down_size, twice_q;
  logic [ActivityWidth-1:0] activity_q;
  logic [2:0] k, k_q;
  logic [3:0] zeros_q, tail_q;
  logic unequal, w_lesser, negative, escaped;

  assign unequal = pixel_q[23:20] != pixel_q[19:16];
  assign w_lesser = w_q < n_q;
  assign lesser = w_lesser ? w_q : n_q;
  assign larger = w_lesser ? n_q : w_q;
  // Where it is chosen W and N lie on both sides of NW, and this between them.
  assign planar = w_q + 8'(down_q);
  assign right_size = right_q[8] ? 9'(-right_q) : 9'(right_q);
  assign down_size = down_q[8] ? 9'(-down_q) : 9'(down_q);
  assign difference = x_q - predicted_q;
  assign negative = coarse_q ? difference[3] : difference[7];
  assign doubled = {difference[6:0], 1'b0} ^ {8{negative}};
  assign escaped = shifted_q >= 8'(MostZeros);

  always_comb begin
    k = '0;
    if (coarse_q) begin
      if (activity_q >= ActivityWidth'(5)) k = 3'd1;
      if (activity_q >= ActivityWidth'(10)) k = 3'd2;
    end else begin
      if (activity_q >= ActivityWidth'(4)) k = 3'd1;
      if (activity_q >= ActivityWidth'(7)) k = 3'd2;
      if (activity_q >= ActivityWidth'(12)) k = 3'd3;
      if (activity_q >= ActivityWidth'(27)) k = 3'd4;
      if (activity_q >= ActivityWidth'(68)) k = 3'd5;
      if (activity_q >= ActivityWidth'(156)) k = 3'd6;
    end
  end

  always_ff @(posedge clk_i) begin
    case (state_q)
      Pick: begin
        x_q  <= coarse_q ? {4'd0, pixel_q[23:20]} : pixel_q[23:16];
        w_q  <= coarse_q ? {4'd0, west_q[23:20]} : west_q[23:16];
        n_q  <= coarse_q ? {4'd0, north_q[23:20]} : north_q[23:16];
        nw_q <= coarse_q ? {4'd0, corner_q[23:20]} : corner_q[23:16];
      end
      Slope: begin
        right_q <= $signed({1'b0, w_q}) - $signed({1'b0, nw_q});
        down_q  <= $signed({1'b0, n_q}) - $signed({1'b0, nw_q});
      end
      Predict: begin
        activity_q  <= ActivityWidth'(right_size) + ActivityWidth'(down_size)
                       + ActivityWidth'(twice_q);
        predicted_q <= (right_q[8] != down_q[8]) ? planar : down_q[8] ? lesser : larger;
      end
      Differ: begin
        z_q <= coarse_q ? {4'd0, doubled[3:0]} : doubled;
        k_q <= k;
      end
      Shift:   shifted_q <= z_q >> k_q;
      default: ;
    endcase
  end

  // ---- its word, bit by bit ------------------------------------------------------------------------
  logic [7:0] byte_q;
  logic [2:0] filled_q;
  logic full_q, writes, step, data, sent;

  assign writes = state_q == Zeros || state_q == Tail || state_q == Escape || state_q == Flush;
  assign step = writes && !full_q;
  assign data = (state_q == Zeros && zeros_q == '0) || (state_q == Tail && z_q[3'(tail_q-4'd1)]);
  assign sample_end = step && ((state_q == Zeros && zeros_q == '0 && tail_q == '0)
                               || (state_q == Tail && tail_q == 4'd1));

  // A byte that ends with a sample is on offer when it is known whether it is the last one.
  assign out_valid_o = full_q && !turn;
  assign out_data_o = byte_q;
  assign out_last_o = state_q == Flush;
  assign sent = out_valid_o && out_ready_i;

  always_ff @(posedge clk_i) begin
    if (step) byte_q <= {byte_q[6:0], data};
    if (!rst_ni) begin
      filled_q <= '0;
      full_q   <= 1'b0;
    end else begin
      if (step) filled_q <= filled_q + 3'd1;
      full_q <= (step && filled_q == '1) || (full_q && !sent);
    end
  end

  always_ff @(posedge clk_i) begin
    if (state_q == Pick) zeros_q <= MostZeros + 4'd1;  // if the scale ends here
    else if (state_q == Split) zeros_q <= escaped ? MostZeros : shifted_q[3:0];
    else if (step && zeros_q != '0) zeros_q <= zeros_q - 4'd1;

    if (state_q == Split) tail_q <= !escaped ? 4'(k_q) : coarse_q ? CoarseBits : FineBits;
    else if (step && state_q == Tail) tail_q <= tail_q - 4'd1;
  end

  // ---- sequence ------------------------------------------------------------------------------------
  always_ff @(posedge clk_i) begin
    last_pixel_q <= place_q == '0;  // it has gone round
    if (!rst_ni || (state_q == Flush && sent)) begin
      state_q  <= Load;
      coarse_q <= 1'b1;
      place_q  <= '0;
      plane_q  <= '0;
      twice_q  <= '0;
      pixel_q  <= '0;
    end else begin
      if (enter) pixel_q <= entered_q;
      else if (turn) pixel_q <= {pixel_q[15:0], pixel_q[23:16]};
      if (enter) place_q <= place_q + 1'b1;
      if (turn) plane_q <= last_plane ? 2'd0 : plane_q + 2'd1;
      if (state_q == Split) twice_q <= 9'(z_q) + 9'(z_q[0]);
      case (state_q)
        Load:    if (in_valid_i) state_q <= Enter;
        Enter:   state_q <= Pick;
        Pick:    state_q <= (coarse_q && unequal) ? Escape : Slope;
        Slope:   state_q <= Predict;
        Predict: state_q <= Differ;
        Differ:  state_q <= Shift;
        Shift:   state_q <= Split;
        Split:   state_q <= Zeros;
        Escape:
        if (step && zeros_q == 4'd1) begin
          coarse_q <= 1'b0;
          state_q  <= Pick;
        end
        Zeros:   if (step && zeros_q == '0) state_q <= Tail;
        Turn:    state_q <= !last_plane ? Pick : last_pixel_q ? Flush : Load;
        default: ;
      endcase
      if (sample_end) state_q <= Turn;
    end
  end

  `ASSERT_STREAM(OutStable, out_valid_o, out_ready_i, {out_data_o, out_last_o})

endmodule : board_coder
