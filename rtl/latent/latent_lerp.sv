// SPDX-License-Identifier: Apache-2.0
//
// latent_lerp -- one element on the straight line between two latents.
//
//   z = floor( ((steps - index) * a + index * b) / steps + 1/2 )        0 <= index <= steps
//
// Exact: the sum is formed bit by bit (Horner, eight steps), then divided by
// restoring division; no multiplier, no reciprocal, no rounding but the one in the equation.
//
//   dividend = 2 * sum + 256 * steps + steps    the doubled sum keeps the half exact, and
//   z        = dividend / (2 * steps) - 128      the offset keeps everything unsigned
//
// Format      a, b, z signed 8 bits; steps 1..255
// Contract    index_i and steps_i stay from start_i to valid_o
// Latency     18 cycles from start_i to valid_o, which stays until the next start_i
// Golden      model/dcgan/hw/latent_rng.py: lerp()     Test  tb/latent_lerp
module latent_lerp (
  input logic clk_i,
  input logic rst_ni,

  input logic              start_i,
  input logic signed [7:0] a_i,
  input logic signed [7:0] b_i,
  input logic        [7:0] index_i,
  input logic        [7:0] steps_i,

  output logic              valid_o,
  output logic signed [7:0] z_o
);

  localparam int SumWidth = 18;
  localparam int DividendWidth = 18;
  localparam int Bits = 8;

  typedef enum logic [1:0] {
    Idle,
    Multiply,
    Offset,
    Divide
  } state_e;

  state_e state_q;
  logic [3:0] count_q;
  logic valid_q;
  logic [7:0] weight_a_q, weight_b_q;
  logic signed [7:0] a_q, b_q;
  logic signed [SumWidth-1:0] sum_q, term_a, term_b;

  assign valid_o = valid_q;
  assign term_a  = weight_a_q[7] ? SumWidth'(a_q) : '0;
  assign term_b  = weight_b_q[7] ? SumWidth'(b_q) : '0;

  logic [DividendWidth-1:0] dividend, rest_q, rest_next, divisor_q;
  logic [Bits-1:0] quotient_q;
  logic fits;

  assign dividend = DividendWidth'(sum_q <<< 1) + (DividendWidth'(steps_i) << Bits)
                    + DividendWidth'(steps_i);
  assign fits = rest_q >= divisor_q;
  assign rest_next = rest_q - divisor_q;
  // quotient - 128 is the quotient with its top bit turned over.
  assign z_o = $signed(quotient_q ^ 8'h80);

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      state_q <= Idle;
      valid_q <= 1'b0;
      count_q <= '0;
    end else if (start_i) begin
      state_q <= Multiply;
      valid_q <= 1'b0;
      count_q <= 4'(Bits - 1);
    end else begin
      case (state_q)
        Multiply: begin
          count_q <= count_q - 4'd1;
          if (count_q == '0) state_q <= Offset;
        end
        Offset: begin
          count_q <= 4'(Bits - 1);
          state_q <= Divide;
        end
        Divide: begin
          count_q <= count_q - 4'd1;
          if (count_q == '0) begin
            state_q <= Idle;
            valid_q <= 1'b1;
          end
        end
        default: state_q <= Idle;
      endcase
    end
  end

  always_ff @(posedge clk_i) begin
    if (start_i) begin
      a_q        <= a_i;
      b_q        <= b_i;
      weight_a_q <= steps_i - index_i;
      weight_b_q <= index_i;
      sum_q      <= '0;
    end else if (state_q == Multiply) begin
      sum_q      <= (sum_q <<< 1) + term_a + term_b;
      weight_a_q <= weight_a_q << 1;
      weight_b_q <= weight_b_q << 1;
    end
    if (state_q == Offset) begin
      rest_q     <= dividend;
      divisor_q  <= DividendWidth'(steps_i) << Bits;
      quotient_q <= '0;
    end else if (state_q == Divide) begin
      if (fits) rest_q <= rest_next;
      divisor_q  <= divisor_q >> 1;
      quotient_q <= {quotient_q[Bits-2:0], fits};
    end
  end

endmodule : latent_lerp
