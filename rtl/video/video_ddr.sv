// SPDX-License-Identifier: Apache-2.0
//
// video_ddr -- an output pin that changes on both clock edges.
//
//   pin_o = first_i of the edge before while clk_i is high, then second_i while it is low
//
// With `SYNTHESIS_ECP5` defined this is the output register ODDRX1F of the ECP5; otherwise its
// behavioural twin.
// Latency  1 cycle
// Golden   none (wiring)     Test  tb/video_ddr
module video_ddr (
  input  logic clk_i,
  input  logic first_i,
  input  logic second_i,
  output logic pin_o
);

`ifdef SYNTHESIS_ECP5

  ODDRX1F u_register (
    .SCLK(clk_i),
    .RST (1'b0),
    .D0  (first_i),
    .D1  (second_i),
    .Q   (pin_o)
  );

`else

  logic first_q, second_q;

  always_ff @(posedge clk_i) begin
    first_q  <= first_i;
    second_q <= second_i;
  end

  assign pin_o = clk_i ? first_q : second_q;

`endif

endmodule : video_ddr
