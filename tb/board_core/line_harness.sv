// SPDX-License-Identifier: Apache-2.0
//
// line_harness -- a whole board behind its serial line, for a host program: no Python in any cycle.
//
//   standard input    N, then N bytes in hexadecimal: they are sent one behind the other
//   standard output   `heard C HEX`: the bytes that came back until the line rested, in cycle C
//
// The answer ends when something came and the line rested for Rest cycles, or when nothing came for Silence
// cycles.  The line runs at eight cycles a bit, the fastest that uart_rx takes.
// Test  tb/board_core/test_board_line.py
module line_harness #(
  parameter RomDir = "rtl/rom"
) ();

  localparam int ClockHz = 80_000_000;
  localparam int Baud = 10_000_000;
  localparam int Rest = 2_000;
  localparam int Silence = 600_000;
  localparam int Capacity = 65_536;
  localparam int ResetCycles = 8;
  localparam int Stdin = 32'h8000_0000;

  logic clk = 1'b0;
  logic rst_n = 1'b0;
  logic to_board, from_board, tx_ready, rx_valid, rx_error;
  logic [7:0] rx_data, led;
  logic [2:0][9:0] symbols;
  logic [7:0] waiting[Capacity];
  int count = 0, sent = 0, heard = 0, idle = 0, cycle = 0;

  always #5 clk = !clk;

  initial begin : plan
    int i;
    repeat (ResetCycles) @(posedge clk);
    rst_n = 1'b1;
    while ($fscanf(Stdin, "%d", i) == 1) begin
      if (i > Capacity) $fatal(1, "%0d bytes at once, at most %0d fit", i, Capacity);
      for (int k = 0; k < i; k++) begin
        if ($fscanf(Stdin, "%h", waiting[k]) != 1) $fatal(1, "a byte is missing");
      end
      $write("heard ");
      heard = 0;
      sent  = 0;
      idle  = 0;
      count = i;
      wait (sent == count && ((heard != 0 && idle > Rest) || idle > Silence));
      $display(" %0d", cycle);
      $fflush;
    end
    $finish;
  end

  uart_tx #(
    .ClockHz(ClockHz),
    .Baud   (Baud)
  ) u_to_board (
    .clk_i     (clk),
    .rst_ni    (rst_n),
    .in_valid_i(sent < count),
    .in_ready_o(tx_ready),
    .in_data_i (waiting[16'(sent)]),
    .tx_o      (to_board)
  );

  uart_rx #(
    .ClockHz(ClockHz),
    .Baud   (Baud)
  ) u_from_board (
    .clk_i      (clk),
    .rst_ni     (rst_n),
    .rx_i       (from_board),
    .out_valid_o(rx_valid),
    .out_data_o (rx_data),
    .error_o    (rx_error)
  );

  always @(posedge clk) begin
    cycle <= cycle + 1;
    if (sent < count && tx_ready) sent <= sent + 1;
    if (rx_valid) begin
      heard <= heard + 1;
      $write("%02h", rx_data);
    end
    if (rx_error) $fatal(1, "the board sent a byte without a stop bit");
    idle <= (rx_valid || sent < count || !tx_ready) ? 0 : idle + 1;
  end

  board_core #(
    .ClockHz  (ClockHz),
    .Baud     (Baud),
    .WallScale(0),
    .RomDir   (RomDir)
  ) dut (
    .clk_i       (clk),
    .rst_ni      (rst_n),
    .uart_rx_i   (to_board),
    .uart_tx_o   (from_board),
    .button_i    (1'b0),
    .led_o       (led),
    .video_clk_i (1'b0),
    .video_rst_ni(1'b0),
    .symbols_o   (symbols)
  );

  logic unused;
  assign unused = ^{led, symbols};

endmodule : line_harness
