// SPDX-License-Identifier: Apache-2.0
//
// convt_map -- a feature map kept as lists of its non-zero activations, written and read by rows.
//
//   pixel (y, x):  count, then (channel, value) (channel, value) ...        zeros are not stored
//
//   ring of RingRows rows         ... | row y | row y+1 | row y+2 | free | ...
//                                       '- released_q             '- completed_o
//
// One write beat carries Beat channels of the pixels a producer finishes together: Phases = ProdRows x
// ProdCols neighbours whose top left corner is (row - 1, col - 1); what lies outside the map is
// dropped.  Each phase has its own bank, so that one beat appends to every list at once.  With two
// channels a beat a list may grow by two entries: entry n lies in memory n mod 2 of its bank, so that
// both find a write port, and two of them can be read at once (Reads = 2).
//
//   Beat = 2     memory 0:  entry 0 | entry 2 | entry 4 ...      read beat n, Reads = 2: entries 2n, 2n + 1
//                memory 1:  entry 1 | entry 3 | ...              read beat n, Reads = 1: entry n
//
// The reader waits for rows (completed_o) and gives them back oldest first (release_i); the writer
// waits while the ring is full.  Rows are counted modulo 2 x RingRows across planes.
//
// Format   value ActWidth unsigned; entry {channel, value}; in_data_i: channel, then phase, phase fastest;
//          SkipZeros = 0 stores zeros as well
// Latency  write 4; count_o 2; entry_o 2 enabled cycles
// Throughput 1 beat per cycle but for three cycles after each row of groups
// Golden   tb/convt_map/test_convt_map.py: list_of()     Test  tb/convt_map
module convt_map #(
  parameter  int Channels     = 8,
  parameter  int Side         = 4,
  parameter  int ProdRows     = 1,
  parameter  int ProdCols     = 1,
  parameter  int Beat         = 1,
  parameter  int Reads        = 1,
  parameter  int ActWidth     = 8,
  parameter  int RingRows     = convt_pkg::RingRows,
  parameter  bit SkipZeros    = 1'b1,
  localparam int Phases       = ProdRows * ProdCols,
  localparam int Values       = Beat * Phases,
  localparam int PosWidth     = $clog2(Side + 1),
  localparam int ColWidth     = $clog2(Side),
  localparam int ChannelWidth = (Channels > 1) ? $clog2(Channels) : 1,
  localparam int CountWidth   = $clog2(Channels + 1),
  localparam int SlotWidth    = $clog2(RingRows),
  localparam int AbsWidth     = SlotWidth + 1
) (
  input logic clk_i,
  input logic rst_ni,

  input  logic                                  in_valid_i,
  output logic                                  in_ready_o,
  input  logic [      Values-1:0][ActWidth-1:0] in_data_i,
  input  logic [    PosWidth-1:0]               in_row_i,
  input  logic [    PosWidth-1:0]               in_col_i,
  input  logic [ChannelWidth-1:0]               in_channel_i, // the first of the beat

  output logic [AbsWidth-1:0] completed_o,
  input  logic                release_i,

  input  logic [ SlotWidth-1:0] count_slot_i,
  input  logic [  ColWidth-1:0] count_col_i,
  output logic [CountWidth-1:0] count_o,

  input  logic                                      read_en_i,
  input  logic [   SlotWidth-1:0]                   read_slot_i,
  input  logic [    ColWidth-1:0]                   read_col_i,
  input  logic [ChannelWidth-1:0]                   read_index_i,     // of a beat of Reads entries
  output logic [       Reads-1:0][ChannelWidth-1:0] entry_channel_o,
  output logic [       Reads-1:0][    ActWidth-1:0] entry_value_o
);

  localparam int EntryWidth = ChannelWidth + ActWidth;
  localparam int LastChannel = Channels - Beat;
  localparam int FirstRow = (ProdRows == 2) ? 0 : 1;
  localparam int BankPixels = RingRows * Side / Phases;
  localparam int PixelWidth = $clog2(BankPixels);
  localparam int HalfChannels = (Channels + Beat - 1) / Beat;  // entries of one pixel in one memory
  localparam int AddrWidth = (BankPixels * HalfChannels > 1) ? $clog2(
      BankPixels * HalfChannels
  ) : 1;
  localparam int BankWidth = (Phases > 1) ? $clog2(Phases) : 1;

  // ---- rows: which may be written, which can be read -------------------------------------------
  // Groups come in reading order, so the row that is written is counted here, and whether the ring has
  // room for it is known before its first beat comes.
  logic [AbsWidth-1:0] plane_q, completed_q, released_q, group_end, group_age;
  logic [PosWidth-1:0] group_row_q;
  logic [AbsWidth-1:0] group_end_q;
  logic accept, last_channel, last_column, group_done, changed_q, plane_done_q, room_q;
  logic [PosWidth:0] rows_end, rows_done;

  // rows_done: one past the last row that the group completes, as a row of this plane.
  assign rows_end     = (PosWidth + 1)'(group_row_q) + (PosWidth + 1)'(ProdRows - 1);
  assign rows_done    = (rows_end > (PosWidth + 1)'(Side)) ? (PosWidth + 1)'(Side) : rows_end;
  assign group_end    = plane_q + AbsWidth'(rows_done);
  assign group_age    = group_end_q - released_q;
  assign in_ready_o   = room_q;
  assign accept       = in_valid_i && in_ready_o;
  assign last_channel = in_channel_i == ChannelWidth'(LastChannel);
  assign last_column  = in_col_i == PosWidth'(Side);
  assign group_done   = accept && last_channel && last_column;
  assign completed_o  = completed_q;

  // Whether a beat may come is decided at once; in the next cycle (write) its place in each bank is found,
  // and in the one behind (store) it goes into the lists.
  logic write_q, write_last_q, write_done_q, store_q, store_last_q, store_done_q;
  logic [Values-1:0] write_some_q, store_some_q;
  logic [Values-1:0][ActWidth-1:0] write_data_q, store_data_q;
  logic [PosWidth-1:0] write_row_q, write_col_q;
  logic [ChannelWidth-1:0] write_channel_q, store_channel_q;
  logic [SlotWidth-1:0] write_plane_q;
  logic [AbsWidth-1:0] write_end_q, store_end_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      plane_q      <= '0;
      completed_q  <= '0;
      released_q   <= '0;
      group_row_q  <= PosWidth'(FirstRow);
      room_q       <= 1'b0;
      changed_q    <= 1'b1;
      write_q      <= 1'b0;
      write_done_q <= 1'b0;
      store_q      <= 1'b0;
      store_done_q <= 1'b0;
    end else begin
      changed_q <= group_done;
      room_q    <= !group_done && !changed_q && (group_age <= AbsWidth'(RingRows));
      if (group_done) begin
        group_row_q <= plane_done_q ? PosWidth'(FirstRow) : group_row_q + PosWidth'(ProdRows);
        if (plane_done_q) plane_q <= plane_q + AbsWidth'(Side);
      end
      // The last entry reaches its memory in the cycle in which this is seen.
      if (store_done_q) completed_q <= store_end_q;
      if (release_i) released_q <= released_q + 1'b1;
      {write_q, store_q}           <= {accept, write_q};
      {write_done_q, store_done_q} <= {group_done, write_done_q};
    end
  end

  always_ff @(posedge clk_i) begin
    write_last_q    <= last_channel;
    write_data_q    <= in_data_i;
    write_row_q     <= in_row_i;
    write_col_q     <= in_col_i;
    write_channel_q <= in_channel_i;
    write_plane_q   <= SlotWidth'(plane_q);
    write_end_q     <= group_end_q;
    store_last_q    <= write_last_q;
    store_data_q    <= write_data_q;
    store_channel_q <= write_channel_q;
    store_some_q    <= write_some_q;
    store_end_q     <= write_end_q;
    group_end_q     <= group_end;
    plane_done_q    <= rows_done == (PosWidth + 1)'(Side);
    for (int v = 0; v < Values; v++) write_some_q[v] <= !SkipZeros || (in_data_i[v] != '0);
  end

  // ---- one bank for each phase -----------------------------------------------------------------
  // Where a pixel's list lies within its bank; only every ProdRows-th row and ProdCols-th column is there.
  function automatic logic [PixelWidth-1:0] bank_pixel(input logic [SlotWidth-1:0] slot,
                                                       input logic [ColWidth-1:0] col);
    bank_pixel = PixelWidth'((32'(slot) / ProdRows) * (Side / ProdCols) + 32'(col) / ProdCols);
  endfunction

  function automatic logic [AddrWidth-1:0] list_addr(input logic [PixelWidth-1:0] pixel,
                                                     input logic [CountWidth-1:0] index);
    list_addr = AddrWidth'(32'(pixel) * HalfChannels + 32'(index));
  endfunction

  logic [SlotWidth-1:0] count_slot_q;
  logic [ColWidth-1:0] count_col_q;
  logic [Phases-1:0][CountWidth-1:0] counts;
  logic [CountWidth-1:0] read_index;  // within a memory
  logic [Phases*Beat-1:0][EntryWidth-1:0] entries;  // memory, phase fastest

  assign read_index = CountWidth'((Reads < Beat) ? 32'(read_index_i) / 2 : 32'(read_index_i));

  for (genvar b = 0; b < Phases; b++) begin : gen_bank
    localparam int PhaseRow = b / ProdCols;
    localparam int PhaseCol = b % ProdCols;

    // This phase's pixel is (row_end - 1, col_end - 1).
    logic [PosWidth:0] row_end, col_end;
    logic [ SlotWidth-1:0] slot;
    logic [  ColWidth-1:0] col;
    logic [PixelWidth-1:0] pixel_q;
    logic keep, keep_q;
    logic [1:0] some;  // which channels of the beat are stored
    logic [CountWidth-1:0] used_q, used_next;
    logic [CountWidth-1:0] count_mem[BankPixels];

    assign row_end = (PosWidth + 1)'(write_row_q) + (PosWidth + 1)'(PhaseRow);
    assign col_end = (PosWidth + 1)'(write_col_q) + (PosWidth + 1)'(PhaseCol);
    assign keep      = (row_end != '0) && (row_end <= (PosWidth + 1)'(Side)) &&
                       (col_end != '0) && (col_end <= (PosWidth + 1)'(Side));
    assign slot = write_plane_q + SlotWidth'(row_end) - 1'b1;
    assign col = ColWidth'(col_end) - 1'b1;
    assign some[0] = keep_q && store_some_q[b];
    assign some[1] = (Beat == 2) && keep_q && store_some_q[(Beat-1)*Phases+b];
    assign used_next = used_q + CountWidth'(some[0]) + CountWidth'(some[1]);
    assign counts[b] = count_mem[bank_pixel(count_slot_q, count_col_q)];

    always_ff @(posedge clk_i) begin
      if (!rst_ni) used_q <= '0;
      else if (store_q) used_q <= store_last_q ? '0 : used_next;
    end

    always_ff @(posedge clk_i) begin
      pixel_q <= bank_pixel(slot, col);
      keep_q  <= keep;
      if (store_q && store_last_q && keep_q) count_mem[pixel_q] <= used_next;
    end

    for (genvar m = 0; m < Beat; m++) begin : gen_memory
      // The first entry of a beat goes where entry used_q belongs, a second one into the other memory.
      logic first_here, second, append;
      logic [CountWidth-1:0] index;

      assign first_here = (Beat == 1) || (used_q[0] == 1'(m));
      assign second     = first_here ? !some[0] : 1'b1;
      assign append     = first_here ? (some != 2'b00) : (some == 2'b11);
      assign index      = (Beat == 1) ? used_q : (used_q + CountWidth'(m == 0)) >> 1;

      // A cycle to cross the chip: block RAMs have fixed places.
      logic en_q;
      logic [AddrWidth-1:0] addr_q;
      logic [EntryWidth-1:0] entry_q;

      always_ff @(posedge clk_i) begin
        en_q <= store_q && append;
        addr_q <= list_addr(pixel_q, index);
        entry_q <= {
          store_channel_q + ChannelWidth'(second),
          second ? store_data_q[(Beat-1)*Phases+b] : store_data_q[b]
        };
      end

      mem_ram #(
        .Width(EntryWidth),
        .Depth(BankPixels * HalfChannels)
      ) u_lists (
        .clk_i,
        .write_en_i  (en_q),
        .write_addr_i(addr_q),
        .write_data_i(entry_q),
        .read_en_i,
        .read_addr_i (list_addr(bank_pixel(read_slot_i, read_col_i), read_index)),
        .read_data_o (entries[m*Phases+b])
      );
    end
  end

  // ---- the bank of a pixel follows from its parity ---------------------------------------------
  // A group's corner (row - 1, col - 1) is odd where two phases are finished together, so phase 0
  // holds the odd rows (columns) and phase 1 the even ones.
  function automatic logic [BankWidth-1:0] bank_of(input logic odd_row, input logic odd_col);
    bank_of = BankWidth'(((ProdRows == 2 && !odd_row) ? ProdCols : 0) +
                         ((ProdCols == 2 && !odd_col) ? 1 : 0));
  endfunction

  logic [BankWidth-1:0] bank1_q, bank2_q;
  logic half1_q, half2_q;
  logic [Reads-1:0][EntryWidth-1:0] chosen;

  always_ff @(posedge clk_i) begin
    if (read_en_i) begin
      bank1_q <= bank_of(read_slot_i[0], read_col_i[0]);
      bank2_q <= bank1_q;
      half1_q <= (Reads < Beat) && read_index_i[0];
      half2_q <= half1_q;
    end
  end

  always_ff @(posedge clk_i) begin
    count_slot_q <= count_slot_i;
    count_col_q  <= count_col_i;
    count_o      <= counts[bank_of(count_slot_q[0], count_col_q[0])];
  end

  for (genvar r = 0; r < Reads; r++) begin : gen_read
    // Memory r, or of two that are read one at a time, the one of the entry.
    assign chosen[r] = entries[((Reads==2)?r : 32'(half2_q))*Phases+32'(bank2_q)];
    assign {entry_channel_o[r], entry_value_o[r]} = chosen[r];
  end

`ifndef SYNTHESIS
  initial begin
    if (RingRows < 4 || (RingRows & (RingRows - 1)) != 0)
      $fatal(1, "%m: RingRows=%0d, must be a power of two, at least 4", RingRows);
    if (ProdRows > 2 || ProdCols > 2)
      $fatal(1, "%m: a producer finishes at most 2x2 pixels, not %0dx%0d", ProdRows, ProdCols);
    if (Beat > 2 || Channels % Beat != 0)
      $fatal(1, "%m: Beat=%0d, must be 1 or 2 and divide %0d channels", Beat, Channels);
    if (Reads > Beat) $fatal(1, "%m: Reads=%0d, a bank has %0d memories", Reads, Beat);
    if (Side % 2 != 0) $fatal(1, "%m: Side=%0d, must be even", Side);
  end
`endif

endmodule : convt_map
