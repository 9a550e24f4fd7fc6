// SPDX-License-Identifier: Apache-2.0
//
// convt_project -- ConvTranspose2d on a single pixel, kernel 4, stride 1, no padding: the first layer.
//
//   acc[co, y, x] = bias[co] + sum_k vector[k] * W[k, co, y, x]          a matrix-vector product
//
//   for pixel = 4y + x in 0 .. 15
//     for fold           Couts output channels at a time
//       for k            one beat: weight word n = (pixel * folds + fold) * Length + k, a plain count;
//                        bank n % Banks of row n / Banks: as deep as one block RAM, see mem_rom_row
// Two vectors have room: the next one arrives while this one is multiplied.
// Format     in: signed VecWidth, Length beats, `last` on the last; out: signed AccWidth, channel by
//            channel, pixel by pixel; the pixel is (out_row_o - 1, out_col_o - 1)
// Throughput 16 * OutChannels / Couts * Length cycles a vector (or 16 * OutChannels, if that is more)
// Golden     model/dcgan/golden.py: GoldenGenerator.project()     Test  tb/convt_project
module convt_project #(
  parameter  int Length       = 100,
  parameter  int OutChannels  = 8,
  parameter  int Couts        = 4,
  parameter  int VecWidth     = 9,
  parameter  int WeightWidth  = 8,
  parameter  int AccWidth     = 24,
  parameter  int Packing      = 0,
  parameter      WeightFile   = "",
  parameter      BiasFile     = "",
  localparam int Side         = 4,
  localparam int PosWidth     = $clog2(Side + 1),
  localparam int OutChanWidth = (OutChannels > 1) ? $clog2(OutChannels) : 1
) (
  input logic clk_i,
  input logic rst_ni,

  input  logic                       in_valid_i,
  output logic                       in_ready_o,
  input  logic signed [VecWidth-1:0] in_data_i,
  input  logic                       in_last_i,

  output logic                    out_valid_o,
  input  logic                    out_ready_i,
  output logic [    AccWidth-1:0] out_data_o,
  output logic [    PosWidth-1:0] out_row_o,
  output logic [    PosWidth-1:0] out_col_o,
  output logic [OutChanWidth-1:0] out_channel_o,

  output logic active_o  // the lanes multiply in this cycle
);

  localparam int Folds = OutChannels / Couts;
  localparam int Words = Side * Side * Folds * Length;
  localparam int RomDepth = 512;
  localparam int Banks = (Words + RomDepth - 1) / RomDepth;
  localparam int Rows = (Words + Banks - 1) / Banks;
  localparam int RowWidth = (Rows > 1) ? $clog2(Rows) : 1;
  localparam int BankWidth = (Banks > 1) ? $clog2(Banks) : 1;
  localparam int WordWidth = Couts * WeightWidth;
  localparam int IndexWidth = $clog2(Length);
  localparam int FoldWidth = (Folds > 1) ? $clog2(Folds) : 1;
  localparam int CoutWidth = (Couts > 1) ? $clog2(Couts) : 1;
  localparam int PixelWidth = $clog2(Side * Side);
  localparam int TagWidth = PixelWidth + FoldWidth;
  localparam int LastIndex = Length - 1;
  localparam int LastFold = Folds - 1;
  localparam int LastPixel = Side * Side - 1;
  localparam int LastBank = Banks - 1;

  // ---- two vectors: one being filled, one being multiplied -------------------------------------
  logic [1:0] full_q;
  logic fill_half_q, use_half_q, vector_in, vector_done;
  logic [IndexWidth-1:0] fill_index_q, index_q;
  logic [VecWidth-1:0] element;

  assign in_ready_o = !full_q[fill_half_q];
  assign vector_in  = in_valid_i && in_ready_o && in_last_i;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      full_q       <= 2'b00;
      fill_half_q  <= 1'b0;
      use_half_q   <= 1'b0;
      fill_index_q <= '0;
    end else begin
      if (in_valid_i && in_ready_o) fill_index_q <= in_last_i ? '0 : fill_index_q + 1'b1;
      if (vector_in) begin
        full_q[fill_half_q] <= 1'b1;
        fill_half_q         <= !fill_half_q;
      end
      if (vector_done) begin
        full_q[use_half_q] <= 1'b0;
        use_half_q         <= !use_half_q;
      end
    end
  end

  mem_ram #(
    .Width(VecWidth),
    .Depth(2 ** (IndexWidth + 1))
  ) u_vectors (
    .clk_i,
    .write_en_i  (in_valid_i && in_ready_o),
    .write_addr_i({fill_half_q, fill_index_q}),
    .write_data_i(in_data_i),
    .read_en_i   (1'b1),
    .read_addr_i ({use_half_q, index_q}),
    .read_data_o (element)
  );

  // ---- one beat for each vector element --------------------------------------------------------
  logic [  RowWidth-1:0] row_q;
  logic [ BankWidth-1:0] bank_q;
  logic [ FoldWidth-1:0] fold_q;
  logic [PixelWidth-1:0] pixel_q;
  logic beat_valid, beat_first, beat_last, bank_last, fold_last, credit, spend;

  assign beat_first  = index_q == '0;
  assign beat_last   = index_q == IndexWidth'(LastIndex);
  assign bank_last   = bank_q == BankWidth'(LastBank);
  assign fold_last   = fold_q == FoldWidth'(LastFold);
  assign beat_valid  = full_q[use_half_q] && (!beat_last || credit);
  assign spend       = beat_valid && beat_last;
  assign vector_done = spend && fold_last && (pixel_q == PixelWidth'(LastPixel));
  assign active_o    = beat_valid;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      row_q   <= '0;
      bank_q  <= '0;
      index_q <= '0;
      fold_q  <= '0;
      pixel_q <= '0;
    end else if (beat_valid) begin
      bank_q  <= (bank_last || vector_done) ? '0 : bank_q + 1'b1;
      row_q   <= vector_done ? '0 : row_q + RowWidth'(bank_last);
      index_q <= beat_last ? '0 : index_q + 1'b1;
      if (spend) fold_q <= fold_last ? '0 : fold_q + 1'b1;
      if (spend && fold_last) pixel_q <= pixel_q + 1'b1;
    end
  end

  // ---- element and weights arrive together, biases five cycles later ---------------------------
  localparam int LaneLatency = 5;  // mem_rom_row; mem_ram has 2, and three follow it
  localparam int BiasLead = 3;  // 5 cycles in the multipliers, less the 2 of mem_rom

  logic [LaneLatency-1:0] valid_q, first_q, last_q;
  logic [FoldWidth-1:0] bias_fold_q[LaneLatency+BiasLead];
  logic [WordWidth-1:0] weights;
  logic signed [2:0][VecWidth-1:0] element_q;
  logic [Couts-1:0][AccWidth-1:0] bias;
  logic [AccWidth-1:0] result;
  logic done, next;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) valid_q <= '0;
    else valid_q <= {valid_q[LaneLatency-2:0], beat_valid};
    first_q        <= {first_q[LaneLatency-2:0], beat_first};
    last_q         <= {last_q[LaneLatency-2:0], beat_last};
    bias_fold_q[0] <= fold_q;
    for (int i = 1; i < LaneLatency + BiasLead; i++) bias_fold_q[i] <= bias_fold_q[i-1];
    // The lanes add in every cycle: zero where there is no element.
    element_q <= {valid_q[LaneLatency-2] ? element_q[1] : '0, element_q[0], element};
  end

  mem_rom_row #(
    .Width(WordWidth),
    .Banks(Banks),
    .Rows (Rows),
    .File (WeightFile)
  ) u_weights (
    .clk_i,
    .row_i (row_q),
    .bank_i(bank_q),
    .data_o(weights)
  );

  mem_rom #(
    .Width(Couts * AccWidth),
    .Depth(Folds),
    .File (BiasFile)
  ) u_biases (
    .clk_i,
    .en_i  (1'b1),
    .addr_i(bias_fold_q[LaneLatency+BiasLead-1]),
    .data_o(bias)
  );

  convt_macs #(
    .Lanes      (Couts),
    .Couts      (Couts),
    .Windows    (1),
    .ActWidth   (VecWidth),
    .WeightWidth(WeightWidth),
    .AccWidth   (AccWidth),
    .Packing    (Packing)
  ) u_macs (
    .clk_i,
    .rst_ni,
    .beat_valid_i  (valid_q[LaneLatency-1]),
    .beat_first_i  (first_q[LaneLatency-1]),
    .beat_last_i   (last_q[LaneLatency-1]),
    .beat_column0_i(1'b0),
    .act_i         (element_q[2]),
    .weights_i     (weights),
    .bias_i        (bias),
    .done_o        (done),
    .next_i        (next),
    .result_o      (result)
  );

  // ---- results, channel by channel -------------------------------------------------------------
  logic [PixelWidth-1:0] out_pixel;
  logic [FoldWidth-1:0] out_fold;
  logic [CoutWidth-1:0] out_cout;
  logic out_last;

  convt_drain #(
    .Phases  (1),
    .Couts   (Couts),
    .AccWidth(AccWidth),
    .TagWidth(TagWidth),
    .Lead    (LaneLatency + 7)
  ) u_drain (
    .clk_i,
    .rst_ni,
    .credit_o     (credit),
    .spend_i      (spend),
    .tag_i        ({pixel_q, fold_q}),
    .done_i       (done),
    .next_o       (next),
    .result_i     (result),
    .out_valid_o,
    .out_ready_i,
    .out_data_o,
    .out_tag_o    ({out_pixel, out_fold}),
    .out_channel_o(out_cout),
    .out_last_o   (out_last)
  );

  assign out_row_o     = PosWidth'(out_pixel[PixelWidth-1:PixelWidth/2]) + 1'b1;
  assign out_col_o     = PosWidth'(out_pixel[PixelWidth/2-1:0]) + 1'b1;
  assign out_channel_o = OutChanWidth'(32'(out_fold) * Couts + 32'(out_cout));

  logic unused;
  assign unused = out_last;
`ifndef SYNTHESIS
  initial begin
    if (OutChannels % Couts != 0)
      $fatal(1, "%m: Couts=%0d does not divide %0d channels", Couts, OutChannels);
  end
`endif

endmodule : convt_project
