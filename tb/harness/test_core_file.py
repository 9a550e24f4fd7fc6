# SPDX-License-Identifier: Apache-2.0
"""The core file for FuseSoC describes a design that FuseSoC can set up and Verilator can read."""

from __future__ import annotations

import subprocess

from tb.lib.network import ROOT
from tb.lib.tools import prepare_environment

CORE = "avatar:dcgan:generator"


def test_fusesoc_lints_the_core(tmp_path):
    prepare_environment()
    command = ["fusesoc", "--config", tmp_path / "fusesoc.conf", "--cores-root", ROOT / "rtl"]
    command += ["run", "--target=lint", "--work-root", tmp_path / "lint", CORE]
    (tmp_path / "fusesoc.conf").touch()
    ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    said = ended.stdout + ended.stderr
    assert ended.returncode == 0, said
    assert "%Warning" not in said and "deprecated" not in said, said
    assert (tmp_path / "lint" / "rom" / "layer1.hex").is_file()
