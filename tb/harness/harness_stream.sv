// SPDX-License-Identifier: Apache-2.0
//
// harness_stream -- one register of a stream, right or with a fault that a StreamSink must find.
//
//   Fault  0 none   1 valid is high only where ready is   2 valid rises after ready was seen
//          3 valid falls while stalled                    4 the payload changes while stalled

`default_nettype none

module harness_stream #(
  parameter int Fault = 0
) (
  input logic clk_i,
  input logic rst_ni,

  input  logic       in_valid_i,
  output logic       in_ready_o,
  input  logic [7:0] in_data_i,

  output logic       out_valid_o,
  input  logic       out_ready_i,
  output logic [7:0] out_data_o
);
  logic full_q, asked_q, blink_q;

  // Ready does not look through, so that no fault hides another.
  assign in_ready_o = !full_q;

  always_comb begin
    out_valid_o = full_q;
    if (Fault == 1) out_valid_o = full_q && out_ready_i;
    if (Fault == 2) out_valid_o = full_q && asked_q;
    if (Fault == 3) out_valid_o = full_q && blink_q;
  end

  always_ff @(posedge clk_i) begin
    blink_q <= !blink_q;
    if (in_valid_i && in_ready_o) out_data_o <= in_data_i;
    else if (Fault == 4) out_data_o <= out_data_o + 1;
    if (in_valid_i && in_ready_o) full_q <= 1'b1;
    else if (out_valid_o && out_ready_i) full_q <= 1'b0;
    if (out_ready_i) asked_q <= full_q;
    if (out_valid_o && out_ready_i) asked_q <= 1'b0;
    if (!rst_ni) begin
      full_q  <= 1'b0;
      asked_q <= 1'b0;
      blink_q <= 1'b0;
    end
  end
endmodule

`default_nettype wire
