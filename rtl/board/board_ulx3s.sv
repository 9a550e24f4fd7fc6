// SPDX-License-Identifier: Apache-2.0
//
// board_ulx3s -- Radiona ULX3S (ECP5-85F): the names of the pins around board_ecp5.
//
// The names ftdi_rxd and ftdi_txd are seen from the USB chip: ftdi_rxd is our output.
// Golden  model/dcgan/quant/golden.py: GoldenGenerator.rgb() -- drawn by scripts/host.py
// Test    tb/board_ulx3s
module board_ulx3s #(
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

  board_ecp5 #(
    .Divide   (Divide),
    .Multiply (Multiply),
    .Post     (Post),
    .Baud     (Baud),
    .WallScale(WallScale),
    .RomDir   (RomDir)
  ) u_board (
    .clk_25mhz_i,
    .uart_rx_i(ftdi_txd_i),
    .uart_tx_o(ftdi_rxd_o),
    .button_i (btn_i),
    .led_o,
    .dvi_o    (gpdi_dp_o)
  );

  // High keeps the ESP32 on the board from taking over the FPGA.
  assign wifi_gpio0_o = 1'b1;

endmodule : board_ulx3s
