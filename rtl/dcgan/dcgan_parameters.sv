// SPDX-License-Identifier: Apache-2.0
//
// dcgan_parameters -- what a network has besides weights and tables: read from a memory, once, after reset.
//
//   word 0          16 the latents are binary   15:12 shift of layer 4   ...   3:0 shift of layer 1
//                   17 not for here: it makes the ones in all memories together an even number (board_parity)
//   words 1 ...     biases of layer 2, channel by channel, then of layers 3 and 4
//   behind them     identity of the network: what tells it from others
//
// Word 0 and the identity stay here.  The others pass by on bias_o, bias_valid_o[l] names the layer that keeps it.
// So nothing of a network is logic: another one is other contents of the memory.
// Latency    Words + 5 cycles from reset to loaded_o
// Golden     model/dcgan/hw/rom_words.py: parameter_words()     Test  tb/dcgan_parameters
module dcgan_parameters #(
  parameter      File       = "",
  localparam int Width      = dcgan_shape_pkg::ParameterWidth,
  localparam int ShiftWidth = dcgan_shape_pkg::ShiftWidth
) (
  input logic clk_i,
  input logic rst_ni,

  output logic                             loaded_o,      // everything is in its place
  output logic                             binary_o,
  output logic [      4:1][ShiftWidth-1:0] shift_o,
  output logic [      4:2]                 bias_valid_o,
  output logic [Width-1:0]                 bias_o,
  output logic [Width-1:0]                 identity_o,    // 0 until it was read

  input  logic                          load_valid_i,  // see mem_table
  input  logic [mem_pkg::LoadWidth-1:0] load_i,
  output logic                          odd_o
);

  localparam int First3 = 1 + dcgan_shape_pkg::channels(2);  // first word of layer 3
  localparam int First4 = First3 + dcgan_shape_pkg::channels(3);
  localparam int Last = First4 + dcgan_shape_pkg::channels(4);  // the identity
  localparam int Words = Last + 1;
  localparam int Depth = dcgan_shape_pkg::ParameterDepth;
  localparam int AddrWidth = $clog2(Depth);
  localparam int ReadLatency = mem_pkg::TableLatency;

  logic reading_q;
  logic [AddrWidth-1:0] addr_q;
  // Which word leaves the memory: bit 0 is word 0, bit l a bias of layer l, bit 1 the identity.
  logic [4:0] kind;
  logic [ReadLatency-1:0][4:0] kind_q;
  logic [ReadLatency:0] reading_last_q;
  logic [Width-1:0] word;

  assign kind[0] = reading_q && (addr_q == '0);
  assign kind[1] = reading_q && (addr_q == AddrWidth'(Last));
  assign kind[2] = reading_q && (addr_q != '0) && (addr_q < AddrWidth'(First3));
  assign kind[3] = reading_q && (addr_q >= AddrWidth'(First3)) && (addr_q < AddrWidth'(First4));
  assign kind[4] = reading_q && (addr_q >= AddrWidth'(First4)) && (addr_q != AddrWidth'(Last));

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      reading_q      <= 1'b1;
      addr_q         <= '0;
      kind_q         <= '0;
      reading_last_q <= '0;
      bias_valid_o   <= '0;
      loaded_o       <= 1'b0;
    end else begin
      if (reading_q) addr_q <= addr_q + 1'b1;
      if (addr_q == AddrWidth'(Words - 1)) reading_q <= 1'b0;
      kind_q         <= {kind_q[ReadLatency-2:0], kind};
      reading_last_q <= {reading_last_q[ReadLatency-1:0], !reading_q};
      bias_valid_o   <= kind_q[ReadLatency-1][4:2];
      loaded_o       <= reading_last_q[ReadLatency];
    end
  end

  mem_table #(
    .Width(Width),
    .Depth(Depth),
    .File (File)
  ) u_words (
    .clk_i,
    .en_i  (1'b1),
    .addr_i(addr_q),
    .data_o(word),
    .load_valid_i,
    .load_i,
    .odd_o
  );

  always_ff @(posedge clk_i) begin
    bias_o <= word;
    if (!rst_ni) identity_o <= '0;
    else if (kind_q[ReadLatency-1][1]) identity_o <= word;
    if (kind_q[ReadLatency-1][0]) {binary_o, shift_o} <= word[4*ShiftWidth:0];
  end

`ifndef SYNTHESIS
  initial begin
    if (Words > Depth) $fatal(1, "%m: %0d words in a memory of %0d", Words, Depth);
  end
`endif

endmodule : dcgan_parameters
