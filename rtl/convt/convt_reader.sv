// SPDX-License-Identifier: Apache-2.0
//
// convt_reader -- walk along each pixel list: Reads stored activations a cycle, one beat for them.
//
//   list of count entries  ->  beats n = 0 .. max(ceil(count / Reads), 1) - 1     an empty list costs one
//   beat n                     entries Reads * n ..., as far as beat_present_o says
//
// The beat that ends a pass leaves only while the drain has room for the pass (credit_i), and spends
// that room; so what follows the reader never has to stall.  A list is taken into registers before it is
// walked, and what the next beat is to be (the final one of its list, of its pass) is known a cycle ahead.
// Throughput 1 beat per cycle, lists without a gap
// Golden     tb/convt_reader/test_convt_reader.py: beats_of()     Test  tb/convt_reader
module convt_reader #(
  parameter  int Channels   = 8,
  parameter  int Reads      = 1,
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
  output logic [     Reads-1:0] beat_present_o,  // none: stands for zero
  output logic                  beat_first_o,
  output logic                  beat_last_o,
  output logic [ InfoWidth-1:0] beat_info_o
);

  logic valid_q, final_q, ends_q, begins_q, release_q, last_q, empty_q;
  logic [IndexWidth-1:0] index_q;
  logic [CountWidth-1:0] left_q;  // beats of the list behind this one
  logic [ InfoWidth-1:0] info_q;
  logic load, short, final_next;

  assign beat_valid_o = valid_q && (!ends_q || credit_i);
  assign list_ready_o = !valid_q || (beat_valid_o && final_q);
  assign load         = list_valid_i && list_ready_o;
  assign short        = list_count_i <= CountWidth'(Reads);
  assign final_next   = left_q == CountWidth'(1);

  always_ff @(posedge clk_i) begin
    if (!rst_ni) valid_q <= 1'b0;
    else if (list_ready_o) valid_q <= list_valid_i;
  end

  always_ff @(posedge clk_i) begin
    if (load) begin
      index_q   <= '0;
      left_q    <= (list_count_i - 1'b1) >> (Reads - 1);  // means nothing where it is short
      final_q   <= short;
      ends_q    <= short && list_last_i;
      begins_q  <= list_first_i;
      last_q    <= list_last_i;
      release_q <= list_release_i;
      empty_q   <= list_count_i == '0;
      info_q    <= list_info_i;
    end else if (beat_valid_o) begin
      index_q  <= index_q + 1'b1;
      left_q   <= left_q - 1'b1;
      final_q  <= final_next;
      ends_q   <= final_next && last_q;
      begins_q <= 1'b0;
    end
  end

  assign beat_index_o      = index_q;
  assign beat_present_o[0] = !empty_q;
  if (Reads == 2) begin : gen_second
    logic odd_q;

    always_ff @(posedge clk_i) if (load) odd_q <= list_count_i[0];
    assign beat_present_o[1] = !empty_q && !(final_q && odd_q);
  end
  assign beat_first_o = begins_q;
  assign beat_last_o  = ends_q;
  assign beat_info_o  = info_q;
  assign release_o    = beat_valid_o && final_q && release_q;

`ifndef SYNTHESIS
  initial begin
    if (Reads != 1 && Reads != 2) $fatal(1, "%m: Reads=%0d, must be 1 or 2", Reads);
  end
`endif

endmodule : convt_reader
