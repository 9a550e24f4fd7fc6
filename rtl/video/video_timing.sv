// SPDX-License-Identifier: Apache-2.0
//
// video_timing -- where the beam is: 640 x 480 at 60 Hz (25.175 MHz; 25 MHz gives 59.5 Hz).
//
//   column  0 ......... 639 | 640 front 16 | 656 sync 96 (low) | 752 back 48 | 800
//   line    0 ......... 479 | 480 front 10 | 490 sync 2  (low) | 492 back 33 | 525
//
// Latency  0: all outputs belong to the same pixel clock     Throughput  1 pixel per cycle
// Golden   tb/video_timing/test_video_timing.py: expected_timing()     Test  tb/video_timing
module video_timing #(
  parameter  int ActiveColumns = 640,
  parameter  int ActiveLines   = 480,
  localparam int XWidth        = 10,
  localparam int YWidth        = 10
) (
  input logic clk_i,
  input logic rst_ni,

  output logic [XWidth-1:0] x_o,
  output logic [YWidth-1:0] y_o,
  output logic              active_o,
  output logic              hsync_o,
  output logic              vsync_o
);

  localparam int HsyncStart = ActiveColumns + 16;
  localparam int HsyncEnd = HsyncStart + 96;
  localparam int Columns = HsyncEnd + 48;
  localparam int VsyncStart = ActiveLines + 10;
  localparam int VsyncEnd = VsyncStart + 2;
  localparam int Lines = VsyncEnd + 33;

  logic [XWidth-1:0] x_q;
  logic [YWidth-1:0] y_q;
  logic last_column, last_line;

  assign last_column = x_q == XWidth'(Columns - 1);
  assign last_line   = y_q == YWidth'(Lines - 1);
  assign x_o         = x_q;
  assign y_o         = y_q;
  assign active_o    = x_q < XWidth'(ActiveColumns) && y_q < YWidth'(ActiveLines);
  assign hsync_o     = !(x_q >= XWidth'(HsyncStart) && x_q < XWidth'(HsyncEnd));
  assign vsync_o     = !(y_q >= YWidth'(VsyncStart) && y_q < YWidth'(VsyncEnd));

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      x_q <= '0;
      y_q <= '0;
    end else begin
      x_q <= last_column ? '0 : x_q + 1'b1;
      if (last_column) y_q <= last_line ? '0 : y_q + 1'b1;
    end
  end

endmodule : video_timing
