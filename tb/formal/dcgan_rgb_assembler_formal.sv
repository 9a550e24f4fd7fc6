// SPDX-License-Identifier: Apache-2.0
//
// dcgan_rgb_assembler_formal -- planes R, G, B make each pixel once, in order, with its three colours.
//
// The source sends whole planes in turn. The solver picks one pixel: what leaves in its place has the
// three values that came for it.
//
// Sources  rtl/dcgan/dcgan_rgb_assembler.sv, rtl/mem/mem_ram.sv, rtl/stream/stream_skid.sv
// Proof    bounded 22
// Reach    20
`include "formal.svh"

module dcgan_rgb_assembler_formal #(
  parameter  int Side       = 2,
  parameter  int PixelWidth = 2,
  localparam int Pixels     = Side * Side,
  localparam int IndexWidth = $clog2(Pixels)
) (
  input logic                  clk_i,
  input logic                  rst_ni,
  input logic                  in_valid_i,
  input logic [PixelWidth-1:0] in_data_i,
  input logic [           1:0] in_user_i,
  input logic                  out_ready_i
);

  logic in_ready_o, out_valid_o, out_user_o, out_last_o;
  logic [3*PixelWidth-1:0] out_data_o;

  `FORMAL_RESET(clk_i, rst_ni)

  dcgan_rgb_assembler #(
    .Side      (Side),
    .PixelWidth(PixelWidth)
  ) dut (
    .*
  );

  logic [1:0] plane_q;
  logic [IndexWidth-1:0] in_q, out_q, tag_q;
  logic [PixelWidth-1:0] red_q, green_q;
  logic [3*PixelWidth-1:0] pixel_q;
  logic [3*PixelWidth+1:0] offered_q;
  logic [3:0] waiting_q;
  logic moves_in, moves_out, blue, stalled_q;

  assign moves_in  = in_valid_i && in_ready_o;
  assign moves_out = out_valid_o && out_ready_i;
  assign blue      = plane_q == 2'd2;

  always_comb if (in_valid_i) assume (in_user_i == plane_q);

  always_ff @(posedge clk_i) begin
    tag_q     <= tag_q;
    stalled_q <= rst_ni && out_valid_o && !out_ready_i;
    offered_q <= {out_data_o, out_user_o, out_last_o};
    if (!rst_ni) begin
      plane_q   <= '0;
      in_q      <= '0;
      out_q     <= '0;
      waiting_q <= '0;
    end else begin
      if (moves_in) in_q <= in_q + 1'b1;
      if (moves_in && in_q == '1) plane_q <= blue ? '0 : plane_q + 1'b1;
      if (moves_out) out_q <= out_q + 1'b1;
      waiting_q <= waiting_q + 4'(moves_in && blue) - 4'(moves_out);
      if (moves_in && in_q == tag_q) begin
        if (plane_q == 2'd0) red_q <= in_data_i;
        if (plane_q == 2'd1) green_q <= in_data_i;
        if (blue) pixel_q <= {red_q, in_data_i, green_q};
      end
    end
  end

  always_comb begin
    // bug: write_en_i  (accept && (in_user_i == 2'(p))) ==> write_en_i  (in_valid_i && (in_user_i == 2'(p)) && index_q != 1)
    `PROVE(PixelHasItsColours, past_q && out_valid_o && out_q == tag_q, out_data_o == pixel_q)
    // bug: accept && third_plane}; ==> in_valid_i && (in_user_i != 2'd0)};
    `PROVE(OnlyWhatCame, past_q && out_valid_o, waiting_q != '0)
    // bug: {first_q[0], index_q == '0} ==> {first_q[0], index_q == IndexWidth'(1)}
    `PROVE(FirstIsMarked, past_q && out_valid_o, out_user_o == (out_q == '0))
    // bug: == IndexWidth'(LastCol)} ==> == IndexWidth'(0)}
    `PROVE(LineEndIsMarked, past_q && out_valid_o, out_last_o == (out_q[0] == 1'b1))
    // bug: .in_valid_i(valid_q[ReadLatency-1]), ==> .in_valid_i(valid_q[ReadLatency-1] && out_ready_i),
    `PROVE(ComesUnasked, past_q && waiting_q == 4'd4, out_valid_o)
    // bug: if (advance) head_data_q <= skid_valid_q ==> head_data_q <= skid_valid_q
    `PROVE(OfferStays, past_q && stalled_q && rst_ni, out_valid_o && {out_data_o, out_user_o, out_last_o} == offered_q)
  end

endmodule : dcgan_rgb_assembler_formal
