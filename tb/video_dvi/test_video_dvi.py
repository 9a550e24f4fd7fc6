# SPDX-License-Identifier: Apache-2.0
"""A whole frame of video_dvi, decoded by a receiver of our own, shows the wall of avatars."""

from __future__ import annotations

import random
from pathlib import Path

import cocotb
import numpy as np
import pytest
from cocotb.clock import Clock
from cocotb.triggers import FallingEdge, RisingEdge

from tb.lib.build import run_cocotb
from tb.lib.dvi import COLUMNS, LINES, SIDE, decode_frame, expected_wall
from tb.lib.network import under_test

LATENCY = 7


def golden_avatars(count: int) -> np.ndarray:
    """uint8 [count, 32, 32, 3] of the network under test."""
    from dcgan.hw.latent_rng import draw_latents
    from dcgan.quant.golden import GoldenGenerator

    integers = under_test().integers
    rgb = GoldenGenerator(integers).rgb(draw_latents(11, count))
    return rgb.transpose(0, 2, 3, 1)


async def start(dut) -> None:
    """Clocks, reset, nothing on the input."""
    dut.pixel_valid_i.value = 0
    dut.rst_ni.value = dut.video_rst_ni.value = 0
    cocotb.start_soon(Clock(dut.clk_i, 10, unit="ns").start())
    cocotb.start_soon(Clock(dut.video_clk_i, 10, unit="ns").start())
    for _ in range(4):
        await FallingEdge(dut.clk_i)
    dut.rst_ni.value = 1


async def show(dut, avatars: np.ndarray) -> None:
    """Send avatars pixel by pixel with pauses."""
    for avatar in avatars:
        for index, (red, green, blue) in enumerate(avatar.reshape(-1, 3).tolist()):
            dut.pixel_valid_i.value = 1
            dut.pixel_first_i.value = int(index == 0)
            dut.pixel_data_i.value = red << 16 | green << 8 | blue
            await FallingEdge(dut.clk_i)
            if random.random() < 0.02:
                dut.pixel_valid_i.value = 0
                await FallingEdge(dut.clk_i)
    dut.pixel_valid_i.value = 0


@cocotb.test()
async def a_decoded_frame_shows_the_latest_avatars(dut):
    scale = int(dut.Scale.value)
    tiles = (640 // (SIDE * scale)) * (480 // (SIDE * scale))
    avatars = golden_avatars(tiles + 1)  # one more than fit: the oldest is replaced
    await start(dut)
    await show(dut, avatars)

    await FallingEdge(dut.video_clk_i)
    dut.video_rst_ni.value = 1
    for _ in range(LATENCY + COLUMNS * LINES):  # the second frame: counters have wrapped once
        await RisingEdge(dut.video_clk_i)
    symbols = []
    for _ in range(COLUMNS * LINES):
        await FallingEdge(dut.video_clk_i)
        word = int(dut.symbols_o.value)
        symbols.append((word & 1023, word >> 10 & 1023, word >> 20))
    picture = decode_frame(symbols)

    from PIL import Image

    target = Path("frame.png").resolve()
    Image.fromarray(picture).save(target)
    dut._log.info("frame written to %s", target)
    wrong = np.argwhere((picture != expected_wall(avatars, scale)).any(axis=2))
    assert not len(wrong), f"{len(wrong)} pixels differ, the first at y, x = {wrong[0]}"


@pytest.mark.parametrize("scale", [5, 7])
def test_video_dvi(simulator, scale):
    sources = [f"rtl/video/video_{part}.sv" for part in ("timing", "wall", "tmds", "dvi")]
    run_cocotb(
        "video_dvi",
        __file__,
        simulator,
        parameters={"Scale": scale},
        sources=sources,
        optimise=True,
    )
