// SPDX-License-Identifier: Apache-2.0
//
// board_latents -- the latents that a request asks for, as a stream of z packets.
//
//   source  Latent   z[k] = payload[1 + k]                                          1 packet
//           Seed     z    = normal numbers                                          count packets
//           Line     z[k] = line from payload[2 + k] to payload[102 + k], point j   j = 0..count-1
//
// The byte -128 is not on the grid of z and is read as -127.
// Latency     a few cycles; at most 33 cycles an element (Line)
// Throughput  at most 3,300 cycles a packet: far less than an avatar takes
// Golden      model/dcgan/hw/latent_rng.py: draw_latents(), interpolate(), clamp()
// Test        tb/board_latents
`include "stream_assert.svh"

module board_latents (
  input logic clk_i,
  input logic rst_ni,

  input  logic        start_i,
  input  logic [ 1:0] source_i,
  input  logic [15:0] count_i,
  input  logic [63:0] seed_i,
  input  logic [ 7:0] steps_i,
  output logic        busy_o,

  output logic [7:0] payload_index_o,
  input  logic [7:0] payload_data_i,

  output logic       z_valid_o,
  input  logic       z_ready_i,
  output logic [7:0] z_data_o,
  output logic       z_last_o
);

  localparam int LatentSize = dcgan_shape_pkg::LatentSize;
  localparam int ElementWidth = $clog2(LatentSize);
  localparam logic [7:0] LatentBase = 8'd1;
  localparam logic [7:0] LineBase = 8'd2;

  typedef enum logic [2:0] {
    Idle,
    Random,
    FetchFirst,
    FetchSecond,
    Mix,
    Offer
  } state_e;

  state_e state_q;
  logic [ElementWidth-1:0] element_q;
  logic [15:0] packet_q, count_q, last_q;
  logic [1:0] source_q;
  logic [2:0] wait_q;
  logic [7:0] steps_q;
  logic signed [7:0] first_q, z_q, payload;
  logic fetched, last_element, last_packet_q, taken;

  assign fetched = wait_q == 3'd4;  // a register of the index, and three cycles of board_request
  assign last_element = element_q == ElementWidth'(LatentSize - 1);
  assign taken = z_valid_o && z_ready_i;
  assign busy_o = state_q != Idle;
  assign payload = (payload_data_i == 8'h80) ? -8'sd127 : $signed(payload_data_i);

  // ---- the two generators ----------------------------------------------------------------------
  logic random_start, random_valid, random_ready, mix_start, mix_valid;
  logic signed [7:0] random_data, mix_data;

  assign random_start = start_i && source_i == board_pkg::SourceSeed;
  assign random_ready = state_q == Random;

  latent_gaussian u_gaussian (
    .clk_i,
    .rst_ni,
    .start_i    (random_start),
    .seed_i,
    .out_valid_o(random_valid),
    .out_ready_i(random_ready),
    .out_data_o (random_data)
  );

  assign mix_start = state_q == FetchSecond && fetched;

  latent_lerp u_lerp (
    .clk_i,
    .rst_ni,
    .start_i(mix_start),
    .a_i    (first_q),
    .b_i    (payload),
    .index_i(packet_q[7:0]),
    .steps_i(steps_q),
    .valid_o(mix_valid),
    .z_o    (mix_data)
  );

  // ---- element by element ----------------------------------------------------------------------
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      state_q   <= Idle;
      element_q <= '0;
      packet_q  <= '0;
      wait_q    <= '0;
    end else begin
      wait_q <= '0;
      case (state_q)
        Idle: begin
          element_q <= '0;
          packet_q  <= '0;
          if (start_i) state_q <= (source_i == board_pkg::SourceSeed) ? Random : FetchFirst;
        end
        Random: if (random_valid) state_q <= Offer;
        FetchFirst: begin
          wait_q <= fetched ? 3'd0 : wait_q + 3'd1;
          if (fetched) state_q <= (source_q == board_pkg::SourceLine) ? FetchSecond : Offer;
        end
        FetchSecond: begin
          wait_q <= fetched ? 3'd0 : wait_q + 3'd1;
          if (fetched) state_q <= Mix;
        end
        Mix: if (mix_valid) state_q <= Offer;
        default:
        if (taken) begin
          element_q <= last_element ? '0 : element_q + 1'b1;
          if (last_element) packet_q <= packet_q + 16'd1;
          if (last_element && last_packet_q) state_q <= Idle;
          else state_q <= (source_q == board_pkg::SourceSeed) ? Random : FetchFirst;
        end
      endcase
    end
  end

  // A packet lasts for a hundred elements: late by two cycles is in time.
  always_ff @(posedge clk_i) begin
    last_q <= count_q - 16'd1;
    last_packet_q <= packet_q == last_q;
    payload_index_o <= 8'(element_q) + ((source_q == board_pkg::SourceLatent) ? LatentBase
                       : (state_q == FetchSecond) ? LineBase + 8'(LatentSize) : LineBase);
    if (start_i && state_q == Idle) begin
      source_q <= source_i;
      count_q  <= count_i;
      steps_q  <= steps_i;
    end
    case (state_q)
      Random:  z_q <= random_data;
      FetchFirst: begin
        first_q <= payload;
        z_q     <= payload;
      end
      Mix:     z_q <= mix_data;
      default: ;
    endcase
  end

  assign z_valid_o = state_q == Offer;
  assign z_data_o  = z_q;
  assign z_last_o  = last_element;

  `ASSERT_STREAM(ZStable, z_valid_o, z_ready_i, {z_data_o, z_last_o})

endmodule : board_latents
