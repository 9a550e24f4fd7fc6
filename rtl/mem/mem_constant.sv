// SPDX-License-Identifier: Apache-2.0
//
// mem_constant -- a number that is contents, as the words of a ROM are, and no part of the netlist.
//
// Place and route see look-up tables without inputs, not the number.  Designs that differ in such numbers alone are
// placed alike: a board has one placement for every clock (rtl/board/README.md).
// With `SYNTHESIS_ECP5` defined each bit is a LUT4 that is kept; otherwise the number is an assignment.
// Latency 0, and no path begins here     Golden  none (wiring)     Test  tb/mem_constant
module mem_constant #(
  parameter int Width = 8,  // at most 31
  parameter int Value = 0   // at least 0
) (
  output logic [Width-1:0] value_o
);

`ifdef SYNTHESIS_ECP5

  for (genvar bit_index = 0; bit_index < Width; bit_index++) begin : gen_bit
    (* keep *)
    LUT4 #(
      .INIT({16{1'(Value >> bit_index)}})
    ) u_lut (
      .A(1'b0),
      .B(1'b0),
      .C(1'b0),
      .D(1'b0),
      .Z(value_o[bit_index])
    );
  end : gen_bit

`else

  assign value_o = Width'(Value);

`endif

`ifndef SYNTHESIS
  initial begin
    if (Width < 1 || Width > 31 || Value < 0 || (Value >> Width) != 0)
      $fatal(1, "%m: Value=%0d is no number of Width=%0d bits", Value, Width);
  end
`endif

endmodule : mem_constant
