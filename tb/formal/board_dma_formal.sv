// SPDX-License-Identifier: Apache-2.0
//
// board_dma_formal -- latents are cut where they end, bytes of pixels leave in order, one end a transfer.
//
// The bytes R, G, B of the pixels are numbered, and so are the bytes of the words: the solver picks one
// number, and that byte leaves in its place. The core gives one avatar for each whole latent, later.
//
// Sources  rtl/board/board_dma.sv
// Proof    bounded 20
// Reach    16
`include "formal.svh"

module board_dma_formal #(
  parameter int LatentSize = 2,
  parameter int Pixels     = 4
) (
  input logic        clk_i,
  input logic        rst_ni,
  input logic        latents_valid_i,
  input logic [ 7:0] latents_data_i,
  input logic        latents_last_i,
  input logic        z_ready_i,
  input logic        pixel_valid_i,
  input logic [23:0] pixel_data_i,
  input logic        words_ready_i
);

  localparam int BytesAnAvatar = 3 * Pixels;

  logic latents_ready_o, z_valid_o, z_last_o, pixel_ready_o, words_valid_o, words_last_o;
  logic [7:0] z_data_o;
  logic [31:0] words_data_o;

  `FORMAL_RESET(clk_i, rst_ni)

  board_dma #(
    .LatentSize(LatentSize),
    .Pixels    (Pixels)
  ) dut (
    .*
  );

  logic [7:0] in_q, out_q, tag_q, byte_q, due_q;
  logic [1:0] place;
  logic [3:0] element_q;
  logic [23:0] rgb;
  logic moves, pixel_moves, word_moves, last_seen_q, stalled_q, closed_q;
  logic [32:0] offered_q;

  assign moves       = z_valid_o && z_ready_i;
  assign pixel_moves = pixel_valid_i && pixel_ready_o;
  assign word_moves  = words_valid_o && words_ready_i;
  assign rgb         = {pixel_data_i[15:8], pixel_data_i[7:0], pixel_data_i[23:16]};  // B, G, R
  assign place       = 2'(tag_q - out_q);

  always_ff @(posedge clk_i) begin
    tag_q     <= tag_q;
    closed_q  <= dut.closed_q;
    stalled_q <= rst_ni && words_valid_o && !words_ready_i;
    offered_q <= {words_data_o, words_last_o};
    if (!rst_ni) begin
      in_q        <= '0;
      out_q       <= '0;
      due_q       <= '0;
      element_q   <= '0;
      last_seen_q <= 1'b0;
    end else begin
      if (moves) element_q <= z_last_o ? '0 : element_q + 1'b1;
      due_q <= due_q + ((moves && element_q == 4'(LatentSize - 1)) ? 8'(BytesAnAvatar) : 8'd0);
      if (moves && latents_last_i) last_seen_q <= 1'b1;
      if (pixel_moves) begin
        in_q <= in_q + 8'd3;
        if (tag_q - in_q < 8'd3) byte_q <= 8'(rgb >> (8 * (tag_q - in_q)));
      end
      if (word_moves) out_q <= out_q + 8'd4;
    end
  end

  // Pixels come for latents that were taken whole, and a transfer ends with a whole latent.
  always_comb begin
    if (past_q && pixel_valid_i) assume (in_q < due_q);
    if (latents_valid_i) assume (!latents_last_i || element_q == 4'(LatentSize - 1));
  end

  always_comb begin
    // bug: (byte_q == ByteWidth'(LatentSize - 1)) || latents_last_i ==> latents_last_i
    `PROVE(LatentEndsWhole, past_q && z_valid_o, z_last_o == (element_q == 4'(LatentSize - 1)))
    // bug: (48'(rgb) << {held_q, 3'd0}) ==> (48'(rgb) << {held_q[0], 4'd0})
    `PROVE(ByteInItsPlace, past_q && words_valid_o && tag_q - out_q < 8'd4, 8'(words_data_o >> (8 * place)) == byte_q)
    // bug: words_valid_o <= pixel_valid_i && (held_q != 2'd0); ==> words_valid_o <= pixel_valid_i;
    `PROVE(OnlyWhatCame, past_q && words_valid_o, in_q - out_q >= 8'd4)
    // bug: held_q  <= held_q - 1'b1; ==> held_q  <= held_q - 2'd2;
    `PROVE(NothingIsKept, past_q && in_q - out_q >= 8'd4, words_valid_o)
    // bug: closed_q && (pending_q == PendingWidth'(1)) ==> (pending_q == PendingWidth'(1))
    `PROVE(LastIsNotEarly, past_q && words_valid_o && words_last_o, last_seen_q)
    // bug: (pixel_q == PixelWidth'(Pixels - 1)) ==> (pixel_q == PixelWidth'(Pixels - 2))
    `PROVE(LastEndsAnAvatar, past_q && words_valid_o && words_last_o, (out_q + 8'd4) % 8'(BytesAnAvatar) == '0)
    // bug: words_last_o <= transfer_ends; ==> words_last_o <= 1'b0;
    `PROVE(TransferEnds, past_q && ran_q && closed_q && !dut.closed_q, words_valid_o && words_last_o)
    // bug: assign pixel_ready_o = !words_valid_o || words_ready_i; ==> assign pixel_ready_o = 1'b1;
    `PROVE(WordStays, past_q && stalled_q && rst_ni, words_valid_o && {words_data_o, words_last_o} == offered_q)
    // bug: assign z_valid_o       = latents_valid_i && !closed_q; ==> assign z_valid_o = latents_valid_i;
    `PROVE(ClosedBetweenTransfers, past_q && dut.closed_q, !z_valid_o && !latents_ready_o)
    // bug: words_valid_o <= 1'b0; ==> words_valid_o <= words_valid_o;
    `PROVE(NothingAfterReset, past_q && !ran_q, !words_valid_o)
  end

endmodule : board_dma_formal
