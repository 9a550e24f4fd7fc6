// SPDX-License-Identifier: Apache-2.0
//
// dcgan_axis -- the outermost core: the Generator with standard AXI4-Stream port names.
//
//   s_axis   latent: LatentSize beats of int8, tlast on the last
//   m_axis   AXI4-Stream Video: tdata = {R, B, G}, tuser = start of frame, tlast = end of line
//   status   plain registers for a host
//   load     writes to the memories of the network (board_loader), only in reset; checks of them (board_parity), only
//            while status_busy is low; zero where there is neither
//
// A packet of any other length is dropped whole, counted in status_malformed, and the next one served.
// Golden   model/dcgan/quant/golden.py: GoldenGenerator.rgb()     Test  tb/dcgan_axis
module dcgan_axis #(
  parameter RomDir = "rtl/rom"
) (
  input logic aclk,
  input logic aresetn,

  input  logic                                    s_axis_tvalid,
  output logic                                    s_axis_tready,
  input  logic [dcgan_shape_pkg::LatentWidth-1:0] s_axis_tdata,
  input  logic                                    s_axis_tlast,

  output logic                                     m_axis_tvalid,
  input  logic                                     m_axis_tready,
  output logic [3*dcgan_shape_pkg::PixelWidth-1:0] m_axis_tdata,
  output logic                                     m_axis_tuser,
  output logic                                     m_axis_tlast,

  input  logic [dcgan_shape_pkg::NumMemories-1:0] load_valid,
  input  logic [          mem_pkg::LoadWidth-1:0] load_data,
  output logic [dcgan_shape_pkg::NumMemories-1:0] load_odd,

  output logic        status_busy,
  output logic [31:0] status_avatars,
  output logic [31:0] status_malformed,
  output logic [31:0] status_cycles,
  output logic [31:0] status_mac_cycles,
  output logic [31:0] status_network
);

  logic pixel_valid, pixel_ready, pixel_last;
  logic [dcgan_shape_pkg::PixelWidth-1:0] pixel_data;
  logic [1:0] pixel_user;

  dcgan_generator #(
    .RomDir(RomDir)
  ) u_generator (
    .clk_i              (aclk),
    .rst_ni             (aresetn),
    .z_valid_i          (s_axis_tvalid),
    .z_ready_o          (s_axis_tready),
    .z_data_i           (s_axis_tdata),
    .z_last_i           (s_axis_tlast),
    .pixel_valid_o      (pixel_valid),
    .pixel_ready_i      (pixel_ready),
    .pixel_data_o       (pixel_data),
    .pixel_user_o       (pixel_user),
    .pixel_last_o       (pixel_last),
    .load_valid_i       (load_valid),
    .load_i             (load_data),
    .odd_o              (load_odd),
    .status_busy_o      (status_busy),
    .status_avatars_o   (status_avatars),
    .status_malformed_o (status_malformed),
    .status_cycles_o    (status_cycles),
    .status_mac_cycles_o(status_mac_cycles),
    .status_network_o   (status_network)
  );

  dcgan_rgb_assembler #(
    .Side      (dcgan_shape_pkg::side(dcgan_shape_pkg::NumLayers)),
    .PixelWidth(dcgan_shape_pkg::PixelWidth)
  ) u_rgb_assembler (
    .clk_i      (aclk),
    .rst_ni     (aresetn),
    .in_valid_i (pixel_valid),
    .in_ready_o (pixel_ready),
    .in_data_i  (pixel_data),
    .in_user_i  (pixel_user),
    .out_valid_o(m_axis_tvalid),
    .out_ready_i(m_axis_tready),
    .out_data_o (m_axis_tdata),
    .out_user_o (m_axis_tuser),
    .out_last_o (m_axis_tlast)
  );

  logic unused;
  assign unused = pixel_last;  // the assembler counts pixels itself

endmodule : dcgan_axis
