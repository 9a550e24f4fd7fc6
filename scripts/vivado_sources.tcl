# SPDX-License-Identifier: Apache-2.0
# The sources of rtl/files.f, in their order; a ROM folder with a shape package replaces the committed one.
proc rtl_sources {rom_dir} {
  set list [open rtl/files.f r]
  set names {}
  foreach line [split [read $list] "\n"] {
    set name [string trim $line]
    if {$name eq "" || [string match "//*" $name] || [string match "#*" $name]} continue
    if {$name eq "rtl/dcgan/dcgan_shape_pkg.sv" && [file exists $rom_dir/dcgan_shape_pkg.sv]} {
      set name $rom_dir/dcgan_shape_pkg.sv
    }
    lappend names $name
  }
  close $list
  return $names
}
