// SPDX-License-Identifier: Apache-2.0
//
// sim_harness -- latents from a file into dcgan_axis, whole frames out: no Python in any cycle.
//
//   +z=FILE          one latent a line, LatentSize bytes as one hex word, entry 0 in the low byte
//   +avatars=N       how many of them to stream, one behind the other
//   +full_speed=N    the first N see no stall; after them both streams stall at random
//   +seed=S          of the stalls
//   +pixels=FILE     also write every frame as hex text, and end with $finish: needs no cocotb
//   +serve           instead of all these: batches on standard input, as text, until it ends. A batch
//                    is the number of its latents, then one a line as above; for each of them comes
//                    a line `pixels HEX` on standard output, its first pixel in the low bits
//
// cocotb wakes up when frame_count changes and reads `frame`: pixel i in bits [24*i +: 24].
// The clock is made here: a clock from Python would cost more than a small network.
// Test  tb/sim/test_sim.py
module sim_harness #(
  parameter     RomDir   = "rtl/rom",
  parameter int Capacity = 16384
) ();

  localparam int LatentSize = dcgan_shape_pkg::LatentSize;
  localparam int LatentWidth = dcgan_shape_pkg::LatentWidth;
  localparam int PixelWidth = 3 * dcgan_shape_pkg::PixelWidth;
  localparam int Side = dcgan_shape_pkg::side(dcgan_shape_pkg::NumLayers);
  localparam int Pixels = Side * Side;
  localparam int ResetCycles = 4;
  localparam int Stdin = 32'h8000_0000;
  // Longer than any network of the presets needs from one pixel to the next.
  localparam int Patience = 20_000_000;

  // ---- what a reader sees --------------------------------------------------------------------
  int frame_count  /* verilator public_flat_rd */ = 0;
  logic [Pixels*PixelWidth-1:0] frame  /* verilator public_flat_rd */;
  int frame_cycle  /* verilator public_flat_rd */ = 0;  // in which its last pixel moved
  int first_cycle  /* verilator public_flat_rd */ = 0;  // in which the first beat of all moved
  int framing_errors  /* verilator public_flat_rd */ = 0;  // tuser or tlast in a wrong place
  logic [31:0] avatars  /* verilator public_flat_rd */;
  logic [31:0] malformed  /* verilator public_flat_rd */;
  logic [31:0] cycles  /* verilator public_flat_rd */;
  logic [31:0] mac_cycles  /* verilator public_flat_rd */;
  logic [31:0] network;
  logic [dcgan_shape_pkg::NumMemories-1:0] odd;

  // ---- clock, reset, plan --------------------------------------------------------------------
  logic clk = 1'b0;
  logic rst_n = 1'b0;
  int cycle_q = 0;
  int wanted = 0, full_speed = 0, seed = 1;
  int source = 1, sink = 3;  // who pauses how
  logic [LatentSize*LatentWidth-1:0] latents[Capacity];
  logic serving = 1'b0;

  always #5 clk = !clk;

  initial begin : plan
    string z_file;
    if ($test$plusargs("serve")) serve;
    else begin
      if (!$value$plusargs("z=%s", z_file)) $fatal(1, "+z=FILE is missing");
      if (!$value$plusargs("avatars=%d", wanted)) $fatal(1, "+avatars=N is missing");
      if (wanted > Capacity) $fatal(1, "+avatars=%0d, at most %0d fit", wanted, Capacity);
      if (!$value$plusargs("full_speed=%d", full_speed)) full_speed = wanted;
      if (!$value$plusargs("seed=%d", seed)) seed = 1;
      if (!$value$plusargs("source=%d", source)) source = 1;
      if (!$value$plusargs("sink=%d", sink)) sink = 3;
      $readmemh(z_file, latents, 0, wanted - 1);
    end
  end

  // Reading blocks the simulator: no time passes between a batch and the next.
  task automatic serve;
    int batch, i;
    logic [LatentSize*LatentWidth-1:0] latent;
    serving = 1'b1;
    while ($fscanf(Stdin, "%d", batch) == 1) begin
      if (batch > Capacity) $fatal(1, "a batch of %0d, at most %0d fit", batch, Capacity);
      for (i = 0; i < batch; i = i + 1) begin
        if ($fscanf(Stdin, "%h", latent) != 1) $fatal(1, "a latent is missing");
        latents[(wanted+i)%Capacity] = latent;
      end
      full_speed = wanted + batch;
      wanted = full_speed;
      wait (frame_count == wanted);
    end
    $finish;
  endtask

  always_ff @(posedge clk) begin
    cycle_q <= cycle_q + 1;
    if (cycle_q >= ResetCycles) rst_n <= 1'b1;  // and it stays: a served simulation runs for long
  end

  // ---- stalls of either side: 0 none, 1 half of the cycles, 2 all but one in sixteen, 3 long bursts -------
  logic [31:0] lfsr_q = '0;
  logic [9:0] burst_q = '0;
  logic accept_q = 1'b0, burst_open_q = 1'b0;

  function automatic logic moves(input int pattern, input logic [3:0] chance, input logic burst);
    return pattern == 0 || (pattern == 1 && chance[3]) || (pattern == 2 && chance == '0)
           || (pattern == 3 && burst);
  endfunction : moves

  always_ff @(posedge clk) begin
    if (!rst_n) lfsr_q <= 32'(seed) | 32'd1;
    else lfsr_q <= {lfsr_q[30:0], lfsr_q[31] ^ lfsr_q[21] ^ lfsr_q[1] ^ lfsr_q[0]};
  end

  // ---- latents in ------------------------------------------------------------------------------
  int   sent_q = 0;
  int   beat_q = 0;
  logic offer_q = 1'b0;
  logic s_tvalid, s_tready, s_tlast;
  logic [LatentWidth-1:0] s_tdata;

  assign s_tvalid = offer_q && (sent_q < wanted);
  assign s_tlast  = beat_q == LatentSize - 1;
  assign s_tdata  = latents[sent_q%Capacity][beat_q*LatentWidth+:LatentWidth];

  always_ff @(posedge clk) begin
    // An offered beat stays on offer until it is taken.
    if (!(s_tvalid && !s_tready))
      offer_q <= rst_n && ((sent_q < full_speed) || moves(source, lfsr_q[3:0], burst_open_q));
    if (s_tvalid && s_tready) begin
      if (sent_q == 0 && beat_q == 0) first_cycle <= cycle_q;
      beat_q <= s_tlast ? 0 : beat_q + 1;
      if (s_tlast) sent_q <= sent_q + 1;
    end
  end

  // ---- frames out ------------------------------------------------------------------------------
  logic m_tvalid, m_tuser, m_tlast;
  logic [PixelWidth-1:0] m_tdata;
  logic [PixelWidth-1:0] pixels[Pixels];
  int pixel_q = 0;
  int taken_q = 0;
  int last_pixel_q = 0;
  logic complete_q = 1'b0;
  logic busy;

  always_ff @(posedge clk) begin
    burst_q <= burst_q - 1'b1;
    if (burst_q == '0) begin
      burst_open_q <= !burst_open_q;
      burst_q      <= burst_open_q ? lfsr_q[9:0] : {4'd0, lfsr_q[5:0]};
    end
    accept_q <= rst_n && ((taken_q < full_speed) || moves(sink, lfsr_q[13:10], burst_open_q));
  end

  always_ff @(posedge clk) begin
    complete_q <= 1'b0;
    if (m_tvalid && accept_q) begin
      pixels[pixel_q] <= m_tdata;
      last_pixel_q <= cycle_q;
      if (m_tuser != (pixel_q == 0) || m_tlast != (pixel_q % Side == Side - 1))
        framing_errors <= framing_errors + 1;
      pixel_q <= pixel_q == Pixels - 1 ? 0 : pixel_q + 1;
      if (pixel_q == Pixels - 1) begin
        complete_q <= 1'b1;
        taken_q <= taken_q + 1;
      end
    end
  end

  always @(posedge clk) begin
    if (cycle_q - last_pixel_q > Patience) $fatal(1, "no pixel for %0d cycles", Patience);
  end

  initial begin : hand_over
    int file, i;
    string pixel_file;
    file = 0;
    if ($value$plusargs("pixels=%s", pixel_file)) begin
      file = $fopen(pixel_file, "w");
      if (file == 0) $fatal(1, "cannot write %s", pixel_file);
    end
    forever begin
      @(posedge complete_q);
      for (i = 0; i < Pixels; i = i + 1) begin
        frame[i*PixelWidth+:PixelWidth] = pixels[i];
        if (file != 0) $fwrite(file, "%06x\n", pixels[i]);
      end
      frame_cycle = last_pixel_q;
      frame_count = frame_count + 1;
      if (serving) begin
        if (framing_errors != 0) $fatal(1, "tuser or tlast came in a wrong place");
        $display("pixels %h", frame);
        $fflush;
      end
      if (file != 0) begin
        $display("frame %0d %0d %0d %0d", frame_count, first_cycle, frame_cycle, framing_errors);
        $fflush;
        if (frame_count == wanted) begin
          $fclose(file);
          $finish;
        end
      end
    end
  end

  dcgan_axis #(
    .RomDir(RomDir)
  ) dut (
    .aclk             (clk),
    .aresetn          (rst_n),
    .s_axis_tvalid    (s_tvalid),
    .s_axis_tready    (s_tready),
    .s_axis_tdata     (s_tdata),
    .s_axis_tlast     (s_tlast),
    .m_axis_tvalid    (m_tvalid),
    .m_axis_tready    (accept_q),
    .m_axis_tdata     (m_tdata),
    .m_axis_tuser     (m_tuser),
    .m_axis_tlast     (m_tlast),
    .load_valid       ('0),
    .load_data        ('0),
    .load_odd         (odd),
    .status_busy      (busy),
    .status_avatars   (avatars),
    .status_malformed (malformed),
    .status_cycles    (cycles),
    .status_mac_cycles(mac_cycles),
    .status_network   (network)
  );

  logic unused;
  assign unused = busy ^ (^{network, odd});

endmodule : sim_harness
