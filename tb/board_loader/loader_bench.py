# SPDX-License-Identifier: Apache-2.0
"""board_loader beside its model: bytes go in, writes and what it tells of itself come out."""

from __future__ import annotations

import random
import zlib
from functools import cache

from avatar_host import protocol as p
from avatar_host.loader_model import LoaderModel
from cocotb.triggers import FallingEdge
from dcgan.hw.block_ram import SLICE_BITS, image_size, slices, tables
from dcgan.hw.image import image_bytes
from dcgan.hw.rom import build_roms
from dcgan.quant.int_generator import IntegerGenerator
from dcgan.quant.random_network import random_integer

from tb.lib.network import under_test
from tb.lib.scoreboard import lanes, pack
from tb.lib.stream import Stalls, always, pulse_reset, start

ADDRESS_BITS = 20  # of a load: mem_pkg
BYTE_CYCLES = 4
RUN_CYCLES = 8  # from the last byte to run_o


@cache
def other() -> IntegerGenerator:
    """Another network for the hardware under test."""
    integers = under_test().integers
    return random_integer(integers.config, 7, integers.weight_bits)


@cache
def expected_writes() -> list[tuple[int, int, int, int]]:
    """Memory, address, slice and bits of every write, in the order of an image."""
    writes = []
    folding = under_test().folding
    roms = build_roms(other(), folding)
    for memory, name in enumerate(tables(other().config, folding)):
        rom = roms[name]
        for address, values in enumerate(rom.values):
            parts = lanes(pack(values, rom.lane_width), slices(rom.width), SLICE_BITS)
            writes += [(memory, address, index, bits) for index, bits in enumerate(parts)]
    return writes


class Bench:
    """The device and its model. Bytes are offered, and writes collected, at falling edges."""

    def __init__(self, dut):
        self.dut = dut
        self.model = LoaderModel(size=image_size(other().config, under_test().folding))
        self.writes: list[tuple[int, int, int, int]] = []
        self.cycles = self.stalled = 0

    async def start(self) -> Bench:
        for name in ("begin_i", "crc_i", "spoilt_i", "byte_valid_i", "byte_i"):
            getattr(self.dut, name).value = 0
        await start(self.dut)
        await FallingEdge(self.dut.clk_i)
        return self

    async def cycle(self, byte: int | None = None) -> bool:
        """One cycle with or without a byte on offer; True if it was taken."""
        dut = self.dut
        dut.byte_valid_i.value = int(byte is not None)
        if byte is not None:
            dut.byte_i.value = byte
        taken = byte is not None and dut.byte_ready_o.value == 1
        await FallingEdge(dut.clk_i)
        self.cycles += 1
        named = dut.load_valid_o.value
        assert named.is_resolvable, f"load_valid_o is {named}"
        if int(named):
            assert dut.run_o.value == 0, "written while the Generator runs"
            self._collect(int(named), int(dut.load_o.value))
        return taken

    def _collect(self, named: int, load: int) -> None:
        memory = named.bit_length() - 1
        assert named == 1 << memory, f"a write for memories {named:b}"
        address = load >> SLICE_BITS & (1 << ADDRESS_BITS) - 1
        bits = load & (1 << SLICE_BITS) - 1
        self.writes.append((memory, address, load >> SLICE_BITS + ADDRESS_BITS, bits))

    async def rest(self, cycles: int = BYTE_CYCLES) -> None:
        for _ in range(cycles):
            await self.cycle()

    async def begin(self, crc: int) -> None:
        self.dut.begin_i.value, self.dut.crc_i.value = 1, crc
        await self.cycle()
        self.dut.begin_i.value, self.dut.crc_i.value = 0, random.getrandbits(32)
        await self.cycle()
        self.writes.clear()
        self.model.begin(crc)
        assert self.dut.run_o.value == 0, "the Generator runs while its network is exchanged"

    async def spoil(self) -> None:
        """A bit of a memory changes by itself."""
        self.dut.spoilt_i.value = 1
        await self.cycle()
        self.dut.spoilt_i.value = 0
        self.model.decay()

    async def send(self, data: bytes, stalls: Stalls = always) -> None:
        """Every byte in turn; the model gets them as well."""
        go = stalls()
        for byte in data:
            while not next(go):
                await self.cycle()
            while not await self.cycle(byte):
                self.stalled += 1
                assert self.dut.run_o.value == 0 or self.model.state == p.WHOLE
        self.model.store(data)

    async def reset(self) -> None:
        self.dut.byte_valid_i.value = 0
        await pulse_reset(self.dut)
        await FallingEdge(self.dut.clk_i)
        self.model.reset()

    async def check(self, runs: bool) -> None:
        """What the device tells after the last byte has settled, and for a while after that."""
        await self.rest()
        for wait in range(50):
            got = tuple(getattr(self.dut, f"{name}_o").value for name in ("state", "bytes", "crc"))
            assert got == self.model.words()[:3], f"{got} is not {self.model.words()[:3]}"
            assert self.dut.run_o.value == int(runs) or (runs and wait < RUN_CYCLES)
            await self.cycle()


def image() -> tuple[bytes, int]:
    data = image_bytes(other(), under_test().folding)
    return data, zlib.crc32(data)
