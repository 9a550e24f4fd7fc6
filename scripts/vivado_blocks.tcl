# SPDX-License-Identifier: Apache-2.0
# Write what every block RAM of the open design holds at power-up, for scripts/synth_flow/columns.py:
#
#   cell NAME KIND READ_WIDTH_A READ_WIDTH_B        and below it
#   INIT_00 256'h...                                a parameter a line
proc write_blocks {path} {
  set file [open $path w]
  foreach cell [get_cells -hierarchical -filter {REF_NAME == RAMB36E1 || REF_NAME == RAMB18E1}] {
    set words [list cell $cell]
    foreach name {REF_NAME READ_WIDTH_A READ_WIDTH_B} {
      lappend words [get_property $name $cell]
    }
    puts $file [join $words " "]
    foreach name [lsort [list_property $cell]] {
      if {[regexp {^INITP?_[0-9A-F][0-9A-F]$} $name]} {
        puts $file "$name [get_property $name $cell]"
      }
    }
  }
  close $file
}
