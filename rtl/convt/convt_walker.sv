// SPDX-License-Identifier: Apache-2.0
//
// convt_walker -- name, in order, every pixel list that every output window has to read.
//
// Output block (i, j) = rows {2i+1, 2i+2} x columns {2j+1, 2j+2} reads pixels {i, i+1} x {j, j+1} and
// nothing else; i, j run from -1.  Where the block or the window leaves the map, the walk is shorter:
//
//   for row  = i + 1     in 0 .. Side                     waits until map row min(row, Side-1) is whole
//     for pyf            output row 2i+1+pyf              only the kept ones   (PhaseRows = 1)
//       for column = j+1 in 0 .. Side
//         for pxf        output column 2j+1+pxf           only the kept ones   (PhaseCols = 1)
//           for cf       Couts output channels at a time
//             ---- one pass: the accumulators start at the bias and end as results ----
//             for dy     pixel row i + dy                 only those inside
//               for dx   pixel column j + dx              only those inside
//
// Windows = 2: a pass is one pixel column (dx falls away) that ends window `column-1` and begins window
// `column`; pass `Side` has no pixels (count 0) and just ends the last window of the row.
//
// Where a list lies is sent to the map (count_slot_o, count_col_o), its length comes CountLatency cycles
// later, and the lists wait in a FIFO: the walk is far ahead of convt_reader, which takes a list's length.
// A window row is counted and judged before its walk: three cycles between rows.
//
// Output     one beat a pixel list: where it is, how long, which weights, where in the pass
// Throughput 1 list per cycle within a window row
// Golden     tb/convt_walker/test_convt_walker.py: Shape.lists() -- the loops above
// Test       tb/convt_walker
module convt_walker #(
  parameter  int Channels   = 8,
  parameter  int Side       = 4,
  parameter  int PhaseRows  = 2,
  parameter  int PhaseCols  = 2,
  parameter  int CoutFolds  = 1,
  parameter  int Windows    = 1,
  parameter  int RingRows   = convt_pkg::RingRows,
  localparam int RowFolds   = 2 / PhaseRows,
  localparam int ColFolds   = 2 / PhaseCols,
  localparam int WindowCols = (Windows == 2) ? 1 : 2,
  localparam int Groups     = RowFolds * ColFolds * CoutFolds * 2 * WindowCols,
  localparam int PosWidth   = $clog2(2 * Side + 1),
  localparam int ColWidth   = $clog2(Side),
  localparam int CountWidth = $clog2(Channels + 1),
  localparam int SlotWidth  = $clog2(RingRows),
  localparam int AbsWidth   = SlotWidth + 1,
  localparam int GroupWidth = $clog2(Groups),
  localparam int FoldWidth  = (CoutFolds > 1) ? $clog2(CoutFolds) : 1
) (
  input logic clk_i,
  input logic rst_ni,

  input  logic [  AbsWidth-1:0] completed_i,
  output logic [ SlotWidth-1:0] count_slot_o,
  output logic [  ColWidth-1:0] count_col_o,
  input  logic [CountWidth-1:0] count_i,

  output logic                  list_valid_o,
  input  logic                  list_ready_i,
  output logic [ SlotWidth-1:0] list_slot_o,
  output logic [  ColWidth-1:0] list_col_o,
  output logic [CountWidth-1:0] list_count_o,
  output logic [GroupWidth-1:0] list_group_o,    // weight address / Channels
  output logic                  list_first_o,    // of the pass
  output logic                  list_last_o,     // of the pass
  output logic                  list_column0_o,
  output logic                  list_release_o,  // last reader of the oldest map row
  output logic [  PosWidth-1:0] list_row_o,      // output row + 1 of the pass's top left result
  output logic [  PosWidth-1:0] list_out_col_o,
  output logic [ FoldWidth-1:0] list_fold_o
);

  localparam int EdgeWidth = $clog2(Side + 1);
  localparam logic [EdgeWidth-1:0] Edge = EdgeWidth'(Side);
  localparam int LastFold = CoutFolds - 1;
  localparam int CountLatency = 2;  // of convt_map
  localparam int FifoDepth = 16;  // as deep as look-up table memory is anyway

  // ---- position, and where in the map it is ----------------------------------------------------
  // slot_q: pixel row above the window, modulo the ring; needed_q: map row that the window waits for.
  logic [SlotWidth-1:0] slot_q;
  logic [ AbsWidth-1:0] needed_q;
  logic [EdgeWidth-1:0] row_q, column_q;
  logic row_fold_q, col_fold_q, dy_q, dx_q;
  logic [FoldWidth-1:0] fold_q;
  // Compared while they are counted, so that the ends below are a few bits.
  logic row_zero_q, row_edge_q, column_zero_q, column_edge_q, fold_last_q;

  // ---- what the borders leave of each loop: from first to last ---------------------------------
  logic row_fold_last, col_fold_last, dy_last, dx_last, flush;

  assign row_fold_last = (RowFolds == 2) && !row_edge_q;
  assign col_fold_last = (ColFolds == 2) && !column_edge_q;
  assign dy_last       = !row_edge_q;
  assign dx_last       = (Windows == 1) && !column_edge_q;
  assign flush         = (Windows == 2) && column_edge_q;

  // ---- ends, innermost loop first --------------------------------------------------------------
  logic dx_end, dy_end, fold_end, col_fold_end, column_end, row_fold_end;

  assign dx_end       = dx_q == dx_last;
  assign dy_end       = dx_end && ((dy_q == dy_last) || flush);
  assign fold_end     = dy_end && fold_last_q;
  assign col_fold_end = fold_end && (col_fold_q == col_fold_last);
  assign column_end   = col_fold_end && column_edge_q;
  assign row_fold_end = column_end && (row_fold_q == row_fold_last);

  // ---- next position: the loops of row 0 and column 0 begin at 1, before which nothing is kept ---
  logic row_zero_next, column_zero_next;
  logic [FoldWidth-1:0] fold_next;

  assign row_zero_next    = row_fold_end ? row_edge_q : row_zero_q;
  assign column_zero_next = col_fold_end ? column_edge_q : column_zero_q;
  assign fold_next        = fold_last_q ? '0 : fold_q + 1'b1;

  // ---- a window row waits for its lower map row, a list for room in the FIFO --------------------
  logic [AbsWidth-1:0] ahead;
  logic [$clog2(FifoDepth):0] reserved_q;  // in the FIFO or on the way into it
  logic whole_q, step, row_step_q, taken_q;

  assign ahead = completed_i - needed_q;
  assign step  = whole_q && !reserved_q[$clog2(FifoDepth)] && !row_step_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      whole_q    <= 1'b0;
      row_step_q <= 1'b0;
      taken_q    <= 1'b0;
      reserved_q <= '0;
    end else begin
      // The row is counted one cycle late, and judged in the cycle behind.
      row_step_q <= step && row_fold_end;
      whole_q <= (ahead != '0) && (ahead <= AbsWidth'(RingRows)) && !row_step_q;
      taken_q <= list_valid_o && list_ready_i;
      reserved_q <= reserved_q + ($clog2(FifoDepth) + 1)'(step) - ($clog2(FifoDepth) + 1)'(taken_q);
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      slot_q        <= '1;
      needed_q      <= '0;
      row_q         <= '0;
      row_zero_q    <= 1'b1;
      row_edge_q    <= 1'b0;
      row_fold_q    <= RowFolds == 2;
      column_q      <= '0;
      column_zero_q <= 1'b1;
      column_edge_q <= 1'b0;
      col_fold_q    <= ColFolds == 2;
      fold_q        <= '0;
      fold_last_q   <= CoutFolds == 1;
      dy_q          <= 1'b1;
      dx_q          <= Windows == 1;
    end else if (step) begin
      dx_q <= dx_end ? (Windows == 1) && column_zero_next : 1'b1;
      if (dx_end) dy_q <= dy_end ? row_zero_next : 1'b1;
      if (dy_end) begin
        fold_q      <= fold_next;
        fold_last_q <= fold_next == FoldWidth'(LastFold);
      end
      if (fold_end) col_fold_q <= col_fold_end ? (ColFolds == 2) && column_zero_next : 1'b1;
      if (col_fold_end) begin
        column_q      <= column_edge_q ? '0 : column_q + 1'b1;
        column_zero_q <= column_edge_q;
        column_edge_q <= column_q == Edge - 1'b1;
      end
      if (column_end) row_fold_q <= row_fold_end ? (RowFolds == 2) && row_zero_next : 1'b1;
    end else if (row_step_q) begin
      row_q      <= row_edge_q ? '0 : row_q + 1'b1;
      row_zero_q <= row_edge_q;
      row_edge_q <= row_q == Edge - 1'b1;
      // The first window row of a plane lies beside the last one of the plane before.
      if (!row_edge_q) slot_q <= slot_q + 1'b1;
      if (row_q != Edge - 1'b1) needed_q <= needed_q + 1'b1;
    end
  end

  // ---- the list itself, but for its length ------------------------------------------------------
  localparam int WalkWidth = SlotWidth + ColWidth + GroupWidth + 5 + 2 * PosWidth + FoldWidth;

  logic [ColWidth-1:0] pixel_col;
  logic [GroupWidth-1:0] group;
  logic first;
  logic [PosWidth-1:0] row, out_col;
  logic [WalkWidth-1:0] walk;

  assign pixel_col    = ColWidth'(column_q) + ColWidth'(dx_q) - ColWidth'(Windows == 1);
  assign count_slot_o = slot_q + SlotWidth'(dy_q);
  assign count_col_o  = pixel_col;
  assign first        = (dy_q == row_zero_q) && (dx_q == ((Windows == 1) && column_zero_q));
  assign row          = {row_q, 1'b0} + PosWidth'((RowFolds == 2) && row_fold_q);
  assign out_col      = {column_q, 1'b0} + PosWidth'((ColFolds == 2) && col_fold_q);

  // Mixed radix number of the weights' group: {pyf, pxf, cf, dy, dx}, absent digits left out.
  always_comb begin
    group = '0;
    if (RowFolds == 2) group = GroupWidth'(row_fold_q);
    if (ColFolds == 2) group = GroupWidth'({group, col_fold_q});
    group = GroupWidth'(32'(group) * CoutFolds + 32'(fold_q));
    group = GroupWidth'({group, dy_q});
    if (WindowCols == 2) group = GroupWidth'({group, dx_q});
  end

  assign walk = {
    count_slot_o,
    pixel_col,
    group,
    first,
    dy_end,  // the last of its pass
    column_zero_q,
    row_fold_end && !row_zero_q,  // the last reader of the oldest map row
    flush,
    row,
    out_col,
    fold_q
  };

  // ---- its length comes, then it waits ----------------------------------------------------------
  logic [CountLatency-1:0] valid_q;
  logic [WalkWidth-1:0] walk_q[CountLatency];
  logic fifo_ready, list_flush;
  logic [CountWidth-1:0] list_count;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) valid_q <= '0;
    else valid_q <= {valid_q[CountLatency-2:0], step};
    walk_q[0] <= walk;
    for (int i = 1; i < CountLatency; i++) walk_q[i] <= walk_q[i-1];
  end

  stream_fifo #(
    .Width(WalkWidth + CountWidth),
    .Depth(FifoDepth),
    .Reserved(1'b1)
  ) u_fifo (
    .clk_i,
    .rst_ni,
    .in_valid_i(valid_q[CountLatency-1]),
    .in_ready_o(fifo_ready),
    .in_data_i({walk_q[CountLatency-1], count_i}),
    .out_valid_o(list_valid_o),
    .out_ready_i(list_ready_i),
    .out_data_o({
      list_slot_o,
      list_col_o,
      list_group_o,
      list_first_o,
      list_last_o,
      list_column0_o,
      list_release_o,
      list_flush,
      list_row_o,
      list_out_col_o,
      list_fold_o,
      list_count
    })
  );

  assign list_count_o = list_flush ? '0 : list_count;

  // Room was reserved: the FIFO is never full when a list comes.
  logic unused_ready;
  assign unused_ready = fifo_ready;

`ifndef SYNTHESIS
  initial begin
    if (Windows == 2 && (ColFolds != 1 || CoutFolds != 1))
      $fatal(
          1,
          "%m: Windows=2 needs both column phases and all channels at once (folds %0d, %0d)",
          ColFolds,
          CoutFolds
      );
  end
`endif

endmodule : convt_walker
