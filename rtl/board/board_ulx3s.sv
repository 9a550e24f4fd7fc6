// SPDX-License-Identifier: Apache-2.0
//
// board_ulx3s -- Radiona ULX3S (ECP5-85F): pins, clocks and nothing else.
//
//   25 MHz crystal -> system clock (Divide, Multiply, Post from constraints/board_ulx3s.toml)
//                  -> 125 MHz shift clock and 25 MHz pixel clock
//
// The names ftdi_rxd and ftdi_txd are seen from the USB chip: ftdi_rxd is our output.
// Golden  scripts/avatar_host/board_model.py            Test  tb/board_ulx3s
module board_ulx3s #(
  parameter int CrystalHz = 25_000_000,
  parameter int Divide    = 1,
  parameter int Multiply  = 4,
  parameter int Post      = 6,
  parameter int Baud      = 3_000_000,
  parameter int WallScale = 5,
  parameter     RomDir    = "rtl/rom"
) (
  input  logic       clk_25mhz_i,
  input  logic       ftdi_txd_i,
  output logic       ftdi_rxd_o,
  input  logic       btn_i,
  output logic [7:0] led_o,
  output logic [3:0] gpdi_dp_o,
  output logic       wifi_gpio0_o
);

  localparam int ClockHz = CrystalHz / Divide * Multiply;

  logic [2:0][9:0] symbols;

  // High keeps the ESP32 on the board from taking over the FPGA.
  assign wifi_gpio0_o = 1'b1;

  logic [1:0] system_clocks;
  logic clk, rst_n, system_locked, unused_clock;
  assign clk          = system_clocks[0];
  assign unused_clock = system_clocks[1];

  board_pll #(
    .Divide  (Divide),
    .Multiply(Multiply),
    .Post0   (Post),
    .Post1   (Post)
  ) u_system_pll (
    .clk_i   (clk_25mhz_i),
    .clk_o   (system_clocks),
    .locked_o(system_locked)
  );

  board_reset u_reset (
    .clk_i (clk),
    .go_i  (system_locked),
    .rst_no(rst_n)
  );

  logic video_clk, video_rst_n;

  board_core #(
    .ClockHz  (ClockHz),
    .Baud     (Baud),
    .WallScale(WallScale),
    .RomDir   (RomDir)
  ) u_core (
    .clk_i       (clk),
    .rst_ni      (rst_n),
    .uart_rx_i   (ftdi_txd_i),
    .uart_tx_o   (ftdi_rxd_o),
    .button_i    (btn_i),
    .led_o,
    .video_clk_i (video_clk),
    .video_rst_ni(video_rst_n),
    .symbols_o   (symbols)
  );

  board_video_pins u_video (
    .clk_25mhz_i,
    .symbols_i   (symbols),
    .video_clk_o (video_clk),
    .video_rst_no(video_rst_n),
    .pins_o      (gpdi_dp_o)
  );

endmodule : board_ulx3s
