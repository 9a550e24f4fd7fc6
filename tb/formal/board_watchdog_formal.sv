// SPDX-License-Identifier: Apache-2.0
//
// board_watchdog_formal -- whoever moves or rests is left alone, whoever stands still is not.
//
// Eight cycles are the limit here. idle_q counts cycles in a row in which there was work and nothing moved, up to
// more than enough; none counts while a restart is under way. A reset lasts two cycles at least: one alone would leave
// what was decided in the cycle before it.
//
// Sources  rtl/board/board_watchdog.sv
// Proof    bounded 70
// Reach    70
`include "formal.svh"

module board_watchdog_formal (
  input logic clk_i,
  input logic rst_ni,
  input logic busy_i,
  input logic progress_i
);

  localparam int Cycles = 8;
  localparam int Most = 12;
  localparam int ResetCycles = 16;

  logic restart_o;
  logic [15:0] restarts_o;

  `FORMAL_RESET(clk_i, rst_ni)

  board_watchdog #(.Cycles(Cycles)) dut (.*);

  logic stuck, restart_q, ran2_q;
  logic [3:0] idle_q, idle1_q, idle2_q;
  logic [4:0] long_q;
  logic [15:0] restarts_q;

  assign stuck = busy_i && !progress_i && !restart_o;

  always_ff @(posedge clk_i) begin
    idle_q     <= (!rst_ni || !stuck) ? 4'd0 : (idle_q == 4'(Most)) ? idle_q : idle_q + 4'd1;
    idle1_q    <= !rst_ni ? 4'd0 : idle_q;
    idle2_q    <= !rst_ni ? 4'd0 : idle1_q;
    long_q     <= (!rst_ni || !restart_o) ? 5'd0 : long_q + 5'd1;
    ran2_q     <= past_q && ran_q;
    restart_q  <= restart_o;
    restarts_q <= restarts_o;
  end

  always_comb begin
    // bug: && count_q == CountWidth'(Cycles - 1); ==> && count_q == CountWidth'(Cycles - 2);
    `PROVE(OnlyWhoStandsStill, past_q && ran2_q && restart_o && !restart_q, idle2_q >= 4'(Cycles))
    // bug: waits_q   <= rst_ni && busy_i && !progress_i && !restart_o; ==> waits_q   <= rst_ni && busy_i && !progress_i && !restart_o && !restarts_o[0];
    `PROVE(WhoStandsStillIsRestarted, past_q && ran_q && idle2_q == 4'(Cycles), restart_o)
    // bug: restarts_o <= restarts_o + 1'b1; ==> restarts_o <= restarts_o + 16'd2;
    `PROVE(EveryRestartIsCounted, past_q && ran_q, restarts_o == restarts_q + 16'(restart_o && !restart_q))
    // bug: ResetWidth'(ResetCycles - 1)) restart_o <= 1'b0; ==> ResetWidth'(ResetCycles - 2)) restart_o <= 1'b0;
    `PROVE(LongEnough, past_q && ran_q && restart_q && !restart_o, long_q == 5'(ResetCycles))
    // bug: left_q <= restart_o ? left_q + 1'b1 : '0; ==> left_q <= '0;
    `PROVE(NotForEver, past_q && restart_o, long_q < 5'(ResetCycles))
  end

endmodule : board_watchdog_formal
