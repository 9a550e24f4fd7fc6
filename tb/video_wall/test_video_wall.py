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
BLANK = 12


async def begin(dut) -> None:
    """Both clocks run; nothing comes in, nothing is shown."""
    for name in ("pixel_valid_i", "pixel_first_i", "active_i", "x_i", "y_i", "rst_ni"):
        getattr(dut, name).value = 0
    dut.hsync_i.value = dut.vsync_i.value = 1
    cocotb.start_soon(Clock(dut.clk_i, 10, unit="ns").start())
    cocotb.start_soon(Clock(dut.video_clk_i, 10, unit="ns").start())
    await reset(dut)


async def reset(dut) -> None:
    dut.rst_ni.value = 0
    for _ in range(3):
        await FallingEdge(dut.clk_i)
    dut.rst_ni.value = 1


async def send(dut, pixels: np.ndarray) -> None:
    """The pixels of an avatar; now and then a cycle with anything but a valid one."""
    for index, (r, g, b) in enumerate(pixels.reshape(-1, 3).tolist()):
        while random.random() < 0.1:
            dut.pixel_first_i.value = random.getrandbits(1)
            dut.pixel_data_i.value = random.getrandbits(24)
            await FallingEdge(dut.clk_i)
        dut.pixel_valid_i.value = 1
        dut.pixel_first_i.value = int(index == 0)
        dut.pixel_data_i.value = r << 16 | g << 8 | b
        await FallingEdge(dut.clk_i)
        dut.pixel_valid_i.value = 0


async def screen(dut) -> np.ndarray:
    """What is shown of one frame, [height, width, 3]; the syncs are random and arrive beside it."""
    width, height = int(dut.ScreenWidth.value), int(dut.ScreenHeight.value)
    driven, seen = [], []
    await FallingEdge(dut.video_clk_i)  # the other clock may have led here
    for y in range(height + 3):
        for x in range(width + BLANK):
            signals = int(x < width and y < height), random.getrandbits(1), random.getrandbits(1)
            dut.x_i.value, dut.y_i.value = x, y
            dut.active_i.value, dut.hsync_i.value, dut.vsync_i.value = signals
            await FallingEdge(dut.video_clk_i)
            driven.append(signals)
            seen.append((dut.active_o.value, dut.hsync_o.value, dut.vsync_o.value))
            if len(driven) >= LATENCY and driven[-LATENCY][0]:
                color = dut.color_o.value
                seen[-1] += (int(color) if color.is_resolvable else 0,)
    shown = seen[LATENCY - 1 :]
    for n, (want, got) in enumerate(zip(driven, shown, strict=False)):
        assert want == got[:3], f"cycle {n}: active, hsync, vsync {got[:3]} instead of {want}"
    colors = [signals[3] for signals in shown if len(signals) > 3]
    picture = np.array([[c >> 16, c >> 8 & 255, c & 255] for c in colors], np.uint8)
    return picture.reshape(height, width, 3)


def random_avatars(count: int) -> np.ndarray:
    rng = np.random.default_rng(random.getrandbits(32))
    return rng.integers(0, 256, (count, SIDE, SIDE, 3), np.uint8)


@cocotb.test()
async def every_place_shows_its_pixel(dut):
    scale, width, height = (
        int(getattr(dut, name).value) for name in ("Scale", "ScreenWidth", "ScreenHeight")
    )
    columns, rows = width // (SIDE * scale), height // (SIDE * scale)
    avatars = random_avatars(columns * rows + 1)
    await begin(dut)
    # What was begun before a reset counts for nothing; an avatar that broke off is drawn over.
    stray = random_avatars(2)
    await send(dut, stray[0])
    await send(dut, stray[1][: SIDE // 2])
    await reset(dut)
    for avatar in avatars[:-1]:
        await send(dut, avatar)
    await send(dut, stray[0][:3])
    await send(dut, avatars[-1])

    await screen(dut)  # brings the position counters to their start
    wanted = expected_wall(avatars, scale, width, height)
    wrong = np.argwhere((await screen(dut) != wanted).any(axis=2))
    assert not len(wrong), f"{len(wrong)} pixels differ, the first at y, x = {wrong[0]}"


# Eight tiles, and one that is enlarged by no power of two.
@pytest.mark.parametrize(("scale", "width", "height"), [(1, 140, 70), (3, 200, 100)])
def test_video_wall(simulator, scale, width, height):
    parameters = {"Scale": scale, "ScreenWidth": width, "ScreenHeight": height}
    run_cocotb(
        "video_wall",
        __file__,
        simulator,
        parameters=parameters,
        sources=["rtl/video/video_wall.sv"],
    )
