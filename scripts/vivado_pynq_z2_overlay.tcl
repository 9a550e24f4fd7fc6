# SPDX-License-Identifier: Apache-2.0
# The overlay of a PYNQ-Z2: processing system, DMA and the Generator, to a bitstream.
#
#   vivado -mode batch -source scripts/vivado_pynq_z2_overlay.tcl -tclargs ROM_DIR OUT_DIR PART
#
#                    .--------- control ---------.
#   ps M_AXI_GP0 ----|-> dma S_AXI_LITE          |
#                    '-> avatar_dcgan s_axil     |        100 MHz and one reset everywhere
#
#   ps S_AXI_HP0 <-- memory <-- dma MM2S, S2MM    dma M_AXIS_MM2S --> avatar_dcgan s_axis (latents, 8 bits)
#                                                 dma S_AXIS_S2MM <-- avatar_dcgan m_axis (pixels, 32 bits)
#
# Writes OUT_DIR/avatars.bit and avatars.hwh, which pynq.Overlay loads, avatars.dcp and blocks.txt, which `make retarget`
# goes on with, overlay_utilization.rpt and overlay_timing.rpt. Run it in the repository root.
if {$argc != 3} {
  puts stderr "error: expected ROM_DIR OUT_DIR PART; run `make synth BOARD=pynq_z2`"
  exit 2
}
lassign $argv rom_dir out_dir part
set mhz 100
set project $out_dir/overlay
source scripts/vivado_sources.tcl
source scripts/vivado_blocks.tcl

# ---- project and sources ---------------------------------------------------------------------------
create_project -force overlay $project -part $part
set boards [get_board_parts -quiet *:pynq-z2:*]
if {[llength $boards] > 0} {
  set_property board_part [lindex $boards end] [current_project]
}

# The folder of the ROMs goes into the source: a parameter of a referenced module would be one more thing to pass.
set file [open scripts/pynq_z2/avatar_dcgan.v r]
set text [string map [list "rtl/rom" [file normalize $rom_dir]] [read $file]]
close $file
set file [open $out_dir/avatar_dcgan.v w]
puts -nonewline $file $text
close $file

add_files [concat [rtl_sources $rom_dir] [list $out_dir/avatar_dcgan.v]]
set_property include_dirs [file normalize rtl/stream] [current_fileset]
set_property verilog_define SYNTHESIS [current_fileset]
update_compile_order -fileset sources_1

# ---- block design: cells ---------------------------------------------------------------------------
create_bd_design avatars

set ps [create_bd_cell -type ip -vlnv xilinx.com:ip:processing_system7:5.5 ps]
apply_bd_automation -rule xilinx.com:bd_rule:processing_system7 -config [list \
  make_external "FIXED_IO, DDR" apply_board_preset [expr {[llength $boards] > 0}] \
  Master Disable Slave Disable] $ps
# Without board files memory stays as it is: the PYNQ image has set it up before an overlay is loaded.
# The crystal must be right, because PYNQ takes the dividers of the clock from the .hwh file.
set_property -dict [list \
  CONFIG.PCW_CRYSTAL_PERIPHERAL_FREQMHZ 50 \
  CONFIG.PCW_FPGA0_PERIPHERAL_FREQMHZ $mhz \
  CONFIG.PCW_EN_CLK0_PORT 1 \
  CONFIG.PCW_EN_RST0_PORT 1 \
  CONFIG.PCW_USE_M_AXI_GP0 1 \
  CONFIG.PCW_USE_S_AXI_HP0 1] $ps

set dma [create_bd_cell -type ip -vlnv xilinx.com:ip:axi_dma:7.1 dma]
set_property -dict [list \
  CONFIG.c_include_sg 0 \
  CONFIG.c_sg_include_stscntrl_strm 0 \
  CONFIG.c_sg_length_width 26 \
  CONFIG.c_m_axi_mm2s_data_width 32 \
  CONFIG.c_m_axis_mm2s_tdata_width 8 \
  CONFIG.c_m_axi_s2mm_data_width 32 \
  CONFIG.c_s_axis_s2mm_tdata_width 32] $dma

create_bd_cell -type module -reference avatar_dcgan avatar_dcgan
create_bd_cell -type ip -vlnv xilinx.com:ip:proc_sys_reset:5.0 reset
set control [create_bd_cell -type ip -vlnv xilinx.com:ip:smartconnect:1.0 control]
set_property -dict [list CONFIG.NUM_SI 1 CONFIG.NUM_MI 2] $control
set memory [create_bd_cell -type ip -vlnv xilinx.com:ip:smartconnect:1.0 memory]
set_property -dict [list CONFIG.NUM_SI 2 CONFIG.NUM_MI 1] $memory

# ---- block design: wires ---------------------------------------------------------------------------
foreach {from to} {
  ps/M_AXI_GP0        control/S00_AXI
  control/M00_AXI     dma/S_AXI_LITE
  control/M01_AXI     avatar_dcgan/s_axil
  dma/M_AXIS_MM2S     avatar_dcgan/s_axis
  avatar_dcgan/m_axis dma/S_AXIS_S2MM
  dma/M_AXI_MM2S      memory/S00_AXI
  dma/M_AXI_S2MM      memory/S01_AXI
  memory/M00_AXI      ps/S_AXI_HP0
} {
  connect_bd_intf_net [get_bd_intf_pins $from] [get_bd_intf_pins $to]
}
foreach {from sinks} {
  ps/FCLK_CLK0 {
    ps/M_AXI_GP0_ACLK ps/S_AXI_HP0_ACLK control/aclk memory/aclk reset/slowest_sync_clk avatar_dcgan/aclk
    dma/s_axi_lite_aclk dma/m_axi_mm2s_aclk dma/m_axi_s2mm_aclk
  }
  ps/FCLK_RESET0_N {reset/ext_reset_in}
  reset/peripheral_aresetn {control/aresetn memory/aresetn dma/axi_resetn avatar_dcgan/aresetn}
} {
  foreach to $sinks {
    connect_bd_net [get_bd_pins $from] [get_bd_pins $to]
  }
}
assign_bd_address
validate_bd_design
save_bd_design

# ---- bitstream -------------------------------------------------------------------------------------
set design [get_files avatars.bd]
set_property synth_checkpoint_mode None $design
generate_target all $design
add_files -norecurse [make_wrapper -files $design -top]
set_property top avatars_wrapper [current_fileset]
update_compile_order -fileset sources_1
launch_runs impl_1 -to_step write_bitstream -jobs 2
wait_on_run impl_1
if {[get_property PROGRESS [get_runs impl_1]] ne "100%"} {
  puts stderr "error: the overlay was not built, see the logs below $project"
  exit 1
}
open_run impl_1
write_checkpoint -force $out_dir/avatars.dcp
write_blocks $out_dir/blocks.txt
report_utilization -hierarchical -file $out_dir/overlay_utilization.rpt
report_timing_summary -file $out_dir/overlay_timing.rpt
set slack [get_property SLACK [get_timing_paths -max_paths 1]]
puts "worst slack $slack ns"

file copy -force $project/overlay.runs/impl_1/avatars_wrapper.bit $out_dir/avatars.bit
# Vivado 2020.2 moved generated files from .srcs to .gen.
set handoff [glob $project/overlay.{gen,srcs}/sources_1/bd/avatars/hw_handoff/avatars.hwh]
file copy -force [lindex $handoff 0] $out_dir/avatars.hwh
if {$slack < 0} {
  puts stderr "error: timing was missed by [expr {-$slack}] ns, see $out_dir/overlay_timing.rpt"
  exit 1
}
