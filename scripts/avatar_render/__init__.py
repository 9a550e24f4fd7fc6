# SPDX-License-Identifier: Apache-2.0
"""Avatars from any back end, in one line: what programs of one's own import.

    from avatar_render import AvatarStream, open_render

    render = open_render("golden", "compact")
    pixels = render(z)                         # int8 [N, 100] -> uint8 [N, 3, 32, 32]
    loader = DataLoader(AvatarStream(render, seed=1), batch_size=64, num_workers=2)

It stands above dcgan, the testbench and the host, which know nothing of each other.
"""

from __future__ import annotations

from pathlib import Path

from avatar_host.renderer import BAUD, BoardRenderer
from dcgan.core.latents import draw_z
from dcgan.core.renderer import Renderer
from dcgan.render.backends import open_backend
from dcgan.render.stream import AvatarStream

from tb.sim.renderer import open_rtl

__all__ = ["BACKENDS", "AvatarStream", "Renderer", "draw_z", "open_render"]

BACKENDS = ("golden", "float", "rtl", "board")


def open_render(
    backend: str, network: str | Path, *, baud: int = BAUD, load: str | Path | None = None
) -> Renderer:
    """A renderer: z int8 [N, 100] -> avatars uint8 [N, 3, 32, 32], planes R, G, B.

    backend   "golden"  the integers of the hardware, in Python
              "float"   the PyTorch network, rounded to 8 bits at the end
              "rtl"     the SystemVerilog on Verilator, built when it first draws
              "board"   an FPGA behind its serial port
    network   a preset (compact, tiny, paper) or a .safetensors file: integers of model/quantize.py
              for golden and rtl, a checkpoint of model/train.py for float. For "board", where it
              is: a serial port such as /dev/ttyUSB0, or model:NETWORK for a model of a board
    baud      of the serial port
    load      for "board": the network, a preset or a file of integers, that is loaded into it first

    golden, rtl and board give the same pixels, and float gives them up to rounding. A renderer
    can be pickled and be used by any number of DataLoader workers, forked or spawned: each opens
    its own. Only a serial port cannot be shared: give its DataLoader num_workers=0. `close()`, or
    a `with` block, ends the simulator or frees the port.

    ValueError for an unknown back end or network; drawing raises RuntimeError in one sentence if
    the simulator fails, and avatar_host.BoardError, which is one, if the board does not answer.
    """
    if backend not in BACKENDS:
        raise ValueError(f"no back end is called '{backend}': choose one of {', '.join(BACKENDS)}")
    if backend == "board":
        return BoardRenderer(str(network), baud, str(load) if load else None)
    if load:
        raise ValueError(f"the {backend} back end draws with `network`; only a board is loaded")
    return open_backend(backend, network, open_rtl)
