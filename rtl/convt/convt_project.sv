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
// Golden     model/dcgan/quant/golden.py: GoldenGenerator.project()     Test  tb/convt_project
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
  localparam int PixelWidth = $clog2(Side * Side);
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
  logic beat_valid, beat_first, beat_last, bank_last, fold_last, pass_end, credit;
  // Known a cycle ahead, because what follows from both goes through the credit to the next vector.
  logic last_q;  // index_q is LastIndex
  logic final_pass_q;  // of the vector; passes are longer than the cycle that this comes late

  assign beat_first  = index_q == '0;
  assign beat_last   = last_q;
  assign bank_last   = bank_q == BankWidth'(LastBank);
  assign fold_last   = fold_q == FoldWidth'(LastFold);
  assign beat_valid  = full_q[use_half_q] && (!beat_last || credit);
  assign pass_end    = beat_valid && beat_last;
  assign vector_done = pass_end && final_pass_q;
  assign active_o    = beat_valid;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      row_q   <= '0;
      bank_q  <= '0;
      index_q <= '0;
      fold_q  <= '0;
      pixel_q <= '0;
      last_q  <= 1'b0;
    end else if (beat_valid) begin
      bank_q  <= (bank_last || vector_done) ? '0 : bank_q + 1'b1;
      row_q   <= vector_done ? '0 : row_q + RowWidth'(bank_last);
      index_q <= beat_last ? '0 : index_q + 1'b1;
      last_q  <= index_q == IndexWidth'(LastIndex - 1);
      if (pass_end) fold_q <= fold_last ? '0 : fold_q + 1'b1;
      if (pass_end && fold_last) pixel_q <= pixel_q + 1'b1;
    end
    final_pass_q <= fold_last && (pixel_q == PixelWidth'(LastPixel));
  end

  // ---- element and weights arrive together -----------------------------------------------------
  localparam int VectorLatency = 2;  // mem_ram
  localparam int LaneLatency = 5;  // mem_rom_row

  logic [VectorLatency-1:0] present_q;
  logic signed [LaneLatency-VectorLatency-1:0][VecWidth-1:0] element_q;
  logic [WordWidth-1:0] weights;

  always_ff @(posedge clk_i) begin
    present_q <= {present_q[VectorLatency-2:0], beat_valid};
    // The lanes add in every cycle: zero where there is no element.
    element_q <= {element_q[1:0], present_q[VectorLatency-1] ? element : '0};
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

  // ---- lanes and results -----------------------------------------------------------------------
  logic [PixelWidth-1:0] out_pixel;

  convt_lanes #(
    .Lanes      (Couts),
    .OutChannels(OutChannels),
    .Couts      (Couts),
    .ActWidth   (VecWidth),
    .WeightWidth(WeightWidth),
    .AccWidth   (AccWidth),
    .Packing    (Packing),
    .TagWidth   (PixelWidth),
    .LaneLatency(LaneLatency),
    .BiasFile   (BiasFile)
  ) u_lanes (
    .clk_i,
    .rst_ni,
    .credit_o      (credit),
    .beat_valid_i  (beat_valid),
    .beat_first_i  (beat_first),
    .beat_last_i   (beat_last),
    .beat_column0_i(1'b0),
    .beat_fold_i   (fold_q),
    .beat_tag_i    (pixel_q),
    .act_i         (element_q[LaneLatency-VectorLatency-1]),
    .weights_i     (weights),
    .out_valid_o,
    .out_ready_i,
    .out_data_o,
    .out_tag_o     (out_pixel),
    .out_channel_o
  );

  assign out_row_o = PosWidth'(out_pixel[PixelWidth-1:PixelWidth/2]) + 1'b1;
  assign out_col_o = PosWidth'(out_pixel[PixelWidth/2-1:0]) + 1'b1;

`ifndef SYNTHESIS
  initial begin
    if (Length < 2) $fatal(1, "%m: Length=%0d, must be at least 2", Length);
  end
`endif

endmodule : convt_project
