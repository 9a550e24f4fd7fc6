// SPDX-License-Identifier: Apache-2.0
//
// video_serializer -- ten bits a pixel clock through one pin, two a shift clock.
//
//   symbol  b9 b8 b7 b6 b5 b4 b3 b2 b1 b0        b0 leaves first
//   shift   load | >>2 | >>2 | >>2 | >>2 | load         five shift clocks = one pixel clock
//
// Both clocks come from one PLL, so their ratio is exact and their phase is fixed but unknown: a bit
// that toggles with every pixel tells the shift side when a symbol has just changed, and it is taken
// two shift clocks later, when it stands still.
// Latency     5 to 6 shift clocks     Throughput  1 symbol per pixel clock
// Golden      tb/video_serializer/test_video_serializer.py: line_bits()
// Test        tb/video_serializer
module video_serializer (
  input logic       video_clk_i,
  input logic       video_rst_ni,
  input logic [9:0] symbol_i,

  input  logic shift_clk_i,
  output logic pin_o
);

  logic toggle_q;
  logic [9:0] symbol_q, shift_q;
  logic [2:0] seen_q;
  logic load;

  always_ff @(posedge video_clk_i) begin
    if (!video_rst_ni) toggle_q <= 1'b0;
    else toggle_q <= !toggle_q;
    symbol_q <= symbol_i;
  end

  assign load = seen_q[2] != seen_q[1];

  always_ff @(posedge shift_clk_i) begin
    seen_q  <= {seen_q[1:0], toggle_q};
    shift_q <= load ? symbol_q : {2'b00, shift_q[9:2]};
  end

  video_ddr u_pin (
    .clk_i   (shift_clk_i),
    .first_i (shift_q[0]),
    .second_i(shift_q[1]),
    .pin_o
  );

endmodule : video_serializer
