// SPDX-License-Identifier: Apache-2.0
//
// dcgan_rgb_pass_ctrl -- one latent becomes the inputs of the R, G and B passes.
//
//   R: x        G: x + v1        B: x + v2             one bit wider than z, never saturated
//   x = z, or for networks that take binary latents (Binary = 1) +One where z >= 0, else -One
//
// Planes = 1 sends z alone: then dcgan_plane_share adds the fixed vectors behind the first layer.
// Throughput 1 element per cycle: Planes x Length cycles a latent
// Source     paper, sections 1 and 4.1
// Golden     tb/dcgan_rgb_pass_ctrl/test_dcgan_rgb_pass_ctrl.py: expected_passes()
// Test       tb/dcgan_rgb_pass_ctrl
module dcgan_rgb_pass_ctrl #(
  parameter  int Length    = 100,
  parameter  int Width     = 8,
  parameter  int Planes    = 3,
  parameter  int Binary    = 0,
  parameter  int One       = 32,
  parameter      VFile     = "",
  localparam int AddrWidth = $clog2(Length)
) (
  input logic clk_i,
  input logic rst_ni,

  input  logic                        packet_valid_i,
  output logic                        packet_done_o,
  output logic        [AddrWidth-1:0] element_addr_o,
  input  logic signed [    Width-1:0] element_i,

  output logic                  out_valid_o,
  input  logic                  out_ready_i,
  output logic signed [Width:0] out_data_o,
  output logic                  out_last_o
);

  localparam int LastElement = Length - 1;
  localparam int LastPlane = Planes - 1;

  logic [1:0] plane_q;
  logic [AddrWidth-1:0] index_q;
  logic signed [Width-1:0] x;
  logic signed [Width:0] shift;
  logic step, vector_end;

  assign step       = out_valid_o && out_ready_i;
  assign vector_end = index_q == AddrWidth'(LastElement);

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      plane_q <= 2'd0;
      index_q <= '0;
    end else if (step) begin
      index_q <= vector_end ? '0 : index_q + 1'b1;
      if (vector_end) plane_q <= (plane_q == 2'(LastPlane)) ? 2'd0 : plane_q + 1'b1;
    end
  end

  if (Planes == 1) begin : gen_plain_z
    assign shift = '0;
  end else begin : gen_fixed_vectors
    // v1 then v2, each in a block of its own; plane R adds nothing.
    logic [Width-1:0] vectors[2**(AddrWidth+1)];
    logic signed [Width-1:0] v;
    initial $readmemh(VFile, vectors);
    assign v     = vectors[{plane_q[1], index_q}];
    assign shift = (plane_q == 2'd0) ? '0 : (Width + 1)'(v);
  end

  if (Binary != 0) begin : gen_signs
    assign x = element_i[Width-1] ? Width'(-One) : Width'(One);
  end else begin : gen_values
    assign x = element_i;
  end

  assign element_addr_o = index_q;
  assign out_valid_o    = packet_valid_i;
  assign out_data_o     = (Width + 1)'(x) + shift;
  assign out_last_o     = vector_end;
  assign packet_done_o  = step && vector_end && (plane_q == 2'(LastPlane));

`ifndef SYNTHESIS
  initial begin
    if (Planes != 1 && Planes != 3) $fatal(1, "%m: Planes=%0d, must be 1 or 3", Planes);
  end
`endif

endmodule : dcgan_rgb_pass_ctrl
