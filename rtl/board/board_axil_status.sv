// SPDX-License-Identifier: Apache-2.0
//
// board_axil_status -- words behind an AXI4-Lite port: read here, written by whoever takes them.
//
//   byte address 4 * i  ->  words_i[i]          beyond the last word: zero
//   a write             ->  write_index_o = i, write_data_o      SLVERR where write_good_i says no, or for a
//                                                               part of a word
//
// Latency     1 cycle from address to data     Throughput  1 read per 2 cycles
// Golden      tb/board_axil_status/test_board_axil_status.py: expected_word()
// Test        tb/board_axil_status
module board_axil_status #(
  parameter  int Words     = 8,
  parameter  int AddrWidth = 6,
  localparam int DataWidth = 32,
  localparam int ByteBits  = 2
) (
  input logic aclk,
  input logic aresetn,

  input logic [Words-1:0][DataWidth-1:0] words_i,

  output logic                          write_valid_o,
  input  logic                          write_ready_i,
  input  logic                          write_good_i,   // with ready
  output logic [AddrWidth-ByteBits-1:0] write_index_o,
  output logic [         DataWidth-1:0] write_data_o,

  input  logic [  AddrWidth-1:0] s_axil_awaddr,
  input  logic [            2:0] s_axil_awprot,
  input  logic                   s_axil_awvalid,
  output logic                   s_axil_awready,
  input  logic [  DataWidth-1:0] s_axil_wdata,
  input  logic [DataWidth/8-1:0] s_axil_wstrb,
  input  logic                   s_axil_wvalid,
  output logic                   s_axil_wready,
  output logic [            1:0] s_axil_bresp,
  output logic                   s_axil_bvalid,
  input  logic                   s_axil_bready,

  input  logic [AddrWidth-1:0] s_axil_araddr,
  input  logic [          2:0] s_axil_arprot,
  input  logic                 s_axil_arvalid,
  output logic                 s_axil_arready,
  output logic [DataWidth-1:0] s_axil_rdata,
  output logic [          1:0] s_axil_rresp,
  output logic                 s_axil_rvalid,
  input  logic                 s_axil_rready
);

  localparam logic [1:0] Okay = 2'b00;
  localparam logic [1:0] SlaveError = 2'b10;
  localparam int IndexWidth = AddrWidth - ByteBits;
  localparam int SlotWidth = (Words > 1) ? $clog2(Words) : 1;

  // ---- reads -----------------------------------------------------------------------------------
  logic [IndexWidth-1:0] index;
  logic [ SlotWidth-1:0] slot;
  logic [ DataWidth-1:0] data_q;
  logic read_valid_q, take_read;

  assign index          = s_axil_araddr[AddrWidth-1:ByteBits];
  assign slot           = SlotWidth'(index);
  assign s_axil_arready = !read_valid_q;
  assign take_read      = s_axil_arvalid && s_axil_arready;
  assign s_axil_rvalid  = read_valid_q;
  assign s_axil_rdata   = data_q;
  assign s_axil_rresp   = Okay;

  always_ff @(posedge aclk) begin
    if (!aresetn) read_valid_q <= 1'b0;
    else if (take_read) read_valid_q <= 1'b1;
    else if (s_axil_rready) read_valid_q <= 1'b0;
    if (take_read) data_q <= (32'(index) < Words) ? words_i[slot] : '0;
  end

  // ---- writes: address and data in any order, then the taker, then the answer ---------------------
  logic address_q, payload_q, whole_q, answered_q, good_q, write_done;

  assign s_axil_awready = !address_q;
  assign s_axil_wready  = !payload_q;
  assign s_axil_bvalid  = answered_q;
  assign s_axil_bresp   = good_q ? Okay : SlaveError;

  assign write_valid_o  = address_q && payload_q && whole_q && !answered_q;
  assign write_done     = address_q && payload_q && (!whole_q || write_ready_i) && !answered_q;

  always_ff @(posedge aclk) begin
    if (!aresetn || (s_axil_bvalid && s_axil_bready)) begin
      address_q  <= 1'b0;
      payload_q  <= 1'b0;
      answered_q <= 1'b0;
    end else begin
      if (s_axil_awvalid) address_q <= 1'b1;
      if (s_axil_wvalid) payload_q <= 1'b1;
      if (write_done) answered_q <= 1'b1;
    end
  end

  always_ff @(posedge aclk) begin
    if (s_axil_awvalid && s_axil_awready) write_index_o <= s_axil_awaddr[AddrWidth-1:ByteBits];
    if (s_axil_wvalid && s_axil_wready) begin
      write_data_o <= s_axil_wdata;
      whole_q      <= &s_axil_wstrb;
    end
    if (write_done) good_q <= whole_q && write_good_i;
  end

  logic unused;
  assign unused = ^{s_axil_awprot, s_axil_arprot, s_axil_awaddr[ByteBits-1:0],
                    s_axil_araddr[ByteBits-1:0]};

`ifndef SYNTHESIS
  initial begin
    if (Words > 2 ** IndexWidth)
      $fatal(1, "%m: Words=%0d do not fit AddrWidth=%0d", Words, AddrWidth);
  end
`endif

endmodule : board_axil_status
