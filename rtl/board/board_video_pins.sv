// SPDX-License-Identifier: Apache-2.0
//
// board_video_pins -- pixel and shift clock from 25 MHz, and the four DVI pins.
//
//   pins_o[0] blue  [1] green  [2] red  [3] pixel clock (five ones, five zeros)
//
// Golden  none (wiring)     Test  tb/board_video_pins
module board_video_pins (
  input  logic            clk_25mhz_i,
  input  logic [2:0][9:0] symbols_i,
  output logic            video_clk_o,
  output logic            video_rst_no,
  output logic [3:0]      pins_o
);

  // 25 MHz * 5 = 125 MHz; VCO 625 MHz; 625 / 25 = 25 MHz.
  localparam int Multiply = 5;
  localparam int PostShift = 5;
  localparam int PostPixel = 25;
  localparam int Pins = 4;
  localparam logic [9:0] ClockSymbol = 10'b00000_11111;

  logic [1:0] clocks;
  logic shift_clk, locked;
  logic [Pins-1:0][9:0] symbols;

  assign shift_clk   = clocks[0];
  assign video_clk_o = clocks[1];
  assign symbols     = {ClockSymbol, symbols_i};

  board_pll #(
    .Divide  (1),
    .Multiply(Multiply),
    .Post0   (PostShift),
    .Post1   (PostPixel)
  ) u_pll (
    .clk_i   (clk_25mhz_i),
    .clk_o   (clocks),
    .locked_o(locked)
  );

  board_reset u_reset (
    .clk_i (video_clk_o),
    .go_i  (locked),
    .rst_no(video_rst_no)
  );

  for (genvar p = 0; p < Pins; p++) begin : gen_pin
    video_serializer u_serializer (
      .video_clk_i (video_clk_o),
      .video_rst_ni(video_rst_no),
      .symbol_i    (symbols[p]),
      .shift_clk_i (shift_clk),
      .pin_o       (pins_o[p])
    );
  end

endmodule : board_video_pins
