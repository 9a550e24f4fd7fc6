# SPDX-License-Identifier: Apache-2.0
"""The PYNQ core draws avatars for third-party AXI drivers and reports them in its registers."""

from __future__ import annotations

import logging
import zlib

import cocotb
import numpy as np
from avatar_host import protocol as p
from avatar_host.images import network_image
from avatar_host.pynq_board import REGISTERS, VERSION
from cocotb.triggers import ClockCycles
from cocotbext.axi import (
    AxiLiteBus,
    AxiLiteMaster,
    AxiResp,
    AxiStreamBus,
    AxiStreamFrame,
    AxiStreamSink,
    AxiStreamSource,
)
from dcgan.core.latents import LATENT
from dcgan.core.shapes import preset
from dcgan.hw.latent_rng import draw_latents
from dcgan.quant.golden import GoldenGenerator
from dcgan.quant.random_network import random_integer

from tb.lib.build import run_cocotb
from tb.lib.network import exported, under_test
from tb.lib.stream import start

IDENTITY = 0x4443474E
NEARLY = 20  # cycles before the watchdog loses its patience


async def connected(dut) -> tuple[AxiStreamSource, AxiLiteMaster, AxiStreamSink]:
    """Drivers of latents, registers and pixels, and the core after its reset."""
    logging.getLogger("cocotb").setLevel(logging.WARNING)
    clock = (dut.aclk, dut.aresetn, False)
    source = AxiStreamSource(AxiStreamBus.from_prefix(dut, "s_axis"), *clock)
    registers = AxiLiteMaster(AxiLiteBus.from_prefix(dut, "s_axil"), *clock)
    sink = AxiStreamSink(AxiStreamBus.from_prefix(dut, "m_axis"), *clock)
    await start(dut, "aclk", "aresetn")
    return source, registers, sink


@cocotb.test()
async def whole_transfers_and_the_registers(dut):
    source, registers, sink = await connected(dut)

    async def word(index: int) -> int:
        return int.from_bytes((await registers.read(4 * index, 4)).data, "little")

    assert await word(0) == IDENTITY
    assert await word(1) == p.SIDE << 16 | p.LATENT << 8 | VERSION
    assert [await word(index) for index in (2, 3, 4, 12, 13)] == [0] * 5
    golden = GoldenGenerator(under_test().integers)
    for count in (1, 2):  # avatars a transfer
        z = draw_latents(count, count)
        await source.send(AxiStreamFrame(z.tobytes()))
        transfer = bytes((await sink.recv()).tdata)
        got = np.frombuffer(transfer, np.uint8).reshape(count, 32, 32, 3)
        assert (got == golden.rgb(z).transpose(0, 2, 3, 1)).all()
    assert await word(3) == 3
    assert await word(5) > 0 and await word(6) > 0


async def impatience(dut) -> None:
    """The millions of cycles after which the watchdog restarts what stands still, made few."""
    patience = int(dut.u_watchdog.Cycles.value)
    dut.u_watchdog.count_q.value = patience - NEARLY
    await ClockCycles(dut.aclk, 4 * NEARLY)


@cocotb.test()
async def who_stands_still_restarts_and_who_waits_for_the_host_does_not(dut):
    source, registers, sink = await connected(dut)

    async def word(name: str) -> int:
        answer = await registers.read(REGISTERS[name], 4)
        return int.from_bytes(answer.data, "little")

    async def restarts_of_the_impatient() -> int:
        await impatience(dut)
        return await word("restarts")

    await ClockCycles(dut.aclk, 200)  # the parameters are read
    assert await restarts_of_the_impatient() == 0, "nobody asked for anything"
    sink.pause = True
    await source.send(AxiStreamFrame(draw_latents(5, 1).tobytes()))
    while not dut.m_axis_tvalid.value:
        await ClockCycles(dut.aclk, NEARLY)
    assert await restarts_of_the_impatient() == 0, "its pixels are not taken"
    assert await word("busy") == 1
    sink.pause = False
    await sink.recv()
    await source.send(AxiStreamFrame(draw_latents(6, 1).tobytes()))
    await ClockCycles(dut.aclk, LATENT // 2)
    source.pause = True  # the Generator waits for the rest
    await ClockCycles(dut.aclk, NEARLY)
    assert await restarts_of_the_impatient() == 1
    assert (await word("busy"), await word("avatars")) == (0, 0)
    source.pause = False  # what is left is no latent any more
    z = draw_latents(7, 1)
    await source.send(AxiStreamFrame(z.tobytes()))
    got = np.frombuffer(bytes((await sink.recv()).tdata), np.uint8).reshape(1, 32, 32, 3)
    assert (got == GoldenGenerator(under_test().integers).rgb(z).transpose(0, 2, 3, 1)).all()
    assert (await word("malformed"), await word("avatars")) == (1, 1)


@cocotb.test()
async def a_network_is_loaded_through_registers_and_draws(dut):
    """The last test: memories keep what is loaded."""
    source, registers, sink = await connected(dut)

    async def word(name: str) -> int:
        answer = await registers.read(REGISTERS[name], 4)
        return int.from_bytes(answer.data, "little")

    async def write(name: str, value: int) -> bool:
        answer = await registers.write(REGISTERS[name], value.to_bytes(4, "little"))
        return answer.resp == AxiResp.OKAY

    async def identity() -> int:
        """It is read from a memory, some hundred cycles after a reset or a load."""
        for _ in range(100):
            if told := await word("network"):
                return told
        raise AssertionError("no network is ever told")

    other = random_integer(preset("tiny"), seed=8)
    image = network_image(other)
    crc = zlib.crc32(image.data)
    assert await identity() == under_test().integers.identity
    assert not await write("preset", image.preset ^ 1)
    assert not await write("load_crc", crc), "the preset was not said"
    assert not await write("load_data", 0), "nothing is being loaded"
    assert not await write("avatars", 0), "it can only be read"
    assert await write("preset", await word("preset"))
    assert await write("load_crc", crc)
    assert await word("load_state") == p.LOADING
    z = draw_latents(4, 2)
    await source.send(AxiStreamFrame(z.tobytes()))
    await ClockCycles(dut.aclk, 2 * LATENT)
    await impatience(dut)
    assert await word("restarts") == 0, "latents wait for a whole network"
    if cocotb.SIM_NAME.startswith("Icarus"):
        return  # whose time a whole network would be
    await registers.write(REGISTERS["load_data"], image.data[:4])
    for value in np.frombuffer(image.data[4:], "<u4").tolist():
        assert await write("load_data", value)
    assert await identity() == other.identity
    assert (await word("load_state"), await word("load_bytes")) == (p.WHOLE, len(image.data))
    got = np.frombuffer(bytes((await sink.recv()).tdata), np.uint8).reshape(2, 32, 32, 3)
    assert (got == GoldenGenerator(other).rgb(z).transpose(0, 2, 3, 1)).all()


def test_board_pynq_z2(simulator):
    parameters = {"RomDir": str(exported("tiny").rom_dir)}
    run_cocotb("board_pynq_z2", __file__, simulator, parameters=parameters, min_tests=3)
