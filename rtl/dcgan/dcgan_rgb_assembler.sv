// SPDX-License-Identifier: Apache-2.0
//
// dcgan_rgb_assembler -- planes R, G, B one after another become colour pixels.
//
//   R and G are stored; each pixel of B leaves as {R, B, G}, the component order of AXI4-Stream Video
//
// Format     in: user = plane (0 R, 1 G, 2 B); out: user = first pixel of the frame, last = end of line
// Latency    3 cycles from a B pixel to its colour pixel       Throughput 1 pixel per cycle
// Golden     tb/dcgan_rgb_assembler/test_dcgan_rgb_assembler.py: video()
// Test       tb/dcgan_rgb_assembler
module dcgan_rgb_assembler #(
  parameter int Side       = 32,
  parameter int PixelWidth = 8
) (
  input logic clk_i,
  input logic rst_ni,

  input  logic                  in_valid_i,
  output logic                  in_ready_o,
  input  logic [PixelWidth-1:0] in_data_i,
  input  logic [           1:0] in_user_i,

  output logic                    out_valid_o,
  input  logic                    out_ready_i,
  output logic [3*PixelWidth-1:0] out_data_o,
  output logic                    out_user_o,
  output logic                    out_last_o
);

  localparam int Pixels = Side * Side;
  localparam int IndexWidth = $clog2(Pixels);
  localparam int LastPixel = Pixels - 1;
  localparam int LastCol = Side - 1;
  localparam int ReadLatency = 2;

  logic [IndexWidth-1:0] index_q;
  logic advance, accept, third_plane;
  logic [1:0][PixelWidth-1:0] stored;

  assign third_plane = in_user_i == 2'd2;
  assign in_ready_o  = advance;
  assign accept      = in_valid_i && in_ready_o;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) index_q <= '0;
    else if (accept) index_q <= (index_q == IndexWidth'(LastPixel)) ? '0 : index_q + 1'b1;
  end

  for (genvar p = 0; p < 2; p++) begin : gen_plane
    mem_ram #(
      .Width(PixelWidth),
      .Depth(Pixels)
    ) u_plane (
      .clk_i,
      .write_en_i  (accept && (in_user_i == 2'(p))),
      .write_addr_i(index_q),
      .write_data_i(in_data_i),
      .read_en_i   (advance),
      .read_addr_i (index_q),
      .read_data_o (stored[p])
    );
  end

  logic [ReadLatency-1:0] valid_q, first_q, last_q;
  logic [ReadLatency-1:0][PixelWidth-1:0] blue_q;
  logic pipe_ready;

  assign advance = pipe_ready || !valid_q[ReadLatency-1];

  always_ff @(posedge clk_i) begin
    if (!rst_ni) valid_q <= '0;
    else if (advance) valid_q <= {valid_q[0], accept && third_plane};
    if (advance) begin
      first_q <= {first_q[0], index_q == '0};
      last_q  <= {last_q[0], (index_q % IndexWidth'(Side)) == IndexWidth'(LastCol)};
      blue_q  <= {blue_q[0], in_data_i};
    end
  end

  stream_skid #(
    .Width(3 * PixelWidth + 2)
  ) u_out (
    .clk_i,
    .rst_ni,
    .in_valid_i(valid_q[ReadLatency-1]),
    .in_ready_o(pipe_ready),
    .in_data_i({
      first_q[ReadLatency-1], last_q[ReadLatency-1], stored[0], blue_q[ReadLatency-1], stored[1]
    }),
    .out_valid_o,
    .out_ready_i,
    .out_data_o({out_user_o, out_last_o, out_data_o})
  );

endmodule : dcgan_rgb_assembler
