// SPDX-License-Identifier: Apache-2.0
//
// board_pkg -- the numbers of the packet protocol (rtl/board/README.md), shared by both directions.
package board_pkg;

  localparam int Protocol = 3;
  localparam int RegisterVersion = 2;  // of board_pynq_z2, which speaks no packets

  // What the info reply tells of the network: four bytes, then channels two by two.
  localparam int Planes = 3;
  localparam int Side = dcgan_shape_pkg::side(dcgan_shape_pkg::NumLayers);
  localparam int Shape = (Planes << 24) + (Side << 16)
                         + (dcgan_shape_pkg::LatentSize << 8) + Protocol;
  localparam int Channels12 = (dcgan_shape_pkg::channels(2) << 16) + dcgan_shape_pkg::channels(1);
  localparam int Channels34 = (dcgan_shape_pkg::channels(4) << 16) + dcgan_shape_pkg::channels(3);

  // Request types; a reply carries its request's type with the top bit set.
  localparam logic [7:0] TypeInfo = 8'h01;
  localparam logic [7:0] TypeLatent = 8'h02;
  localparam logic [7:0] TypeSeed = 8'h03;
  localparam logic [7:0] TypeInterpolate = 8'h04;
  localparam logic [7:0] TypeBegin = 8'h05;
  localparam logic [7:0] TypeChunk = 8'h06;
  localparam logic [7:0] TypeNetwork = 8'h07;
  localparam logic [7:0] TypeError = 8'h7F;
  localparam logic [7:0] ReplyFlag = 8'h80;

  // What a request asks the latent source for.
  localparam logic [1:0] SourceLatent = 2'd0;
  localparam logic [1:0] SourceSeed = 2'd1;
  localparam logic [1:0] SourceLine = 2'd2;

  // What a reply consists of.
  localparam logic [2:0] ReplyInfo = 3'd0;
  localparam logic [2:0] ReplyAvatars = 3'd1;
  localparam logic [2:0] ReplySummary = 3'd2;
  localparam logic [2:0] ReplyError = 3'd3;
  localparam logic [2:0] ReplyNone = 3'd4;
  localparam logic [2:0] ReplyNetwork = 3'd5;
  localparam logic [2:0] ReplyCoded = 3'd6;
  // Length in the head of a coded avatar, which ends where its CRC is right.
  localparam logic [15:0] CodedLength = '1;

  localparam logic [7:0] ErrorType = 8'd1;
  localparam logic [7:0] ErrorLength = 8'd2;
  localparam logic [7:0] ErrorArgument = 8'd3;
  localparam logic [7:0] ErrorPreset = 8'd4;
  localparam logic [7:0] ErrorNetwork = 8'd5;
  localparam logic [7:0] ErrorChunk = 8'd6;

  // State of what is loaded: board_loader.
  localparam logic [1:0] Whole = 2'd0;
  localparam logic [1:0] Loading = 2'd1;

  localparam int ChunkHead = 8;  // bytes of a chunk before its data: CRC-32 of the image, place

endpackage : board_pkg
