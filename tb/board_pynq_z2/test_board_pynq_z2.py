# SPDX-License-Identifier: Apache-2.0
"""The PYNQ core draws avatars for third-party AXI drivers and reports them in its registers."""

from __future__ import annotations

import logging

import cocotb
import numpy as np
from cocotbext.axi import (
    AxiLiteBus,
    AxiLiteMaster,
    AxiStreamBus,
    AxiStreamFrame,
    AxiStreamSink,
    AxiStreamSource,
)
from dcgan.hw.latent_rng import draw_latents
from dcgan.quant.golden import GoldenGenerator

from tb.lib.build import run_cocotb
from tb.lib.network import exported, under_test
from tb.lib.stream import start

IDENTITY = 0x4443474E


@cocotb.test()
async def whole_transfers_and_the_registers(dut):
    logging.getLogger("cocotb").setLevel(logging.WARNING)
    clock = (dut.aclk, dut.aresetn, False)
    source = AxiStreamSource(AxiStreamBus.from_prefix(dut, "s_axis"), *clock)
    status = AxiLiteMaster(AxiLiteBus.from_prefix(dut, "s_axil"), *clock)
    sink = AxiStreamSink(AxiStreamBus.from_prefix(dut, "m_axis"), *clock)
    await start(dut, "aclk", "aresetn")

    async def word(index: int) -> int:
        return int.from_bytes((await status.read(4 * index, 4)).data, "little")

    assert await word(0) == IDENTITY
    assert await word(3) == 0
    golden = GoldenGenerator(under_test().integers)
    for count in (1, 2):  # avatars a transfer
        z = draw_latents(count, count)
        await source.send(AxiStreamFrame(z.tobytes()))
        transfer = bytes((await sink.recv()).tdata)
        got = np.frombuffer(transfer, np.uint8).reshape(count, 32, 32, 3)
        assert (got == golden.rgb(z).transpose(0, 2, 3, 1)).all()
    assert await word(3) == 3
    assert await word(5) > 0 and await word(6) > 0


def test_board_pynq_z2(simulator):
    parameters = {"RomDir": str(exported("tiny").rom_dir)}
    run_cocotb("board_pynq_z2", __file__, simulator, parameters=parameters)
