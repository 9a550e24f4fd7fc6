// SPDX-License-Identifier: Apache-2.0
//
// board_axil_load -- what a host writes into registers, as the bytes of a network for board_loader.
//
//   word PresetWord   the preset that the image is for; anything but that of the chip is refused
//   word BeginWord    CRC-32 of the image: a load begins; refused without the preset, and while the Generator
//                     draws
//   word DataWord     the next four bytes, the lowest first; refused where nothing is loaded
//   any other         refused
//
// Latency  1 cycle, DataWord 4 taken bytes      Throughput  a word every 4 bytes of the loader
// Golden   scripts/avatar_host/pynq_model.py: ModelOverlay.write()     Test  tb/board_axil_load
module board_axil_load #(
  parameter int IndexWidth = 4,
  parameter int PresetWord = 8,
  parameter int BeginWord  = 11,
  parameter int DataWord   = 12
) (
  input logic clk_i,
  input logic rst_ni,

  input  logic                  write_valid_i,
  output logic                  write_ready_o,
  output logic                  write_good_o,
  input  logic [IndexWidth-1:0] write_index_i,
  input  logic [          31:0] write_data_i,

  input logic       busy_i,  // the Generator draws
  input logic [1:0] state_i, // of the loader

  output logic        begin_o,
  output logic [31:0] crc_o,
  output logic        byte_valid_o,
  input  logic        byte_ready_i,
  output logic [ 7:0] byte_o
);

  logic is_preset, is_begin, is_data, preset_q, last_byte;
  logic [1:0] byte_q;

  assign is_preset = write_index_i == IndexWidth'(PresetWord);
  assign is_begin = write_index_i == IndexWidth'(BeginWord);
  assign is_data = write_index_i == IndexWidth'(DataWord) && state_i == board_pkg::Loading;
  assign last_byte = byte_ready_i && byte_q == 2'd3;

  assign write_ready_o = !is_data || last_byte;
  assign write_good_o = is_data || (is_begin && preset_q && !busy_i)
                        || (is_preset && write_data_i == 32'(dcgan_shape_pkg::Preset));

  assign begin_o = write_valid_i && is_begin && preset_q && !busy_i;
  assign crc_o = write_data_i;
  assign byte_valid_o = write_valid_i && is_data;
  assign byte_o = 8'(write_data_i >> {byte_q, 3'd0});

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      preset_q <= 1'b0;
      byte_q   <= '0;
    end else begin
      if (write_valid_i && is_preset) preset_q <= write_good_o;
      if (!byte_valid_o) byte_q <= '0;
      else if (byte_ready_i) byte_q <= byte_q + 2'd1;
    end
  end

endmodule : board_axil_load
