// SPDX-License-Identifier: Apache-2.0
//
// avatar_dcgan -- board_pynq_z2 in Verilog: a block design takes no SystemVerilog module by reference.
//
// Interfaces are found by their prefixes. The status port has 16 address bits, so that it gets 64 KiB, whole
// pages, of the processor's memory. vivado_pynq_z2_overlay.tcl puts the folder of the ROMs into RomDir.
`default_nettype none

module avatar_dcgan #(
  parameter RomDir = "rtl/rom"
) (
  (* X_INTERFACE_INFO = "xilinx.com:signal:clock:1.0 aclk CLK" *)
  (* X_INTERFACE_PARAMETER = "ASSOCIATED_BUSIF s_axis:m_axis:s_axil, ASSOCIATED_RESET aresetn" *)
  input wire aclk,
  (* X_INTERFACE_INFO = "xilinx.com:signal:reset:1.0 aresetn RST" *)
  (* X_INTERFACE_PARAMETER = "POLARITY ACTIVE_LOW" *)
  input wire aresetn,

  input  wire       s_axis_tvalid,
  output wire       s_axis_tready,
  input  wire [7:0] s_axis_tdata,
  input  wire       s_axis_tlast,

  output wire        m_axis_tvalid,
  input  wire        m_axis_tready,
  output wire [31:0] m_axis_tdata,
  output wire [ 3:0] m_axis_tkeep,
  output wire        m_axis_tlast,

  input  wire [15:0] s_axil_awaddr,
  input  wire [ 2:0] s_axil_awprot,
  input  wire        s_axil_awvalid,
  output wire        s_axil_awready,
  input  wire [31:0] s_axil_wdata,
  input  wire [ 3:0] s_axil_wstrb,
  input  wire        s_axil_wvalid,
  output wire        s_axil_wready,
  output wire [ 1:0] s_axil_bresp,
  output wire        s_axil_bvalid,
  input  wire        s_axil_bready,
  input  wire [15:0] s_axil_araddr,
  input  wire [ 2:0] s_axil_arprot,
  input  wire        s_axil_arvalid,
  output wire        s_axil_arready,
  output wire [31:0] s_axil_rdata,
  output wire [ 1:0] s_axil_rresp,
  output wire        s_axil_rvalid,
  input  wire        s_axil_rready
);

  assign m_axis_tkeep = 4'b1111;

  board_pynq_z2 #(
    .RomDir(RomDir)
  ) u_board (
    .aclk          (aclk),
    .aresetn       (aresetn),
    .s_axis_tvalid (s_axis_tvalid),
    .s_axis_tready (s_axis_tready),
    .s_axis_tdata  (s_axis_tdata),
    .s_axis_tlast  (s_axis_tlast),
    .m_axis_tvalid (m_axis_tvalid),
    .m_axis_tready (m_axis_tready),
    .m_axis_tdata  (m_axis_tdata),
    .m_axis_tlast  (m_axis_tlast),
    .s_axil_awaddr (s_axil_awaddr[5:0]),
    .s_axil_awprot (s_axil_awprot),
    .s_axil_awvalid(s_axil_awvalid),
    .s_axil_awready(s_axil_awready),
    .s_axil_wdata  (s_axil_wdata),
    .s_axil_wstrb  (s_axil_wstrb),
    .s_axil_wvalid (s_axil_wvalid),
    .s_axil_wready (s_axil_wready),
    .s_axil_bresp  (s_axil_bresp),
    .s_axil_bvalid (s_axil_bvalid),
    .s_axil_bready (s_axil_bready),
    .s_axil_araddr (s_axil_araddr[5:0]),
    .s_axil_arprot (s_axil_arprot),
    .s_axil_arvalid(s_axil_arvalid),
    .s_axil_arready(s_axil_arready),
    .s_axil_rdata  (s_axil_rdata),
    .s_axil_rresp  (s_axil_rresp),
    .s_axil_rvalid (s_axil_rvalid),
    .s_axil_rready (s_axil_rready)
  );

  wire unused = &{1'b0, s_axil_awaddr[15:6], s_axil_araddr[15:6]};

endmodule

`default_nettype wire
