# SPDX-License-Identifier: Apache-2.0
"""Tcl for Vivado, run by a plain interpreter: Vivado's own commands are stand-ins."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from synth_flow.boards import ROOT


def run_tcl(script: Path, arguments: Sequence[object], stand_ins: str, folder: Path) -> str:
    """What `script` prints in the repository root with `arguments`; what is run stays in `folder`.

    AssertionError with its complaint if it fails.
    """
    if shutil.which("tclsh") is None:
        # Only Vivado's users need Tcl, and it has its own; .ci/run installs one.
        pytest.skip("tclsh is missing: apt-get install tcl")
    given = " ".join(f'"{word}"' for word in arguments)
    head = f"set argv [list {given}]\nset argc {len(arguments)}\n"
    whole = folder / f"{script.stem}_run.tcl"
    whole.write_text(f"{head}{stand_ins}\nsource {script}\n")
    done = subprocess.run(["tclsh", whole], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout
