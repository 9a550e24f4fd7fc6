// SPDX-License-Identifier: Apache-2.0
//
// board_parity -- is every memory of the network still what it was?  Read while the Generator rests.
//
//   parity of all bits of all memories = 0          a bit of the parameters makes it so (dcgan_parameters)
//
//   Rest --Cycles--> Ask <--> Step --all words--> Wait --> Judge --> Rest        any odd number of flipped bits
//    ^ busy_i, or no network                                 '-- spoilt_o        is told, one always is
//
// A check is a word on the bus of the loader, which passes through here (mem_table).  A latent that comes ends
// the walk: it takes LatentSize cycles before a table is read for it.
// Latency     2 cycles a word of every memory, of any width     Throughput  a walk every Cycles + that
// Golden      tb/board_parity/test_board_parity.py: expected_reads()     Test  tb/board_parity
module board_parity #(
  parameter int Cycles = 4096  // of rest before a walk: the parameters are read after a reset
) (
  input logic clk_i,
  input logic rst_ni,

  input logic run_i,  // a network is whole
  input logic busy_i, // it draws

  input logic [dcgan_shape_pkg::NumMemories-1:0] load_valid_i,  // of the loader
  input logic [          mem_pkg::LoadWidth-1:0] load_i,

  output logic [dcgan_shape_pkg::NumMemories-1:0] load_valid_o,  // one cycle later, or a check
  output logic [          mem_pkg::LoadWidth-1:0] load_o,
  input  logic [dcgan_shape_pkg::NumMemories-1:0] odd_i,

  output logic spoilt_o  // for one cycle: a walk came to an odd number
);

  localparam int NumMemories = dcgan_shape_pkg::NumMemories;
  localparam int MemoryWidth = $clog2(NumMemories);
  localparam int AddrWidth = mem_pkg::LoadAddrWidth;
  localparam int Latency = mem_pkg::CheckLatency;
  localparam int RestWidth = $clog2(Cycles);
  localparam int WaitCycles = Latency + 3;  // asked, given back, added

  typedef enum logic [2:0] {
    Rest,
    Ask,
    Step,
    Wait,
    Judge
  } state_e;

  state_e state_q;
  logic [RestWidth-1:0] count_q;
  logic [MemoryWidth-1:0] memory_q;
  logic [AddrWidth-1:0] addr_q, last_addr_q;
  logic idle_q, word_last_q, memory_last_q, rested_q, waited_q;

  // Where the walk stands is judged a cycle before it goes on.
  always_ff @(posedge clk_i) begin
    idle_q        <= rst_ni && run_i && !busy_i;
    last_addr_q   <= AddrWidth'(dcgan_shape_pkg::memory_words(32'(memory_q)) - 1);
    word_last_q   <= addr_q == last_addr_q;
    memory_last_q <= memory_q == MemoryWidth'(NumMemories - 1);
    rested_q      <= state_q == Rest && count_q == RestWidth'(Cycles - 2);
    waited_q      <= state_q == Wait && count_q == RestWidth'(WaitCycles - 2);
  end

  always_ff @(posedge clk_i) begin
    if (!idle_q) begin
      state_q <= Rest;
      count_q <= '0;
    end else begin
      count_q <= (state_q == Rest || state_q == Wait) ? count_q + 1'b1 : '0;
      case (state_q)
        Rest:    if (rested_q) state_q <= Ask;
        Ask:     state_q <= Step;
        Step:    state_q <= (word_last_q && memory_last_q) ? Wait : Ask;
        Wait:    if (waited_q) state_q <= Judge;
        default: state_q <= Rest;
      endcase
    end
  end

  always_ff @(posedge clk_i) begin
    if (state_q == Rest) begin
      memory_q <= '0;
      addr_q   <= '0;
    end else if (state_q == Step) begin
      addr_q <= word_last_q ? '0 : addr_q + 1'b1;
      if (word_last_q) memory_q <= memory_q + 1'b1;
    end
  end

  // ---- the bus -----------------------------------------------------------------------------------
  logic ask;

  assign ask = state_q == Ask;  // outside of a port: there Icarus 11 spoils the name

  initial load_valid_o = '0;  // what the bitstream brought stays

  always_ff @(posedge clk_i) begin
    for (int m = 0; m < NumMemories; m++) begin
      load_valid_o[m] <= load_valid_i[m] || (ask && memory_q == MemoryWidth'(m));
    end
    load_o <= ask ? {mem_pkg::CheckSlice, addr_q, mem_pkg::SliceBits'(0)} : load_i;
  end

  // ---- parity ------------------------------------------------------------------------------------
  logic [Latency-1:0][NumMemories-1:0] asked_q;
  logic odd_q, parity_q;

  always_ff @(posedge clk_i) begin
    asked_q  <= {asked_q[Latency-2:0], load_valid_o};
    odd_q    <= |(odd_i & asked_q[Latency-1]);
    parity_q <= (state_q == Rest) ? 1'b0 : parity_q ^ odd_q;
    spoilt_o <= rst_ni && state_q == Judge && parity_q;
  end

endmodule : board_parity
