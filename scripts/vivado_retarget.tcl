# SPDX-License-Identifier: Apache-2.0
# Another network into a routed overlay: other contents of its block RAMs, and a bitstream of that.
#
#   vivado -mode batch -source scripts/vivado_retarget.tcl -tclargs CHECKPOINT FILL OUT_DIR
#
# FILL are the commands of scripts/synth_flow/columns.py. Writes OUT_DIR/filled.txt, what the block RAMs hold then, and
# OUT_DIR/filled.bit; `make retarget` compares the one before it keeps the other. Run it in the repository root.
if {$argc != 3} {
  puts stderr "error: expected CHECKPOINT FILL OUT_DIR; run `make retarget BOARD=pynq_z2 NETWORK=...`"
  exit 2
}
lassign $argv checkpoint fill out_dir
source scripts/vivado_blocks.tcl

open_checkpoint $checkpoint
source $fill
write_blocks $out_dir/filled.txt
write_bitstream -force $out_dir/filled.bit
