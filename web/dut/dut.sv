// SPDX-License-Identifier: Apache-2.0
//
// dut -- the core with its own ports, and one record of what happens inside in a cycle.
//
// The record is read-only and the one place that knows names inside the core: dut.cpp copies it as it
// stands, web/core/record.js takes it apart. 32-bit words, as seen before the rising edge:
//
//   word  bits
//   0     3:0 layer 1..4 multiplies   7:4 map 1..4 valid   11:8 map 1..4 ready   12 s_tvalid
//         13 s_tready   14 s_tlast   15 m_tvalid   16 m_tready   17 m_tuser   18 m_tlast
//         19 plane valid   20 plane ready   22:21 plane (0 R, 1 G, 2 B)   23 busy
//   1     7:0 s_tdata   15:8 pixel of the plane
//   2     23:0 m_tdata, {R, B, G}
//   4-7   map 1..4: 31:16 channel   15:8 row + 1   7:0 column + 1
//   8-15  map 1..4, two words each: values of the beat, channel by channel, the first phase lowest
//
// Golden   none (wiring)     Test  web/tests/test_module.py
module dut #(
  parameter RomDir = "rom",
  localparam int Words = 16
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

  output logic        status_busy,
  output logic [31:0] status_avatars,
  output logic [31:0] status_malformed,
  output logic [31:0] status_cycles,
  output logic [31:0] status_mac_cycles,

  output logic [Words-1:0][31:0] record_o
);

  dcgan_axis #(
    .RomDir(RomDir)
  ) u_core (
    .aclk,
    .aresetn,
    .s_axis_tvalid,
    .s_axis_tready,
    .s_axis_tdata,
    .s_axis_tlast,
    .m_axis_tvalid,
    .m_axis_tready,
    .m_axis_tdata,
    .m_axis_tuser,
    .m_axis_tlast,
    .load_valid('0),
    .load_data('0),
    .load_odd(odd),
    .status_busy,
    .status_avatars,
    .status_malformed,
    .status_cycles,
    .status_mac_cycles,
    .status_network(network)
  );

  // ---- names inside the core, here and nowhere else ----------------------------------------------
  logic [31:0] network;
  logic [dcgan_shape_pkg::NumMemories-1:0] odd;
  logic [3:0] active, map_valid, map_ready;
  logic [3:0][31:0] tag;
  logic [3:0][63:0] data;

  assign active = {
    u_core.u_generator.active4,
    u_core.u_generator.active3,
    u_core.u_generator.active2,
    u_core.u_generator.active1
  };
  assign map_valid = {
    u_core.u_generator.map4_valid,
    u_core.u_generator.map3_valid,
    u_core.u_generator.map2_valid,
    u_core.u_generator.map1_valid
  };
  assign map_ready = {
    u_core.u_generator.map4_ready,
    u_core.u_generator.map3_ready,
    u_core.u_generator.map2_ready,
    u_core.u_generator.map1_ready
  };
  assign tag[0] = {
    16'(u_core.u_generator.map1_channel),
    8'(u_core.u_generator.map1_row),
    8'(u_core.u_generator.map1_col)
  };
  assign tag[1] = {
    16'(u_core.u_generator.map2_channel),
    8'(u_core.u_generator.map2_row),
    8'(u_core.u_generator.map2_col)
  };
  assign tag[2] = {
    16'(u_core.u_generator.map3_channel),
    8'(u_core.u_generator.map3_row),
    8'(u_core.u_generator.map3_col)
  };
  assign tag[3] = {
    16'(u_core.u_generator.map4_channel),
    8'(u_core.u_generator.map4_row),
    8'(u_core.u_generator.map4_col)
  };
  assign data[0] = 64'(u_core.u_generator.map1_data);
  assign data[1] = 64'(u_core.u_generator.map2_data);
  assign data[2] = 64'(u_core.u_generator.map3_data);
  assign data[3] = 64'(u_core.u_generator.map4_data);

  logic plane_valid, plane_ready;
  logic [1:0] plane;
  logic [dcgan_shape_pkg::PixelWidth-1:0] plane_pixel;

  assign plane_valid = u_core.u_generator.pixel_valid_o;
  assign plane_ready = u_core.u_generator.pixel_ready_i;
  assign plane = u_core.u_generator.pixel_user_o;
  assign plane_pixel = u_core.u_generator.pixel_data_o;

  // ---- the record --------------------------------------------------------------------------------
  assign record_o[0] = {
    8'b0,
    status_busy,
    plane,
    plane_ready,
    plane_valid,
    m_axis_tlast,
    m_axis_tuser,
    m_axis_tready,
    m_axis_tvalid,
    s_axis_tlast,
    s_axis_tready,
    s_axis_tvalid,
    map_ready,
    map_valid,
    active
  };
  assign record_o[1] = {16'b0, plane_pixel, s_axis_tdata};
  assign record_o[2] = 32'(m_axis_tdata);
  assign record_o[3] = '0;
  for (genvar m = 0; m < 4; m++) begin : gen_map
    assign record_o[4+m]   = tag[m];
    assign record_o[8+2*m] = data[m][31:0];
    assign record_o[9+2*m] = data[m][63:32];
  end

  logic unused;
  assign unused = ^{network, odd};

endmodule : dut
