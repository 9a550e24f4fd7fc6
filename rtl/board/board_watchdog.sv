// SPDX-License-Identifier: Apache-2.0
//
// board_watchdog -- a way back from a state that nothing leaves: what is at work and does nothing is reset.
//
//   busy_i and no progress_i for Cycles cycles  ->  restart_o for ResetCycles, restarts_o + 1
//
// A flipped bit may stop the Generator, or whoever feeds it, for good (tb/EVIDENCE.md).  Cycles is longer than any
// network of the presets takes from a latent to its first pixel, and than a byte on the line.
// Latency  Cycles + 1     Golden  tb/board_watchdog/test_board_watchdog.py: Watchdog.step()     Test  tb/board_watchdog
module board_watchdog #(
  parameter  int Cycles      = 5_000_000,
  localparam int ResetCycles = 16
) (
  input logic clk_i,
  input logic rst_ni,

  input logic busy_i,
  input logic progress_i,

  output logic        restart_o,
  output logic [15:0] restarts_o
);

  localparam int CountWidth = $clog2(Cycles);
  localparam int ResetWidth = $clog2(ResetCycles);

  logic [CountWidth-1:0] count_q;
  logic [ResetWidth-1:0] left_q;
  logic waits_q, expired_q;

  // Both inputs come from far away, and a cycle does not matter.
  always_ff @(posedge clk_i) begin
    waits_q   <= rst_ni && busy_i && !progress_i && !restart_o;
    expired_q <= waits_q && count_q == CountWidth'(Cycles - 1);
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      count_q    <= '0;
      left_q     <= '0;
      restart_o  <= 1'b0;
      restarts_o <= '0;
    end else begin
      count_q <= waits_q ? count_q + 1'b1 : '0;
      if (expired_q && !restart_o) begin
        restart_o  <= 1'b1;
        restarts_o <= restarts_o + 1'b1;
      end else if (left_q == ResetWidth'(ResetCycles - 1)) restart_o <= 1'b0;
      left_q <= restart_o ? left_q + 1'b1 : '0;
    end
  end

endmodule : board_watchdog
