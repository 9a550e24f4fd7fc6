# SPDX-License-Identifier: Apache-2.0
"""The real host program draws avatars through a pseudo-terminal on the simulated board top.

The program runs as a process of its own and knows nothing of the simulation: it opens what looks
like a serial port. Cocotb carries bytes between the terminal and the two serial pins.
"""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
import tty
import zlib
from pathlib import Path

import cocotb
import numpy as np
from cocotb.clock import Clock
from cocotb.triggers import Timer
from dcgan.core.images import GAP
from dcgan.core.shapes import IMAGE_SIZE
from dcgan.hw.latent_rng import draw_latents, interpolate
from dcgan.quant.golden import GoldenGenerator
from PIL import Image

from tb.lib.build import run_cocotb
from tb.lib.network import ROOT, exported, under_test
from tb.lib.serial_line import Listener, Sender

CRYSTAL_HZ = 25_000_000  # the simulated PLL passes the crystal through
BAUD = 3_125_000
BIT_PS = 10**12 // BAUD
STEP_US = 20
# Millions of cycles: Verilator runs them all, Icarus the others.
LONG = {"skip": os.environ.get("BOARD_TESTS") == "short"}


class Terminal:
    """A pseudo-terminal whose far end is the serial pins of the board."""

    def __init__(self, dut):
        self.near, self.far = pty.openpty()
        tty.setraw(self.far)
        os.set_blocking(self.near, False)
        self.name = os.ttyname(self.far)
        self.sender = Sender(dut.ftdi_txd_i, BIT_PS)
        self.listener = Listener(dut.ftdi_rxd_o, BIT_PS)

    async def carry_until_exit(self, program: subprocess.Popen) -> None:
        while program.poll() is None:
            try:
                await self.sender.send(os.read(self.near, 4096))
            except BlockingIOError:
                await Timer(STEP_US, unit="us")
            data = self.listener.drain()
            while data:
                try:
                    data = data[os.write(self.near, data) :]
                except BlockingIOError:
                    break


async def host(dut, *arguments: str) -> str:
    """Run scripts/host.py against the simulated board; returns what it printed."""
    cocotb.start_soon(Clock(dut.clk_25mhz_i, 40, unit="ns", impl="gpi").start())
    dut.btn_i.value = 0
    dut.ftdi_txd_i.value = 1
    await Timer(4, unit="us")
    terminal = Terminal(dut)
    command = [sys.executable, str(ROOT / "scripts" / "host.py"), "--port", terminal.name]
    program = subprocess.Popen(
        [*command, "--baud", "115200", "--timeout", "120", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    await terminal.carry_until_exit(program)
    assert dut.wifi_gpio0_o.value == 1, "low, it sends the ESP32 to its boot loader"
    with program.stdout as output:
        printed = output.read()
    assert program.returncode == 0, printed
    return printed


def cells(sheet: Path, count: int) -> np.ndarray:
    """The avatars of a one-row sheet drawn at scale 1, uint8 [count, 32, 32, 3]."""
    picture = np.asarray(Image.open(sheet))
    starts = [GAP + (IMAGE_SIZE + GAP) * i for i in range(count)]
    return np.stack(
        [picture[GAP : GAP + IMAGE_SIZE, start : start + IMAGE_SIZE] for start in starts]
    )


def golden(latents: np.ndarray) -> np.ndarray:
    return GoldenGenerator(under_test().integers).rgb(latents).transpose(0, 2, 3, 1)


def seed_latents(seed: int, count: int) -> np.ndarray:
    """The latents of a seed."""
    return draw_latents(seed, count)


@cocotb.test()
async def info_names_the_network(dut):
    printed = await host(dut, "info")
    assert re.search(rf"clock_hz +{CRYSTAL_HZ}", printed), printed
    assert str(tuple(under_test().integers.config.channels[1:])) in printed


@cocotb.test(**LONG)
async def generated_avatars_are_bit_exact(dut):
    target = Path("generated.png").resolve()
    await host(
        dut, "generate", "--count", "2", "--seed", "21", "--scale", "1", "--out", str(target)
    )
    assert (cells(target, 2) == golden(seed_latents(21, 2))).all()


@cocotb.test(**LONG)
async def a_coded_strip_is_bit_exact(dut):
    target = Path("strip.png").resolve()
    words = ("--inner", "1", "--seed", "4", "--scale", "1", "--coded", "--out", str(target))
    await host(dut, "interpolate", *words)
    assert (cells(target, 3) == golden(interpolate(*seed_latents(4, 2), 1))).all()


@cocotb.test(**LONG)
async def bench_reports_the_crc_of_the_golden_pixels(dut):
    printed = await host(dut, "bench", "--count", "3", "--seed", "5")
    crc = zlib.crc32(golden(seed_latents(5, 3)).tobytes())
    assert f"{crc:08x}" in printed, printed
    assert re.search(r"cycles each", printed), printed


def test_board_ulx3s(simulator):
    short = simulator == "icarus"
    run_cocotb(
        "board_ulx3s",
        __file__,
        simulator,
        parameters={
            "Multiply": 1,
            "Post": 1,
            "Baud": BAUD,
            "RomDir": str(exported("tiny").rom_dir),
        },
        environment={"BOARD_TESTS": "short" if short else "all"},
        optimise=True,
        min_tests=1 if short else 4,
    )
