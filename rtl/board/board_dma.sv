// SPDX-License-Identifier: Apache-2.0
//
// board_dma -- one DMA transfer of latents in, one transfer of pixels out, for any number of avatars.
//
//   latents   N * LatentSize bytes, last on the very last one; z gets `last` on every latent
//   words     N * 3 * Pixels / 4 words, last on the very last one; the bytes are R, G, B of pixel after pixel:
//
//     word       0                1                2             byte 0 is the low one
//     byte    3  2  1  0       3  2  1  0       3  2  1  0
//             R1 B0 G0 R0      G2 R2 B1 G1      B3 G3 R3 B2
//
// The next transfer waits until the last pixel of this one has come. A transfer that ends inside a latent is
// passed on as it is: the core drops that packet, counts it as malformed, and no transfer of pixels ends for it.
// Latency     latents 0; words 1     Throughput  1 latent byte and 1 pixel a cycle
// Format      pixel_data_i is {R, B, G}, as AXI4-Stream Video has it
// Golden      tb/board_dma/test_board_dma.py: expected_words()
// Test        tb/board_dma
`include "stream_assert.svh"

module board_dma #(
  parameter int LatentSize = 100,
  parameter int Pixels     = 1024
) (
  input logic clk_i,
  input logic rst_ni,

  input  logic       latents_valid_i,
  output logic       latents_ready_o,
  input  logic [7:0] latents_data_i,
  input  logic       latents_last_i,

  output logic       z_valid_o,
  input  logic       z_ready_i,
  output logic [7:0] z_data_o,
  output logic       z_last_o,

  input  logic        pixel_valid_i,
  output logic        pixel_ready_o,
  input  logic [23:0] pixel_data_i,

  output logic        words_valid_o,
  input  logic        words_ready_i,
  output logic [31:0] words_data_o,
  output logic        words_last_o
);

  localparam int ByteWidth = $clog2(LatentSize);
  localparam int PixelWidth = $clog2(Pixels);
  localparam int PendingWidth = 8;  // avatars inside the Generator at once: a few

  // ---- latents: cut into packets ---------------------------------------------------------------
  logic [   ByteWidth-1:0] byte_q;
  logic [PendingWidth-1:0] pending_q;  // latents whose avatars have not come yet
  logic                    closed_q;  // the last latent of the transfer has come
  logic byte_moves, latent_ends, pixel_moves, avatar_ends;

  assign z_valid_o       = latents_valid_i && !closed_q;
  assign latents_ready_o = z_ready_i && !closed_q;
  assign z_data_o        = latents_data_i;
  assign z_last_o        = (byte_q == ByteWidth'(LatentSize - 1)) || latents_last_i;
  assign byte_moves      = z_valid_o && z_ready_i;
  assign latent_ends     = byte_moves && (byte_q == ByteWidth'(LatentSize - 1));

  always_ff @(posedge clk_i) begin
    if (!rst_ni) byte_q <= '0;
    else if (byte_moves) byte_q <= z_last_o ? '0 : byte_q + 1'b1;
  end

  // ---- which avatar is the last of the transfer --------------------------------------------------
  // An avatar comes after all of its latent: before its last pixel, closed_q says whether it is the last.
  logic transfer_ends;

  assign transfer_ends = avatar_ends && closed_q && (pending_q == PendingWidth'(1));

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      pending_q <= '0;
      closed_q  <= 1'b0;
    end else begin
      pending_q <= pending_q + PendingWidth'(latent_ends) - PendingWidth'(avatar_ends);
      if (latent_ends && latents_last_i) closed_q <= 1'b1;
      else if (transfer_ends) closed_q <= 1'b0;
    end
  end

  // ---- pixels: four into three words -------------------------------------------------------------
  logic [PixelWidth-1:0] pixel_q;
  logic [           1:0] held_q;  // bytes in hold_q: 0, 3, 2, 1
  logic [          23:0] hold_q;
  logic [          23:0] rgb;
  logic [          47:0] joined;

  assign rgb           = {pixel_data_i[15:8], pixel_data_i[7:0], pixel_data_i[23:16]};
  assign joined        = {24'd0, hold_q} | (48'(rgb) << {held_q, 3'd0});
  assign pixel_ready_o = !words_valid_o || words_ready_i;
  assign pixel_moves   = pixel_valid_i && pixel_ready_o;
  assign avatar_ends   = pixel_moves && (pixel_q == PixelWidth'(Pixels - 1));

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      words_valid_o <= 1'b0;
      pixel_q       <= '0;
      held_q        <= '0;
    end else if (pixel_ready_o) begin
      words_valid_o <= pixel_valid_i && (held_q != 2'd0);
      if (pixel_valid_i) begin
        pixel_q <= avatar_ends ? '0 : pixel_q + 1'b1;
        held_q  <= held_q - 1'b1;
      end
    end
  end

  // Data flip-flops carry no reset: held_q and words_valid_o say when they mean something.
  always_ff @(posedge clk_i) begin
    if (pixel_moves) begin
      hold_q       <= (held_q == 2'd0) ? rgb : {8'd0, joined[47:32]};
      words_data_o <= joined[31:0];
      words_last_o <= transfer_ends;
    end
  end

  `ASSERT_STREAM(WordsStable, words_valid_o, words_ready_i, {words_data_o, words_last_o})

`ifndef SYNTHESIS
  initial begin
    if (Pixels % 4 != 0) $fatal(1, "%m: Pixels=%0d, must be a multiple of 4", Pixels);
  end
`endif

endmodule : board_dma
