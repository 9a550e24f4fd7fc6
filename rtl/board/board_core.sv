// SPDX-License-Identifier: Apache-2.0
//
// board_core -- everything a board needs but its pins: one core, many thin tops.
//
//   uart_port -> board_request -> board_control -> board_latents -> dcgan_axis -> board_reply -.
//      ^                              ^                                 '--> video_dvi         |
//      '------------------------------|--------------------------------------------------------'
//                                   button, board_chunk -> board_loader -> board_parity -> memories of dcgan_axis
//
//   board_watchdog: what is between the port and the memories is reset when it does nothing any more
//
// Contract  requests are served one at a time, in order, completely; see rtl/board/README.md
// Golden    scripts/avatar_host/board_model.py: BoardModel.answer()     Test  tb/board_core
module board_core #(
  parameter int ClockHz   = 100_000_000,
  parameter int Baud      = 3_000_000,
  parameter int WallScale = 5,            // 0: no video
  parameter     RomDir    = "rtl/rom"
) (
  input logic clk_i,
  input logic rst_ni,

  input  logic       uart_rx_i,
  output logic       uart_tx_o,
  input  logic       button_i,
  output logic [7:0] led_o,

  input  logic            video_clk_i,
  input  logic            video_rst_ni,
  output logic [2:0][9:0] symbols_o
);

  localparam int Side = dcgan_shape_pkg::side(dcgan_shape_pkg::NumLayers);
  // Times are powers of two: clocks of 67 to 134 MHz have the same, and with it one netlist (mem_constant).
  localparam int PowerHz = 1 << $clog2(ClockHz);
  localparam int DebounceCycles = PowerHz / 128;  // 8 to 16 ms
  localparam int Timeout = PowerHz / 32;  // 31 to 62 ms
  localparam int BeatWidth = 25;

  // Resets of what lies between port and memories, and of the Generator: see the watchdog.
  logic work_rst_nq, engine_rst_nq;

  // ---- bytes in and out ------------------------------------------------------------------------
  logic rx_valid, rx_error, tx_valid, tx_ready, rejected, overrun;
  logic [7:0] rx_data, tx_data;
  logic req_valid, req_ready, reading, storing;
  logic [7:0] req_tag, req_type, payload_index, payload_data, read_index, chunk_index, latent_index;
  logic [15:0] req_length;

  uart_port #(
    .ClockHz(ClockHz),
    .Baud   (Baud)
  ) u_port (
    .clk_i,
    .rst_ni,
    .rx_i       (uart_rx_i),
    .tx_o       (uart_tx_o),
    .out_valid_o(rx_valid),
    .out_data_o (rx_data),
    .error_o    (rx_error),
    .in_valid_i (tx_valid),
    .in_ready_o (tx_ready),
    .in_data_i  (tx_data)
  );

  assign payload_index = reading ? read_index : storing ? chunk_index : latent_index;

  board_request #(
    .Timeout(Timeout)
  ) u_request (
    .clk_i,
    .rst_ni         (work_rst_nq),
    .in_valid_i     (rx_valid),
    .in_data_i      (rx_data),
    .req_valid_o    (req_valid),
    .req_ready_i    (req_ready),
    .req_tag_o      (req_tag),
    .req_type_o     (req_type),
    .req_length_o   (req_length),
    .payload_index_i(payload_index),
    .payload_data_o (payload_data),
    .rejected_o     (rejected),
    .overrun_o      (overrun)
  );

  // ---- what went wrong, for the info reply -----------------------------------------------------
  logic [15:0] restarts, rejected_q, framing_q, overrun_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      rejected_q <= '0;
      framing_q  <= '0;
      overrun_q  <= '0;
    end else begin
      if (rejected) rejected_q <= rejected_q + 1'b1;
      if (rx_error) framing_q <= framing_q + 1'b1;
      if (overrun) overrun_q <= overrun_q + 1'b1;
    end
  end

  // ---- one request at a time -------------------------------------------------------------------
  logic press, draw, reply, latents_busy, reply_busy, busy;
  logic [ 1:0] source;
  logic [15:0] count;
  logic [63:0] seed;
  logic [7:0] steps, reply_type, error_code;
  logic [2:0] kind;

  board_debounce #(
    .Cycles(DebounceCycles)
  ) u_debounce (
    .clk_i,
    .rst_ni,
    .button_i,
    .press_o(press)
  );

  assign busy = latents_busy || reply_busy;

  logic load_begin, store, run, engine_busy;
  logic [1:0] load_state;
  logic [31:0] load_bytes, load_crc, begin_crc, network;

  board_control u_control (
    .clk_i,
    .rst_ni         (work_rst_nq),
    .req_valid_i    (req_valid),
    .req_ready_o    (req_ready),
    .req_type_i     (req_type),
    .req_length_i   (req_length),
    .reading_o      (reading),
    .payload_index_o(read_index),
    .payload_data_i (payload_data),
    .press_i        (press),
    .load_state_i   (load_state),
    .load_bytes_i   (load_bytes),
    .load_crc_i     (load_crc),
    .begin_o        (load_begin),
    .begin_crc_o    (begin_crc),
    .store_o        (store),
    .store_busy_i   (storing),
    .draw_o         (draw),
    .reply_o        (reply),
    .source_o       (source),
    .count_o        (count),
    .seed_o         (seed),
    .steps_o        (steps),
    .kind_o         (kind),
    .type_o         (reply_type),
    .error_o        (error_code),
    .busy_i         (busy)
  );

  logic z_valid, z_ready, z_last;
  logic [7:0] z_data;

  board_latents u_latents (
    .clk_i,
    .rst_ni         (work_rst_nq),
    .start_i        (draw),
    .source_i       (source),
    .count_i        (count),
    .seed_i         (seed),
    .steps_i        (steps),
    .busy_o         (latents_busy),
    .payload_index_o(latent_index),
    .payload_data_i (payload_data),
    .z_valid_o      (z_valid),
    .z_ready_i      (z_ready),
    .z_data_o       (z_data),
    .z_last_o       (z_last)
  );

  // ---- another network ---------------------------------------------------------------------------
  logic chunk_valid, chunk_ready;
  logic [7:0] chunk_data;
  logic [dcgan_shape_pkg::NumMemories-1:0] load_valid;
  logic [mem_pkg::LoadWidth-1:0] load_data;

  board_chunk #(
    .First(board_pkg::ChunkHead)
  ) u_chunk (
    .clk_i,
    .rst_ni         (work_rst_nq),
    .start_i        (store),
    .length_i       (req_length[7:0]),
    .busy_o         (storing),
    .payload_index_o(chunk_index),
    .payload_data_i (payload_data),
    .out_valid_o    (chunk_valid),
    .out_ready_i    (chunk_ready),
    .out_data_o     (chunk_data)
  );

  logic spoilt;
  logic [dcgan_shape_pkg::NumMemories-1:0] table_valid, odd;
  logic [mem_pkg::LoadWidth-1:0] table_data;

  board_loader u_loader (
    .clk_i,
    .rst_ni,
    .begin_i     (load_begin),
    .crc_i       (begin_crc),
    .spoilt_i    (spoilt),
    .byte_valid_i(chunk_valid),
    .byte_ready_o(chunk_ready),
    .byte_i      (chunk_data),
    .state_o     (load_state),
    .bytes_o     (load_bytes),
    .crc_o       (load_crc),
    .run_o       (run),
    .load_valid_o(load_valid),
    .load_o      (load_data)
  );

  board_parity u_parity (
    .clk_i,
    .rst_ni      (work_rst_nq),
    .run_i       (run),
    .busy_i      (engine_busy),
    .load_valid_i(load_valid),
    .load_i      (load_data),
    .load_valid_o(table_valid),
    .load_o      (table_data),
    .odd_i       (odd),
    .spoilt_o    (spoilt)
  );

  // ---- the Generator ---------------------------------------------------------------------------
  logic rgb_valid, rgb_ready, rgb_first, rgb_last, taken_valid, taken_ready;
  logic [23:0] rgb_data, pixel_data, taken_data;
  logic [31:0] avatars, malformed, cycles, mac_cycles;

  dcgan_axis #(
    .RomDir(RomDir)
  ) u_generator (
    .aclk             (clk_i),
    .aresetn          (engine_rst_nq),
    .s_axis_tvalid    (z_valid),
    .s_axis_tready    (z_ready),
    .s_axis_tdata     (z_data),
    .s_axis_tlast     (z_last),
    .m_axis_tvalid    (rgb_valid),
    .m_axis_tready    (rgb_ready),
    .m_axis_tdata     (rgb_data),
    .m_axis_tuser     (rgb_first),
    .m_axis_tlast     (rgb_last),
    .load_valid       (table_valid),
    .load_data        (table_data),
    .load_odd         (odd),
    .status_busy      (engine_busy),
    .status_avatars   (avatars),
    .status_malformed (malformed),
    .status_cycles    (cycles),
    .status_mac_cycles(mac_cycles),
    .status_network   (network)
  );

  // AXI4-Stream Video sends {R, B, G}; from here on pixels are {R, G, B}.
  assign pixel_data = {rgb_data[23:16], rgb_data[7:0], rgb_data[15:8]};

  // Whether the reply takes a pixel is known late, and planes are stored all over the chip.
  stream_skid #(
    .Width(24)
  ) u_taken (
    .clk_i,
    .rst_ni     (work_rst_nq),
    .in_valid_i (rgb_valid),
    .in_ready_o (rgb_ready),
    .in_data_i  (pixel_data),
    .out_valid_o(taken_valid),
    .out_ready_i(taken_ready),
    .out_data_o (taken_data)
  );

  board_reply #(
    .ClockHz(ClockHz),
    .Baud   (Baud)
  ) u_reply (
    .clk_i,
    .rst_ni        (work_rst_nq),
    .start_i       (reply),
    .kind_i        (kind),
    .tag_i         (req_tag),
    .type_i        (reply_type),
    .count_i       (count),
    .error_i       (error_code),
    .busy_o        (reply_busy),
    .avatars_i     (avatars),
    .malformed_i   (malformed),
    .cycles_i      (cycles),
    .mac_cycles_i  (mac_cycles),
    .frame_errors_i({restarts, rejected_q}),
    .line_errors_i ({overrun_q, framing_q}),
    .load_state_i  (load_state),
    .load_bytes_i  (load_bytes),
    .load_crc_i    (load_crc),
    .network_i     (network),
    .pixel_valid_i (taken_valid),
    .pixel_ready_o (taken_ready),
    .pixel_data_i  (taken_data),
    .out_valid_o   (tx_valid),
    .out_ready_i   (tx_ready),
    .out_data_o    (tx_data)
  );

  // ---- what stands still is reset: everything between the port and what is loaded -----------------
  logic restart, works, moves, work_ready_q, engine_ready_q;

  assign works = busy || storing || req_valid;
  assign moves = (tx_valid && tx_ready) || (rgb_valid && rgb_ready) || (z_valid && z_ready);

  // A reset reaches the whole chip: from the register that decides to those that carry it there is nothing but wire.
  always_ff @(posedge clk_i) begin
    work_ready_q   <= rst_ni && !restart;
    engine_ready_q <= rst_ni && !restart && run;
    work_rst_nq    <= work_ready_q;
    engine_rst_nq  <= engine_ready_q;
  end

  board_watchdog #(
    .Cycles(Timeout)
  ) u_watchdog (
    .clk_i,
    .rst_ni,
    .busy_i    (works),
    .progress_i(moves),
    .restart_o (restart),
    .restarts_o(restarts)
  );

  // ---- the wall --------------------------------------------------------------------------------
  if (WallScale > 0) begin : gen_video
    // A register between Generator and wall: the wall memory may lie anywhere on the chip.
    logic [BeatWidth-1:0] wall_q;
    logic wall_valid_q;

    always_ff @(posedge clk_i) begin
      wall_valid_q <= rst_ni && rgb_valid && rgb_ready;
      wall_q       <= {rgb_first, pixel_data};
    end

    video_dvi #(
      .Scale(WallScale),
      .Side (Side)
    ) u_dvi (
      .clk_i,
      .rst_ni,
      .pixel_valid_i(wall_valid_q),
      .pixel_first_i(wall_q[24]),
      .pixel_data_i (wall_q[23:0]),
      .video_clk_i,
      .video_rst_ni,
      .symbols_o
    );
  end else begin : gen_no_video
    logic unused_video;
    assign unused_video = video_clk_i ^ video_rst_ni ^ rgb_first;
    assign symbols_o    = '0;
  end

  // ---- lights: what a person can follow --------------------------------------------------------
  assign led_o = {engine_busy, rejected_q[0], framing_q[0], avatars[4:0]};

  logic unused;
  assign unused = rgb_last;

endmodule : board_core
