// SPDX-License-Identifier: Apache-2.0
//
// board_axil_status_formal -- the handshakes of AXI4-Lite: one answer a request, reads and writes.
//
// A whole word is handed on once, and answered as its taker says; a part of one is refused at once.
//
// Sources  rtl/board/board_axil_status.sv
// Proof    induction 2
// Reach    8
`include "formal.svh"

module board_axil_status_formal #(
  parameter int Words     = 3,
  parameter int AddrWidth = 5
) (
  input logic                   aclk,
  input logic                   aresetn,
  input logic [Words-1:0][31:0] words_i,
  input logic                   write_ready_i,
  input logic                   write_good_i,
  input logic [  AddrWidth-1:0] s_axil_awaddr,
  input logic [            2:0] s_axil_awprot,
  input logic                   s_axil_awvalid,
  input logic [           31:0] s_axil_wdata,
  input logic [            3:0] s_axil_wstrb,
  input logic                   s_axil_wvalid,
  input logic                   s_axil_bready,
  input logic [  AddrWidth-1:0] s_axil_araddr,
  input logic [            2:0] s_axil_arprot,
  input logic                   s_axil_arvalid,
  input logic                   s_axil_rready
);

  logic s_axil_awready, s_axil_wready, s_axil_bvalid, s_axil_arready, s_axil_rvalid;
  logic [1:0] s_axil_bresp, s_axil_rresp;
  logic [31:0] s_axil_rdata, write_data_o;
  logic write_valid_o;
  logic [AddrWidth-3:0] write_index_o;

  `FORMAL_RESET(aclk, aresetn)

  board_axil_status #(
    .Words    (Words),
    .AddrWidth(AddrWidth)
  ) dut (
    .*
  );

  // ---- what was asked and not answered yet -----------------------------------------------------
  logic [1:0] addresses_q, payloads_q, reads_q;
  logic asked_q, read_stalled_q, write_stalled_q;
  logic [31:0] asked_word, asked_word_q, offered_q;
  logic [AddrWidth-3:0] index;
  logic aw, w, b, ar, r, taken, taken_q, good_q, whole_q, complete, complete_q, offered_write_q;
  logic [1:0] resp_q;
  logic [31:0] data_q;
  logic [AddrWidth-3:0] index_q;

  assign aw = s_axil_awvalid && s_axil_awready;
  assign w  = s_axil_wvalid && s_axil_wready;
  assign b  = s_axil_bvalid && s_axil_bready;
  assign ar = s_axil_arvalid && s_axil_arready;
  assign r  = s_axil_rvalid && s_axil_rready;
  assign index = s_axil_araddr[AddrWidth-1:2];
  assign asked_word = (index == 0) ? words_i[0] : (index == 1) ? words_i[1]
                      : (index == 2) ? words_i[2] : '0;

  // The write at hand: address and payload as they were taken, whether its taker has it.
  assign taken    = write_valid_o && write_ready_i;
  assign complete = addresses_q == 2'd1 && payloads_q == 2'd1;

  always_ff @(posedge aclk) begin
    if (aw) index_q <= s_axil_awaddr[AddrWidth-1:2];
    if (w) begin
      data_q  <= s_axil_wdata;
      whole_q <= &s_axil_wstrb;
    end
    if (taken) good_q <= write_good_i;
    if (!aresetn || b) taken_q <= 1'b0;
    else if (taken) taken_q <= 1'b1;
    complete_q      <= aresetn && complete && !b;
    resp_q          <= s_axil_bresp;
    offered_write_q <= aresetn && write_valid_o && !write_ready_i;
  end

  always_ff @(posedge aclk) begin
    asked_q         <= aresetn && ar;
    asked_word_q    <= asked_word;
    offered_q       <= s_axil_rdata;
    read_stalled_q  <= aresetn && s_axil_rvalid && !s_axil_rready;
    write_stalled_q <= aresetn && s_axil_bvalid && !s_axil_bready;
    if (!aresetn) begin
      addresses_q <= '0;
      payloads_q  <= '0;
      reads_q     <= '0;
    end else begin
      addresses_q <= addresses_q + 2'(aw) - 2'(b);
      payloads_q  <= payloads_q + 2'(w) - 2'(b);
      reads_q     <= reads_q + 2'(ar) - 2'(r);
    end
  end

  always_comb begin
    // bug: words_i[slot] : '0; ==> words_i[slot] : '1;
    `PROVE(ReadGivesItsWord, past_q && ran_q && asked_q, s_axil_rvalid && s_axil_rdata == asked_word_q)
    // bug: else if (s_axil_rready) read_valid_q <= 1'b0; ==> else read_valid_q <= 1'b0;
    `PROVE(OneAnswerARead, past_q, reads_q == 2'(s_axil_rvalid))
    // bug: if (take_read) data_q ==> data_q
    `PROVE(ReadStays, past_q && read_stalled_q && aresetn, s_axil_rvalid && s_axil_rdata == offered_q)
    // bug: assign s_axil_arready = !read_valid_q; ==> assign s_axil_arready = 1'b1;
    `PROVE(ReadsOneAtATime, past_q && s_axil_rvalid, !s_axil_arready)
    // bug: assign s_axil_rresp   = Okay; ==> assign s_axil_rresp = SlaveError;
    `PROVE(ReadsAreOkay, past_q && s_axil_rvalid, s_axil_rresp == 2'b00)
    // bug: assign write_done     = address_q && payload_q ==> assign write_done = address_q
    `PROVE(AnswerNeedsBoth, past_q && s_axil_bvalid, complete)
    // bug: if (s_axil_awvalid) address_q ==> if (!s_axil_awvalid) address_q
    `PROVE(AddressIsKept, past_q && addresses_q == 2'd1, !s_axil_awready)
    // bug: if (s_axil_wvalid) payload_q ==> if (!s_axil_wvalid) payload_q
    `PROVE(PayloadIsKept, past_q && payloads_q == 2'd1, !s_axil_wready)
    // bug: assign s_axil_awready = !address_q; ==> assign s_axil_awready = !address_q || payload_q;
    `PROVE(OneWriteAtATime, past_q, addresses_q <= 2'd1 && payloads_q <= 2'd1)
    // bug: whole_q      <= &s_axil_wstrb; ==> whole_q      <= |s_axil_wstrb;
    `PROVE(PartIsKnown, past_q && payloads_q == 2'd1, dut.whole_q == whole_q)
    // bug: assign write_valid_o  = address_q && payload_q && ==> assign write_valid_o = address_q &&
    `PROVE(HandedOnIsComplete, past_q && write_valid_o, complete && whole_q)
    // bug: write_valid_o  = address_q && payload_q && whole_q && !answered_q ==> write_valid_o  = address_q && payload_q && whole_q && s_axil_bready && !answered_q
    `PROVE(WholeWordIsHandedOn, past_q && complete && whole_q && !taken_q, write_valid_o)
    // bug: && whole_q && !answered_q; ==> && whole_q;
    `PROVE(HandedOnOnce, past_q && taken_q, !write_valid_o)
    // bug: if (s_axil_awvalid && s_axil_awready) write_index_o ==> if (s_axil_awvalid) write_index_o
    `PROVE(IndexIsThatOfTheAddress, past_q && addresses_q == 2'd1, write_index_o == index_q)
    // bug: if (s_axil_wvalid && s_axil_wready) begin ==> if (s_axil_wvalid) begin
    `PROVE(DataIsThePayload, past_q && payloads_q == 2'd1, write_data_o == data_q)
    // bug: if (write_done) answered_q <= 1'b1; ==> if (write_ready_i) answered_q <= write_done && s_axil_bready;
    `PROVE(TakenIsAnswered, past_q && taken_q, s_axil_bvalid)
    // bug: (!whole_q || write_ready_i) ==> write_ready_i
    `PROVE(PartIsAnswered, past_q && complete_q && !whole_q, s_axil_bvalid)
    // bug: (!whole_q || write_ready_i) ==> 1'b1
    `PROVE(AnsweredIsTaken, past_q && s_axil_bvalid && whole_q, taken_q)
    // bug: if (write_done) good_q <= whole_q && write_good_i; ==> good_q <= whole_q && write_good_i;
    `PROVE(TheTakerAnswers, past_q && s_axil_bvalid && whole_q, s_axil_bresp == (good_q ? 2'b00 : 2'b10))
    // bug: good_q <= whole_q && write_good_i; ==> good_q <= write_good_i;
    `PROVE(PartIsRefused, past_q && s_axil_bvalid && !whole_q, s_axil_bresp == 2'b10)
    // bug: (s_axil_bvalid && s_axil_bready) ==> s_axil_bvalid
    `PROVE(AnswerStays, past_q && write_stalled_q && aresetn, s_axil_bvalid && s_axil_bresp == resp_q)
    // bug: assign write_valid_o  = ==> assign write_valid_o  = s_axil_bready &&
    `PROVE(OfferStays, past_q && offered_write_q && aresetn, write_valid_o)
    // bug: assign s_axil_awready = !address_q; ==> assign s_axil_awready = !address_q && !payload_q;
    `PROVE(AddressAnyTime, past_q && addresses_q == '0, s_axil_awready)
    // bug: assign s_axil_wready  = !payload_q; ==> assign s_axil_wready = address_q && !payload_q;
    `PROVE(PayloadAnyTime, past_q && payloads_q == '0, s_axil_wready)
    // bug: assign s_axil_arready = !read_valid_q; ==> assign s_axil_arready = !read_valid_q && s_axil_rready;
    `PROVE(ReadAnyTime, past_q && reads_q == '0, s_axil_arready)
    // bug: if (!aresetn || ==> if (
    `PROVE(NothingAfterReset, past_q && !ran_q, !s_axil_rvalid && !s_axil_bvalid && !write_valid_o && s_axil_awready && s_axil_wready)
  end

endmodule : board_axil_status_formal
