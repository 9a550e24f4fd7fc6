// SPDX-License-Identifier: Apache-2.0
//
// board_pynq_z2 -- the Generator as an IP core for the Zynq-7020 of a PYNQ-Z2.
//
//   s_axis   latents from a DMA: N * 100 bytes     m_axis   words to a DMA: N * 3072 bytes, R G B (board_dma)
//   s_axil   status, one 32-bit word each 4 bytes:
//     0x00 identity "DCGN"   0x04 version {shape, protocol}   0x08 busy      0x0c avatars
//     0x10 malformed         0x14 cycles of the last avatar   0x18 multiplier-active cycles
//     0x1c network: its identity                              0x20 preset: read it, write it back
//     0x24 state of the load 0x28 bytes that are in place     0x2c CRC-32 of an image: written, its load begins
//     0x30 the next four bytes of the image (board_axil_load)  0x34 how often board_watchdog had to restart it
//
// Golden  model/dcgan/quant/golden.py: GoldenGenerator.rgb()     Test  tb/board_pynq_z2
module board_pynq_z2 #(
  parameter RomDir = "rtl/rom"
) (
  input logic aclk,
  input logic aresetn,

  input  logic       s_axis_tvalid,
  output logic       s_axis_tready,
  input  logic [7:0] s_axis_tdata,
  input  logic       s_axis_tlast,

  output logic        m_axis_tvalid,
  input  logic        m_axis_tready,
  output logic [31:0] m_axis_tdata,
  output logic        m_axis_tlast,

  input  logic [ 5:0] s_axil_awaddr,
  input  logic [ 2:0] s_axil_awprot,
  input  logic        s_axil_awvalid,
  output logic        s_axil_awready,
  input  logic [31:0] s_axil_wdata,
  input  logic [ 3:0] s_axil_wstrb,
  input  logic        s_axil_wvalid,
  output logic        s_axil_wready,
  output logic [ 1:0] s_axil_bresp,
  output logic        s_axil_bvalid,
  input  logic        s_axil_bready,
  input  logic [ 5:0] s_axil_araddr,
  input  logic [ 2:0] s_axil_arprot,
  input  logic        s_axil_arvalid,
  output logic        s_axil_arready,
  output logic [31:0] s_axil_rdata,
  output logic [ 1:0] s_axil_rresp,
  output logic        s_axil_rvalid,
  input  logic        s_axil_rready
);

  localparam int Words = 14;
  localparam int IndexWidth = 4;
  localparam int Side = dcgan_shape_pkg::side(dcgan_shape_pkg::NumLayers);
  localparam logic [31:0] Identity = 32'h4443_474E;  // "DCGN"
  localparam int Version = (Side << 16) + (dcgan_shape_pkg::LatentSize << 8)
                           + board_pkg::RegisterVersion;

  logic busy;
  logic [31:0] avatars, malformed, cycles, mac_cycles, version, busy_word;
  logic [Words-1:0][31:0] words;
  logic [31:0] preset, network, load_crc, load_bytes, begin_crc, write_data;
  logic [1:0] load_state;
  logic [15:0] restarts;
  logic [IndexWidth-1:0] write_index;
  logic write_valid, write_ready, write_good, load_begin, run, spoilt;
  logic byte_valid, byte_ready;
  logic [7:0] byte_data;
  logic [dcgan_shape_pkg::NumMemories-1:0] load_valid;
  logic [mem_pkg::LoadWidth-1:0] load_data, table_data;
  logic [dcgan_shape_pkg::NumMemories-1:0] table_valid, odd;

  logic z_valid, z_ready, z_last, pixel_valid, pixel_ready, frame_starts, line_ends;
  logic [ 7:0] z_data;
  logic [23:0] pixel_data;

  assign version = Version;
  assign busy_word = {31'd0, busy};
  assign preset = dcgan_shape_pkg::Preset;
  assign words = {
    32'(restarts),
    32'd0,
    load_crc,
    load_bytes,
    32'(load_state),
    preset,
    network,
    mac_cycles,
    cycles,
    malformed,
    avatars,
    busy_word,
    version,
    Identity
  };

  // ---- what stands still is reset; who waits for the host does not stand still ---------------------
  logic restart, work_rst_nq, engine_rst_nq, works, moves;

  assign works = busy || (z_valid && run);
  assign moves = m_axis_tvalid || (pixel_valid && pixel_ready) || (z_valid && z_ready);

  always_ff @(posedge aclk) begin
    work_rst_nq   <= aresetn && !restart;
    engine_rst_nq <= aresetn && !restart && run;
  end

  board_watchdog u_watchdog (
    .clk_i     (aclk),
    .rst_ni    (aresetn),
    .busy_i    (works),
    .progress_i(moves),
    .restart_o (restart),
    .restarts_o(restarts)
  );

  board_dma #(
    .LatentSize(dcgan_shape_pkg::LatentSize),
    .Pixels    (Side * Side)
  ) u_dma (
    .clk_i          (aclk),
    .rst_ni         (work_rst_nq),
    .latents_valid_i(s_axis_tvalid),
    .latents_ready_o(s_axis_tready),
    .latents_data_i (s_axis_tdata),
    .latents_last_i (s_axis_tlast),
    .z_valid_o      (z_valid),
    .z_ready_i      (z_ready),
    .z_data_o       (z_data),
    .z_last_o       (z_last),
    .pixel_valid_i  (pixel_valid),
    .pixel_ready_o  (pixel_ready),
    .pixel_data_i   (pixel_data),
    .words_valid_o  (m_axis_tvalid),
    .words_ready_i  (m_axis_tready),
    .words_data_o   (m_axis_tdata),
    .words_last_o   (m_axis_tlast)
  );

  dcgan_axis #(
    .RomDir(RomDir)
  ) u_generator (
    .aclk,
    .aresetn          (engine_rst_nq),
    .s_axis_tvalid    (z_valid),
    .s_axis_tready    (z_ready),
    .s_axis_tdata     (z_data),
    .s_axis_tlast     (z_last),
    .m_axis_tvalid    (pixel_valid),
    .m_axis_tready    (pixel_ready),
    .m_axis_tdata     (pixel_data),
    .m_axis_tuser     (frame_starts),
    .m_axis_tlast     (line_ends),
    .load_valid       (table_valid),
    .load_data        (table_data),
    .load_odd         (odd),
    .status_busy      (busy),
    .status_avatars   (avatars),
    .status_malformed (malformed),
    .status_cycles    (cycles),
    .status_mac_cycles(mac_cycles),
    .status_network   (network)
  );

  board_loader u_loader (
    .clk_i       (aclk),
    .rst_ni      (aresetn),
    .begin_i     (load_begin),
    .crc_i       (begin_crc),
    .spoilt_i    (spoilt),
    .byte_valid_i(byte_valid),
    .byte_ready_o(byte_ready),
    .byte_i      (byte_data),
    .state_o     (load_state),
    .bytes_o     (load_bytes),
    .crc_o       (load_crc),
    .run_o       (run),
    .load_valid_o(load_valid),
    .load_o      (load_data)
  );

  board_parity u_parity (
    .clk_i       (aclk),
    .rst_ni      (work_rst_nq),
    .run_i       (run),
    .busy_i      (busy),
    .load_valid_i(load_valid),
    .load_i      (load_data),
    .load_valid_o(table_valid),
    .load_o      (table_data),
    .odd_i       (odd),
    .spoilt_o    (spoilt)
  );

  board_axil_load #(
    .IndexWidth(IndexWidth)
  ) u_load (
    .clk_i        (aclk),
    .rst_ni       (aresetn),
    .write_valid_i(write_valid),
    .write_ready_o(write_ready),
    .write_good_o (write_good),
    .write_index_i(write_index),
    .write_data_i (write_data),
    .busy_i       (busy),
    .state_i      (load_state),
    .begin_o      (load_begin),
    .crc_o        (begin_crc),
    .byte_valid_o (byte_valid),
    .byte_ready_i (byte_ready),
    .byte_o       (byte_data)
  );

  board_axil_status #(
    .Words(Words)
  ) u_status (
    .aclk,
    .aresetn,
    .words_i      (words),
    .write_valid_o(write_valid),
    .write_ready_i(write_ready),
    .write_good_i (write_good),
    .write_index_o(write_index),
    .write_data_o (write_data),
    .s_axil_awaddr,
    .s_axil_awprot,
    .s_axil_awvalid,
    .s_axil_awready,
    .s_axil_wdata,
    .s_axil_wstrb,
    .s_axil_wvalid,
    .s_axil_wready,
    .s_axil_bresp,
    .s_axil_bvalid,
    .s_axil_bready,
    .s_axil_araddr,
    .s_axil_arprot,
    .s_axil_arvalid,
    .s_axil_arready,
    .s_axil_rdata,
    .s_axil_rresp,
    .s_axil_rvalid,
    .s_axil_rready
  );

  logic unused;
  assign unused = frame_starts ^ line_ends;  // board_dma counts pixels itself

endmodule : board_pynq_z2
