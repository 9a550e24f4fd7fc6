# SPDX-License-Identifier: Apache-2.0
"""Another network into a routed overlay: Yosys cuts the memories, a stand-in is Vivado."""

from __future__ import annotations

import copy
import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from dcgan.core.shapes import preset
from dcgan.hw.rom import MANIFEST
from dcgan.quant.random_network import random_integer
from synth_flow import columns, memories, retarget, xilinx
from synth_flow.boards import ROOT, FlowError, load

from tb.lib.network import Network, changed, exported, network
from tb.vivado.netlists import blocks
from tb.vivado.tcl import run_tcl

BOARD = load("pynq_z2")
VIVADO = r"""
# A routed design is the text of its block RAMs.
proc open_checkpoint {path} { load_text [read [set file [open $path]]]; close $file }
proc load_text {text} {
  foreach line [split [string trim $text] "\n"] {
    if {[string match "cell *" $line]} {
      lassign $line - cell kind a b
      lappend ::cells $cell
      array set ::value [list $cell,REF_NAME $kind $cell,READ_WIDTH_A $a $cell,READ_WIDTH_B $b]
    } else {
      set ::value($cell,[lindex $line 0]) [lindex $line 1]
    }
  }
}
proc get_cells {args} {
  if {[lindex $args 0] eq "-hierarchical"} { return $::cells }
  return [lindex $args 0]
}
proc list_property {cell} {
  set names {INIT_A INIT_FILE REF_NAME}
  foreach key [array names ::value "$cell,INIT*_??"] { lappend names [lindex [split $key ,] 1] }
  return $names
}
proc get_property {name cell} { return $::value($cell,$name) }
proc set_property {option pairs cell} {
  foreach {name value} $pairs { set ::value($cell,$name) $value }
}
proc write_bitstream {option path} { set file [open $path w]; puts $file "bits"; close $file }
"""
OVERLAY = "vivado_pynq_z2_overlay"
MADE = ("avatars.hwh", "overlay_timing.rpt", "overlay_utilization.rpt")


@pytest.fixture(scope="module")
def own() -> Network:
    tiny = network("tiny")
    return changed(tiny, random_integer(preset("tiny"), 11), tiny.folding).export()


@pytest.fixture(scope="module")
def folder() -> Path:
    """Yosys reads and writes below the repository only."""
    made = ROOT / "build" / "tb" / "vivado"
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir(parents=True)
    return made


@pytest.fixture(scope="module")
def shapes(own) -> dict[str, int]:
    files = json.loads((own.rom_dir / MANIFEST).read_text())["files"]
    return {name: entry["width"] for name, entry in files.items() if name.endswith(".hex")}


@pytest.fixture(scope="module")
def marked(own, shapes, folder) -> tuple[Path, str]:
    """Folder of the markers, and block RAMs that hold them."""
    markers = folder / "markers"
    memories.write_markers(own.rom_dir, own.package, markers)
    return markers, blocks(markers, sorted(shapes), shapes, folder)


@pytest.fixture(scope="module")
def filled(own, shapes, folder) -> dict[str, list[columns.Cell]]:
    """The block RAMs that Yosys makes of a network itself."""
    return {
        chosen.name: columns.parse(blocks(chosen.rom_dir, sorted(shapes), shapes, folder))
        for chosen in (exported("tiny"), own)
    }


def same(one: list[columns.Cell], other: list[columns.Cell]) -> bool:
    return [(c.name, c.kind, c.width) for c in one] == [
        (c.name, c.kind, c.width) for c in other
    ] and all(
        (a.arrays[name] == b.arrays[name]).all()
        for a, b in zip(one, other, strict=True)
        for name in a.arrays
    )


def test_filled_markers_are_what_yosys_makes_of_the_network(own, shapes, marked, filled):
    markers, text = marked
    cells = columns.parse(text)
    found = columns.find(cells, markers)
    for chosen in (exported("tiny"), own):
        before = copy.deepcopy(cells)
        columns.fill(cells, found, chosen.rom_dir)
        assert {cell.width for cell in cells} > {36} and not same(before, cells)
        assert same(cells, filled[chosen.name])
        counts = columns.compare(cells, found, chosen.rom_dir)
        assert set(counts) == set(shapes)
        assert all(counts[rom] >= width for rom, width in shapes.items())


def test_one_flipped_bit_of_any_rom_is_named(own, marked):
    markers, text = marked
    cells = columns.parse(text)
    found = columns.find(cells, markers)
    columns.fill(cells, found, own.rom_dir)
    seen = set()
    views = {(cell.name, array): view for cell in cells for array, view in cell.views()}
    for (name, array, line), place in found.items():
        if place.rom in seen:
            continue
        seen.add(place.rom)
        views[name, array][0, line] ^= 1
        with pytest.raises(FlowError, match=f"bit {place.bit} of {place.rom}"):
            columns.compare(cells, found, own.rom_dir)
        views[name, array][0, line] ^= 1
    assert len(seen) == len(list(markers.glob("*.hex")))
    columns.compare(cells, found, own.rom_dir)


def test_a_rom_that_is_nowhere_is_named(marked):
    markers, text = marked
    cells = columns.parse(text)
    found = columns.find(cells, markers)
    holds = {name for (name, _, _), place in found.items() if place.rom == "layer2.hex"}
    rest = [cell for cell in cells if cell.name not in holds]
    with pytest.raises(FlowError, match=r"no block RAM .* layer2\.hex: is it in registers"):
        columns.find(rest, markers)


@pytest.mark.parametrize("text", ["cell a RAMB8 9 9", "INIT_0G 256'h0", "nonsense"])
def test_a_foreign_text_is_refused(text):
    with pytest.raises(FlowError):
        columns.parse(f"cell a RAMB18E1 18 18\n{text}\n")


def test_a_text_whose_first_lines_are_lost_is_refused():
    with pytest.raises(FlowError, match="line 1 "):
        columns.parse("INIT_00 256'h0\n")


# ---- the whole way, with a stand-in of Vivado ----------------------------------------------------


@pytest.fixture
def vivado(monkeypatch, marked):
    """Instead of Vivado: the overlay is the block RAMs that Yosys made, retarget's Tcl is run."""
    ran = []

    def run(name: str, *words: str, log: Path, accept: tuple[int, ...] = (0,)) -> float:
        if name != "vivado":
            return real(name, *words, log=log, accept=accept)
        script, arguments = words[words.index("-source") + 1], words[words.index("-tclargs") + 1 :]
        ran.append(Path(script).stem)
        if ran[-1] == OVERLAY:
            out = ROOT / arguments[1]
            assert (ROOT / arguments[0] / "layer1.hex").is_file() and arguments[2] == BOARD.device
            for made in (*MADE, "avatars.bit"):
                (out / made).write_text("made")
            (out / "avatars.dcp").write_text(marked[1])
            (out / "blocks.txt").write_text(marked[1])
            return 0.0
        run_tcl(ROOT / script, arguments, VIVADO, log.parent)
        return 0.0

    real = xilinx.tools.run
    monkeypatch.setattr(xilinx.tools, "run", run)
    return ran


def test_a_network_takes_the_overlay_that_another_had_routed(own, vivado, folder, filled):
    design = folder / "design"
    shutil.rmtree(design, ignore_errors=True)
    said: list[str] = []
    for chosen, out in ((exported("tiny"), design), (own, folder / "own")):
        board = replace(BOARD, network=chosen.name)
        preset_folder = xilinx.route_preset(
            board, design, chosen.rom_dir, chosen.package, said.append
        )
        counts = xilinx.fill(board, preset_folder, chosen.rom_dir, out)
        assert (out / "avatars.bit").is_file() and not (out / "filled.bit").exists()
        assert json.loads((out / "report.json").read_text())["data_lines_read_back"] == counts
        assert not (preset_folder / "avatars.bit").exists()
        got = columns.parse((out / "filled.txt").read_text())
        assert same(got, filled[chosen.name])
    assert vivado == [OVERLAY, "vivado_retarget", "vivado_retarget"] and len(said) == 1


def test_what_a_bitstream_does_not_hold_is_not_kept(own, vivado, folder, monkeypatch):
    design, out = folder / "spoilt", folder / "spoilt_own"
    for one in (design, out):
        shutil.rmtree(one, ignore_errors=True)
    preset_folder = xilinx.route_preset(BOARD, design, own.rom_dir, own.package, lambda _: None)
    out.mkdir()
    (out / "avatars.bit").write_text("of before")
    monkeypatch.setattr(columns, "commands", lambda before, after: "# nothing is set\n")
    with pytest.raises(FlowError, match="was not kept"):
        xilinx.fill(BOARD, preset_folder, own.rom_dir, out)
    assert (out / "avatars.bit").read_text() == "of before"


def test_a_damaged_checkpoint_is_routed_again(own, vivado, folder):
    design = folder / "damaged"
    shutil.rmtree(design, ignore_errors=True)
    for _ in range(2):
        made = xilinx.route_preset(BOARD, design, own.rom_dir, own.package, lambda _: None)
    assert vivado == [OVERLAY]
    (made / "avatars.dcp").write_text("something else")
    xilinx.route_preset(BOARD, design, own.rom_dir, own.package, lambda _: None)
    assert vivado == [OVERLAY] * 2
    assert retarget.ROUTED in {path.name for path in made.iterdir()}
