# SPDX-License-Identifier: Apache-2.0
"""video_wall shows the right pixel of the right tile at every place of a small screen."""

from __future__ import annotations

import random

import cocotb
import numpy as np
import pytest
from cocotb.clock import Clock
from cocotb.triggers import FallingEdge

from tb.lib.build import run_cocotb
from tb.lib.dvi import SIDE, expected_wall

LATENCY = 5
WIDTH, HEIGHT = 140, 70
BLANK = 12


@cocotb.test()
async def every_place_shows_its_pixel(dut):
    scale = int(dut.Scale.value)
    columns, rows = WIDTH // (SIDE * scale), HEIGHT // (SIDE * scale)
    rng = np.random.default_rng(random.getrandbits(32))
    avatars = rng.integers(0, 256, (columns * rows + 1, SIDE, SIDE, 3), np.uint8)
    for name in ("pixel_valid_i", "active_i", "x_i", "y_i", "rst_ni"):
        getattr(dut, name).value = 0
    dut.hsync_i.value = dut.vsync_i.value = 1
    cocotb.start_soon(Clock(dut.clk_i, 10, unit="ns").start())
    cocotb.start_soon(Clock(dut.video_clk_i, 10, unit="ns").start())
    for _ in range(3):
        await FallingEdge(dut.clk_i)
    dut.rst_ni.value = 1
    dut.pixel_valid_i.value = 1
    for avatar in avatars:
        for index, (r, g, b) in enumerate(avatar.reshape(-1, 3).tolist()):
            dut.pixel_first_i.value = int(index == 0)
            dut.pixel_data_i.value = r << 16 | g << 8 | b
            await FallingEdge(dut.clk_i)
    dut.pixel_valid_i.value = 0

    # Two frames: the first one also brings the position counters to their start.
    seen = []
    for frame in range(2):
        for y in range(HEIGHT + 3):
            for x in range(WIDTH + BLANK):
                dut.x_i.value, dut.y_i.value = x, y
                dut.active_i.value = int(x < WIDTH and y < HEIGHT)
                await FallingEdge(dut.video_clk_i)
                if frame == 1:
                    active = int(dut.active_o.value)
                    seen.append((active, int(dut.color_o.value) if active else 0))
    shown = [color for active, color in seen[LATENCY - 1 :] if active]
    picture = np.array([[c >> 16, c >> 8 & 255, c & 255] for c in shown], np.uint8)
    assert len(shown) == WIDTH * HEIGHT
    screen = expected_wall(avatars, scale, WIDTH, HEIGHT)
    wrong = np.argwhere((picture.reshape(HEIGHT, WIDTH, 3) != screen).any(axis=2))
    assert not len(wrong), f"{len(wrong)} pixels differ, the first at y, x = {wrong[0]}"


@pytest.mark.parametrize("scale", [1, 2])
def test_video_wall(simulator, scale):
    parameters = {"Scale": scale, "ScreenWidth": WIDTH, "ScreenHeight": HEIGHT}
    run_cocotb(
        "video_wall",
        __file__,
        simulator,
        parameters=parameters,
        sources=["rtl/video/video_wall.sv"],
    )
