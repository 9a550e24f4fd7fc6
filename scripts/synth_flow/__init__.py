"""From RTL to a bitstream with open tools: board data, Yosys, register packing, nextpnr, report."""
