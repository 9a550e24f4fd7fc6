# SPDX-License-Identifier: Apache-2.0
# Package the Generator as an IP core for the Zynq-7020 and report its resources and timing.
#
#   vivado -mode batch -source scripts/vivado_pynq_z2.tcl -tclargs ROM_DIR OUT_DIR PART
#
# Writes OUT_DIR/ip (a repository for the IP catalogue), utilization.rpt and timing.rpt.
# Run it in the repository root: ROM paths are relative to it.
if {$argc != 3} {
  puts stderr "error: expected ROM_DIR OUT_DIR PART; run `make synth BOARD=pynq_z2`"
  exit 2
}
lassign $argv rom_dir out_dir part
set top board_pynq_z2

create_project -in_memory -part $part
set_property target_language Verilog [current_project]

source scripts/vivado_sources.tcl
foreach name [rtl_sources $rom_dir] {
  read_verilog -sv $name
}
read_xdc constraints/$top.xdc

set rom_path [file normalize $rom_dir]
synth_design -top $top -part $part -mode out_of_context -include_dirs rtl/stream \
  -verilog_define SYNTHESIS -generic RomDir=$rom_path
opt_design
place_design
phys_opt_design
route_design
report_utilization -file $out_dir/utilization.rpt
report_timing_summary -file $out_dir/timing.rpt
write_checkpoint -force $out_dir/$top.dcp

set slack [get_property SLACK [get_timing_paths -max_paths 1]]
puts "worst slack $slack ns"

# AXI interfaces are found by their port names (s_axis_*, m_axis_*, s_axil_*).
ipx::package_checkpoint -force -root_dir $out_dir/ip -vendor avatar -library dcgan -name avatar_dcgan \
  -dcp_file $out_dir/$top.dcp
ipx::save_core [ipx::current_core]
if {$slack < 0} {
  puts stderr "error: timing was missed by [expr {-$slack}] ns, see $out_dir/timing.rpt"
  exit 1
}
