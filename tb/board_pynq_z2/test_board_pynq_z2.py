# SPDX-License-Identifier: Apache-2.0
"""The PYNQ core draws an avatar for third-party AXI drivers and reports it in its registers."""

from __future__ import annotations

import logging

import cocotb
import numpy as np
from cocotb.triggers import RisingEdge
from cocotbext.axi import (
    AxiLiteBus,
    AxiLiteMaster,
    AxiStreamBus,
    AxiStreamFrame,
    AxiStreamSource,
)
from dcgan.hw.latent_rng import draw_latents
from dcgan.quant.golden import GoldenGenerator

from tb.lib.build import run_cocotb
from tb.lib.network import exported, under_test
from tb.lib.stream import start

IDENTITY = 0x4443474E


@cocotb.test()
async def an_avatar_and_its_registers(dut):
    logging.getLogger("cocotb").setLevel(logging.WARNING)
    clock = (dut.aclk, dut.aresetn, False)
    source = AxiStreamSource(AxiStreamBus.from_prefix(dut, "s_axis"), *clock)
    status = AxiLiteMaster(AxiLiteBus.from_prefix(dut, "s_axil"), *clock)
    taken: list[int] = []

    async def take():
        dut.m_axis_tready.value = 1
        while True:
            await RisingEdge(dut.aclk)
            if int(dut.aresetn.value) and int(dut.m_axis_tvalid.value):
                taken.append(int(dut.m_axis_tdata.value))

    cocotb.start_soon(take())
    await start(dut, "aclk", "aresetn")

    async def word(index: int) -> int:
        return int.from_bytes((await status.read(4 * index, 4)).data, "little")

    assert await word(0) == IDENTITY
    assert await word(3) == 0
    z = draw_latents(3, 1)
    await source.send(AxiStreamFrame(z[0].tobytes()))
    while len(taken) < 1024:
        await RisingEdge(dut.aclk)
    red, blue, green = (np.array(taken) >> shift & 255 for shift in (16, 8, 0))
    got = np.stack([red, green, blue]).reshape(3, 32, 32)
    assert (got == GoldenGenerator(under_test().integers).rgb(z)[0]).all()
    assert await word(3) == 1
    assert await word(5) > 0 and await word(6) > 0


def test_board_pynq_z2(simulator):
    parameters = {"RomDir": str(exported("tiny").rom_dir)}
    run_cocotb("board_pynq_z2", __file__, simulator, parameters=parameters)
