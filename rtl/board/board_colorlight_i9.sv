// SPDX-License-Identifier: Apache-2.0
//
// board_colorlight_i9 -- Colorlight i9 v7.2 (ECP5-45F) on its extension board: pins and clocks.
//
//   25 MHz crystal -> system clock (constraints/board_colorlight_i9.toml)
//                  -> 125 MHz shift clock and 25 MHz pixel clock
//
// Golden  scripts/avatar_host/board_model.py            Test  tb/board_colorlight_i9
module board_colorlight_i9 #(
  parameter int CrystalHz = 25_000_000,
  parameter int Divide    = 1,
  parameter int Multiply  = 4,
  parameter int Post      = 6,
  parameter int Baud      = 3_000_000,
  parameter int WallScale = 5,
  parameter     RomDir    = "rtl/rom"
) (
  input  logic       clk_25mhz_i,
  input  logic       uart_rx_i,
  output logic       uart_tx_o,
  output logic       led_no,
  output logic [3:0] gpdi_dp_o
);

  localparam int ClockHz = CrystalHz / Divide * Multiply;

  logic [2:0][9:0] symbols;
  logic [7:0] leds;
  logic unused_leds;

  // One light, on while low: it shows that the Generator is busy.  There is no button.
  assign led_no      = !leds[7];
  assign unused_leds = ^leds[6:0];

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
    .uart_rx_i,
    .uart_tx_o,
    .button_i    (1'b0),
    .led_o       (leds),
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

endmodule : board_colorlight_i9
