// SPDX-License-Identifier: Apache-2.0
//
// board_ecp5 -- what boards with an ECP5 and a 25 MHz crystal share: everything but the names of their pins.
//
//   25 MHz crystal -+-> board_pll -> system clock = 25 MHz * Multiply / Divide -> board_reset -> board_core
//                   '-> board_video_pins: 125 MHz shift clock, 25 MHz pixel clock -> DVI pins
//
// Divide, Multiply and Post come from constraints/board_<name>.toml.
// Golden  scripts/avatar_host/board_model.py: BoardModel.answer()     Test  tb/board_ecp5
module board_ecp5 #(
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
  input  logic       button_i,
  output logic [7:0] led_o,
  output logic [3:0] dvi_o         // see board_video_pins
);

  localparam int CrystalHz = 25_000_000;
  localparam int ClockHz = CrystalHz / Divide * Multiply;

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
  logic [2:0][9:0] symbols;

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
    .button_i,
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
    .pins_o      (dvi_o)
  );

endmodule : board_ecp5
