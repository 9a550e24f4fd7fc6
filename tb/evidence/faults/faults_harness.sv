// SPDX-License-Identifier: Apache-2.0
//
// faults_harness -- dcgan_axis with what watches it on a board, a clock, a reset that can be pulled, and whole frames
//                   out.
//
//   set latent0, latent1 and `wanted` while rst_n is low, raise rst_n: the latents are streamed one behind
//   the other, at full speed; a frame is in `frame` when frame_count rises. rst_n = 0 forgets everything.
//
// Whoever looks from outside wakes up once a frame: no Python in any cycle.
// Test  tb/evidence/faults/test_faults.py
module faults_harness #(
  parameter RomDir = "rtl/rom"
) ();

  localparam int LatentSize = dcgan_shape_pkg::LatentSize;
  localparam int LatentWidth = dcgan_shape_pkg::LatentWidth;
  localparam int PixelWidth = 3 * dcgan_shape_pkg::PixelWidth;
  localparam int Side = dcgan_shape_pkg::side(dcgan_shape_pkg::NumLayers);
  localparam int Pixels = Side * Side;

  // ---- what is set from outside ----------------------------------------------------------------
  logic rst_n  /* verilator public_flat_rw */ = 1'b0;
  int wanted  /* verilator public_flat_rw */ = 0;
  logic [LatentSize*LatentWidth-1:0] latent0  /* verilator public_flat_rw */ = '0;
  logic [LatentSize*LatentWidth-1:0] latent1  /* verilator public_flat_rw */ = '0;

  // ---- what is read from outside ---------------------------------------------------------------
  int frame_count  /* verilator public_flat_rd */;
  int surplus  /* verilator public_flat_rd */;  // pixels of a frame that is not whole
  int framing_errors  /* verilator public_flat_rd */;  // tuser or tlast in a wrong place
  logic [Pixels*PixelWidth-1:0] frame  /* verilator public_flat_rd */;
  logic busy  /* verilator public_flat_rd */;
  logic [31:0] avatars  /* verilator public_flat_rd */;
  logic [31:0] malformed  /* verilator public_flat_rd */;
  logic [31:0] cycles  /* verilator public_flat_rd */;
  logic [31:0] mac_cycles  /* verilator public_flat_rd */;
  logic [15:0] restarts  /* verilator public_flat_rd */;
  int spoilt_count  /* verilator public_flat_rd */;  // walks over the memories that came to an odd number

  logic clk;
  initial clk = 1'b0;
  always #5 clk = !clk;

  // ---- latents in --------------------------------------------------------------------------------
  int sent_q;
  int beat_q;
  logic s_tvalid, s_tready, s_tlast;
  logic [LatentSize*LatentWidth-1:0] latent;

  assign latent   = (sent_q % 2) != 0 ? latent1 : latent0;
  assign s_tvalid = rst_n && (sent_q < wanted);
  assign s_tlast  = beat_q == LatentSize - 1;

  always_ff @(posedge clk) begin
    if (!rst_n) begin
      sent_q <= 0;
      beat_q <= 0;
    end else if (restart) begin
      beat_q <= 0;  // a board resets its source of latents as well
    end else if (s_tvalid && s_tready) begin
      beat_q <= s_tlast ? 0 : beat_q + 1;
      if (s_tlast) sent_q <= sent_q + 1;
    end
  end

  // ---- frames out --------------------------------------------------------------------------------
  logic m_tvalid, m_tuser, m_tlast;
  logic [PixelWidth-1:0] m_tdata;
  logic [Pixels*PixelWidth-1:0] frame_q;
  int at;

  assign at = m_tuser ? 0 : surplus;  // a receiver begins again where a frame says so

  always_ff @(posedge clk) begin
    if (!rst_n) begin
      surplus        <= 0;
      framing_errors <= 0;
      frame_count    <= 0;
    end else if (m_tvalid) begin
      if (m_tuser != (surplus == 0) || m_tlast != (at % Side == Side - 1))
        framing_errors <= framing_errors + 1;
      frame_q[at*PixelWidth+:PixelWidth] <= m_tdata;
      surplus <= at == Pixels - 1 ? 0 : at + 1;
      if (at == Pixels - 1) begin
        frame       <= {m_tdata, frame_q[(Pixels-1)*PixelWidth-1:0]};  // the last one comes now
        frame_count <= frame_count + 1;
      end
    end
  end

  // ---- what watches it: as in board_core -----------------------------------------------------------
  localparam int WatchCycles = 20_000;
  localparam int RestCycles = 1_024;
  localparam int NumMemories = dcgan_shape_pkg::NumMemories;

  logic restart, spoilt, core_rst_nq;
  logic [NumMemories-1:0] table_valid, odd;
  logic [mem_pkg::LoadWidth-1:0] table_data;
  logic [31:0] network;

  board_watchdog #(
    .Cycles(WatchCycles)
  ) u_watchdog (
    .clk_i     (clk),
    .rst_ni    (rst_n),
    .busy_i    (busy || s_tvalid),
    .progress_i(m_tvalid || (s_tvalid && s_tready)),
    .restart_o (restart),
    .restarts_o(restarts)
  );

  board_parity #(
    .Cycles(RestCycles)
  ) u_parity (
    .clk_i       (clk),
    .rst_ni      (core_rst_nq),
    .run_i       (1'b1),
    .busy_i      (busy),
    .load_valid_i('0),
    .load_i      ('0),
    .load_valid_o(table_valid),
    .load_o      (table_data),
    .odd_i       (odd),
    .spoilt_o    (spoilt)
  );

  always_ff @(posedge clk) begin
    core_rst_nq  <= rst_n && !restart;
    spoilt_count <= !rst_n ? 0 : spoilt_count + 32'(spoilt);
  end

  dcgan_axis #(
    .RomDir(RomDir)
  ) dut (
    .aclk             (clk),
    .aresetn          (core_rst_nq),
    .s_axis_tvalid    (s_tvalid),
    .s_axis_tready    (s_tready),
    .s_axis_tdata     (latent[beat_q*LatentWidth+:LatentWidth]),
    .s_axis_tlast     (s_tlast),
    .m_axis_tvalid    (m_tvalid),
    .m_axis_tready    (1'b1),
    .m_axis_tdata     (m_tdata),
    .m_axis_tuser     (m_tuser),
    .m_axis_tlast     (m_tlast),
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

  logic unused;
  assign unused = ^network ^ (^frame_q[Pixels*PixelWidth-1-:PixelWidth]);

endmodule : faults_harness
