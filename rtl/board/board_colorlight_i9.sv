// SPDX-License-Identifier: Apache-2.0
//
// board_colorlight_i9 -- Colorlight i9 v7.2 (ECP5-45F) on its extension board: the names of the pins
// around board_ecp5.
//
// Golden  scripts/avatar_host/board_model.py: BoardModel.answer()     Test  tb/board_colorlight_i9
module board_colorlight_i9 #(
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

  logic [7:0] leds;
  logic unused_leds;

  board_ecp5 #(
    .Divide   (Divide),
    .Multiply (Multiply),
    .Post     (Post),
    .Baud     (Baud),
    .WallScale(WallScale),
    .RomDir   (RomDir)
  ) u_board (
    .clk_25mhz_i,
    .uart_rx_i,
    .uart_tx_o,
    .button_i(1'b0),
    .led_o   (leds),
    .dvi_o   (gpdi_dp_o)
  );

  // One light, on while low: it shows that the Generator is busy.  There is no button.
  assign led_no      = !leds[7];
  assign unused_leds = ^leds[6:0];

endmodule : board_colorlight_i9
