// SPDX-License-Identifier: Apache-2.0
//
// convt_reader -- walk along each pixel list: one stored activation a cycle, one beat for each.
//
//   list of count entries  ->  beats n = 0 .. max(count, 1) - 1       an empty list costs one beat
//
// The beat that ends a pass leaves only while the drain has room for the pass (credit_i), and spends
// that room; so what follows the reader never has to stall.
// Throughput 1 beat per cycle, lists without a gap
// Golden     tb/convt_reader/test_convt_reader.py: beats_of()     Test  tb/convt_reader
module convt_reader #(
  parameter  int Channels   = 8,
  parameter  int InfoWidth  = 8,
  localparam int CountWidth = $clog2(Channels + 1),
  localparam int IndexWidth = (Channels > 1) ? $clog2(Channels) : 1
) (
  input logic clk_i,
  input logic rst_ni,

  input  logic                  list_valid_i,
  output logic                  list_ready_o,
  input  logic [CountWidth-1:0] list_count_i,
  input  logic                  list_first_i,
  input  logic                  list_last_i,
  input  logic                  list_release_i,
  input  logic [ InfoWidth-1:0] list_info_i,

  input  logic credit_i,
  output logic release_o,

  output logic                  beat_valid_o,
  output logic [IndexWidth-1:0] beat_index_o,
  output logic                  beat_empty_o,  // no activation: stands for zero
  output logic                  beat_first_o,
  output logic                  beat_last_o,
  output logic [ InfoWidth-1:0] beat_info_o
);

  // next_q is index_q + 1, kept beside it: a comparison for equality is short, an adder before it is not.
  logic [IndexWidth-1:0] index_q;
  logic [CountWidth-1:0] next_q;
  logic final_entry;

  assign final_entry  = beat_empty_o || (next_q == list_count_i);
  assign beat_last_o  = final_entry && list_last_i;
  assign beat_valid_o = list_valid_i && (!beat_last_o || credit_i);
  assign list_ready_o = final_entry && (!list_last_i || credit_i);

  assign beat_index_o = index_q;
  assign beat_empty_o = list_count_i == '0;
  assign beat_first_o = list_first_i && (index_q == '0);
  assign beat_info_o  = list_info_i;
  assign release_o    = beat_valid_o && final_entry && list_release_i;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      index_q <= '0;
      next_q  <= CountWidth'(1);
    end else if (beat_valid_o) begin
      index_q <= final_entry ? '0 : IndexWidth'(next_q);
      next_q  <= final_entry ? CountWidth'(1) : next_q + 1'b1;
    end
  end

endmodule : convt_reader
