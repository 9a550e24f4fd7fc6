# SPDX-License-Identifier: Apache-2.0
"""The PYNQ driver against a model of its overlay; its Tcl against stand-ins of Vivado."""

from __future__ import annotations

import re
import subprocess
import sys
import time
import zlib
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from avatar_host import BoardError
from avatar_host.pynq_board import PynqBoard
from avatar_host.pynq_model import ModelOverlay, golden_overlay
from dcgan.core.latents import draw_z
from dcgan.hw.latent_rng import draw_latents, interpolate
from dcgan.quant.golden import GoldenGenerator

from tb.lib.build import FILE_LIST, source_files
from tb.lib.network import ROOT, exported
from tb.lib.tools import prepare_environment
from tb.vivado.tcl import run_tcl


def pixels(z: np.ndarray) -> np.ndarray:
    """A Generator that hashes its latent: uint8 [N, 3, 32, 32]."""
    seeds = [zlib.crc32(one.tobytes()) for one in z]
    images = [np.random.default_rng(s).integers(0, 256, (3, 32, 32), np.uint8) for s in seeds]
    return np.stack(images)


def board(**options) -> PynqBoard:
    return PynqBoard(ModelOverlay(pixels, lambda z: 1000), np.zeros, **options)


def rgb(z: np.ndarray) -> np.ndarray:
    return pixels(z).transpose(0, 2, 3, 1)


@pytest.mark.parametrize("batch", [1, 4, 256])
def test_avatars_come_back_in_rgb_and_in_order_whatever_the_batch(batch):
    pynq, z = board(batch=batch), draw_z(9, 1)
    assert np.array_equal(pynq.draw(z), rgb(z))
    assert np.array_equal(pynq.draw(z[3]), rgb(z)[3])
    assert np.array_equal(pynq.render(z), pixels(z))
    assert pynq.status().avatars == 9 + 1 + 9 and pynq.status().malformed == 0


def test_seeds_and_strips_are_those_of_a_board_with_a_serial_line():
    pynq, ends = board(), draw_latents(4, 2)
    assert np.array_equal(pynq.generate(7, 5), rgb(draw_latents(7, 5)))
    assert np.array_equal(pynq.interpolate(*ends, 3), rgb(interpolate(*ends, 3)))


def test_the_speed_counts_every_avatar():
    pynq = board(batch=8)
    speed = pynq.bench(20)
    assert speed.count == pynq.status().avatars == 20 and speed.cycles == 1000
    assert "100,000 a second at 100 MHz" in str(speed)


def test_the_model_of_a_network_draws_what_golden_draws():
    pynq, z = PynqBoard.model("tiny"), draw_z(2, 1)
    assert np.array_equal(pynq.render(z), GoldenGenerator(exported("tiny").integers).rgb(z))
    assert 1000 < pynq.status().cycles < 100_000


@pytest.mark.parametrize(
    ("word", "value", "text"),
    [("identity", 0, "no avatar core"), ("version", 0x206401, "version 0x206401")],
)
def test_another_core_or_version_is_refused_in_words(word, value, text):
    core = ModelOverlay(pixels)
    core.words[word] = value
    with pytest.raises(BoardError, match=text):
        PynqBoard(core, np.zeros)


@pytest.mark.parametrize(
    "z", [np.zeros(99, np.int8), np.zeros((2, 100)), np.zeros((1, 1, 100), np.int8)]
)
def test_latents_of_another_kind_are_refused(z):
    with pytest.raises(ValueError, match="latents are int8"):
        board().draw(z)


def test_a_transfer_that_does_not_end_is_given_up():
    pynq = board(patience=0.05)
    pynq.core.sendchannel.started = lambda: None
    began = time.monotonic()
    with pytest.raises(BoardError, match=r"transfer of latents did not end in 0\.05 s"):
        pynq.draw(draw_z(1, 1))
    assert time.monotonic() - began < 5


def test_a_transfer_that_ends_inside_a_latent_is_counted_and_brings_no_pixels():
    overlay = golden_overlay("tiny")
    overlay.recvchannel.transfer(np.zeros(3072, np.uint8))
    overlay.sendchannel.transfer(np.zeros(50, np.int8))
    assert overlay.words["malformed"] == 1 and not overlay.recvchannel.idle


def test_the_driver_needs_nothing_but_numpy_of_what_a_board_lacks():
    lacking = ("torch", "safetensors", "PIL", "serial", "scipy", "sklearn", "rich")
    code = f"import sys; sys.modules.update(dict.fromkeys({lacking}))\n"
    code += "from avatar_host.pynq_board import PynqBoard"
    subprocess.run([sys.executable, "-c", code], check=True)


# ---- the overlay itself: no Vivado here, so its commands are written down ------------------------

VIVADO = r"""
proc unknown {name args} {
  puts [list $name {*}$args]
  switch -glob $name {
    get_property { return [expr {[lindex $args 0] eq "PROGRESS" ? "100%" : "0.125"}] }
    get_board_parts { return {} }
    create_bd_cell { return [lindex $args end] }
    make_wrapper { return wrapper.v }
    launch_runs {
      set handoff $::project/overlay.gen/sources_1/bd/avatars/hw_handoff
      file mkdir $::project/overlay.runs/impl_1 $handoff
      close [open $::project/overlay.runs/impl_1/avatars_wrapper.bit w]
      close [open $handoff/avatars.hwh w]
    }
    get_* { return [lindex $args end] }
  }
}
"""
NEEDED = {
    "intf": Counter(
        "ps/M_AXI_GP0 ps/S_AXI_HP0 dma/S_AXI_LITE dma/M_AXIS_MM2S dma/S_AXIS_S2MM dma/M_AXI_MM2S "
        "dma/M_AXI_S2MM avatar_dcgan/s_axis avatar_dcgan/m_axis avatar_dcgan/s_axil "
        "control/S00_AXI control/M00_AXI control/M01_AXI "
        "memory/S00_AXI memory/S01_AXI memory/M00_AXI".split()
    ),
    "clock": {"ps/M_AXI_GP0_ACLK", "ps/S_AXI_HP0_ACLK", "avatar_dcgan/aclk", "control/aclk"}
    | {f"dma/{name}_aclk" for name in ("s_axi_lite", "m_axi_mm2s", "m_axi_s2mm")}
    | {"memory/aclk", "reset/slowest_sync_clk"},
    "reset": {f"{name}/aresetn" for name in ("avatar_dcgan", "control", "memory")}
    | {"dma/axi_resetn"},
}


def test_the_tcl_of_the_overlay_joins_every_interface_clock_and_reset(tmp_path):
    script = ROOT / "scripts" / "vivado_pynq_z2_overlay.tcl"
    said = run_tcl(script, ["rtl/rom", tmp_path, "xc7z020clg400-1"], VIVADO, tmp_path)
    pairs = re.findall(r"^connect_bd_intf_net (\S+) (\S+)$", said, re.MULTILINE)
    assert Counter(pin for pair in pairs for pin in pair) == NEEDED["intf"]
    nets = re.findall(r"^connect_bd_net (\S+) (\S+)$", said, re.MULTILINE)
    assert {to for source, to in nets if source == "ps/FCLK_CLK0"} == NEEDED["clock"]
    assert {to for source, to in nets if source == "reset/peripheral_aresetn"} == NEEDED["reset"]
    for name in ("avatars.bit", "avatars.hwh"):
        assert (tmp_path / name).is_file()
    (files,) = re.findall(r"^add_files \{(.*)\}$", said, re.MULTILINE)
    wanted = [
        str(f.relative_to(ROOT)) for f in source_files([FILE_LIST], exported("compact").package)
    ]
    assert files.split() == [*wanted, str(tmp_path / "avatar_dcgan.v")]
    assert f'RomDir = "{ROOT / "rtl" / "rom"}"' in (tmp_path / "avatar_dcgan.v").read_text()


def test_the_verilog_around_the_core_elaborates():
    prepare_environment()
    command = ["verilator", "--lint-only", "-Wall", "-Irtl/stream", "--top-module", "avatar_dcgan"]
    command += ["scripts/verilator.vlt", "scripts/pynq_z2/avatar_dcgan.v"]
    command += map(str, source_files([FILE_LIST], exported("tiny").package))
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_notebook_runs_on_the_model(tmp_path):
    nbformat = pytest.importorskip("nbformat")
    from nbclient import NotebookClient

    path = Path(ROOT / "scripts" / "pynq_z2" / "avatars.ipynb")
    notebook = nbformat.read(path, as_version=4)
    assert not any(cell.get("outputs") for cell in notebook.cells), "clear the outputs first"
    NotebookClient(notebook, timeout=60, resources={"metadata": {"path": tmp_path}}).execute()
    outputs = [out for cell in notebook.cells for out in cell.get("outputs", [])]
    pictures = [out for out in outputs if "image/png" in out.get("data", {})]
    text = "".join(out.get("text", "") for out in outputs)
    assert len(pictures) == 3 and "a second" in text
