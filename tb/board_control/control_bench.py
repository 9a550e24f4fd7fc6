# SPDX-License-Identifier: Apache-2.0
"""board_control between a request, a payload memory, a loader and whoever replies."""

from __future__ import annotations

import random

import cocotb
from avatar_host import protocol as p
from avatar_host.loader_model import LoaderModel
from cocotb.triggers import FallingEdge, RisingEdge
from dcgan.hw.shape_package import preset_number

from tb.lib.network import under_test
from tb.lib.stream import start

IMAGE_BYTES = 2000


class Bench:
    """The device, the payload of its request, and the model of what is loaded."""

    def __init__(self, dut):
        self.dut = dut
        self.payload = b""
        self.request: p.Frame | None = None
        network = under_test()
        preset = preset_number(network.integers.config, network.folding)
        self.loader = LoaderModel(preset=preset, size=IMAGE_BYTES)

    async def start(self) -> Bench:
        dut = self.dut
        names = ("req_valid_i", "press_i", "busy_i", "req_type_i", "req_length_i", "store_busy_i")
        for name in names:
            getattr(dut, name).value = 0
        self.show_load()
        await start(dut)
        cocotb.start_soon(self.memory())
        await FallingEdge(dut.clk_i)
        return self

    def show_load(self) -> None:
        """Drive the words of the loader."""
        state, size, crc = self.loader.words()[:3]
        self.dut.load_state_i.value = state
        self.dut.load_bytes_i.value, self.dut.load_crc_i.value = size, crc

    def load(self, state: int, size: int | None = None) -> None:
        """A loader in this state, with some bytes in their place; as it is known two cycles on."""
        self.loader.state, self.loader.crc = state, random.getrandbits(32)
        if size is None:
            size = IMAGE_BYTES if state == p.WHOLE else random.randrange(IMAGE_BYTES)
        self.loader.image = bytearray(size)
        self.show_load()

    async def memory(self) -> None:
        waiting = [0, 0]
        while True:
            await RisingEdge(self.dut.clk_i)
            index = int(self.dut.payload_index_o.value)
            self.dut.payload_data_i.value = waiting.pop(0)
            waiting.append(self.payload[index] if index < len(self.payload) else 0xEE)

    async def order(self, busy_cycles: int) -> dict[str, int]:
        """Wait for the order, be busy for a while; returns its fields.

        begins, stores: pulses of the loader and of the chunk, who then do what their model does.
        """
        dut = self.dut
        begins = stores = storing = 0
        for _ in range(100):
            await FallingEdge(dut.clk_i)
            assert not (storing and int(dut.reply_o.value)), "a reply before the chunk is stored"
            storing = max(storing - 1, 0)
            begin, store = int(dut.begin_o.value), int(dut.store_o.value)
            begins, stores = begins + begin, stores + store
            if begin:
                crc = p.BEGIN_WORDS.unpack(self.payload)[1]
                assert int(dut.begin_crc_o.value) == crc, "another CRC-32 than in the request"
            if store:
                storing = random.randint(1, 40)
            if begin or store:
                self.loader.serve(self.request)
            dut.store_busy_i.value = int(storing > 0)
            self.show_load()
            if int(dut.reply_o.value):
                break
        else:
            raise AssertionError("no order came")
        names = ("draw", "source", "count", "seed", "steps", "kind", "type", "error")
        fields = {name: int(getattr(dut, f"{name}_o").value) for name in names}
        await FallingEdge(dut.clk_i)
        assert not int(dut.reply_o.value) and not int(dut.draw_o.value)
        dut.busy_i.value = 1
        for _ in range(busy_cycles):
            await FallingEdge(dut.clk_i)
            assert not int(dut.req_ready_o.value), "ended before the work was done"
            assert not int(dut.begin_o.value) and not int(dut.store_o.value)
        dut.busy_i.value = 0
        return fields | {"begins": begins, "stores": stores}

    async def ask(self, kind: int, payload: bytes) -> dict[str, int]:
        dut = self.dut
        self.payload, self.request = payload, p.Frame(0, kind, payload)
        dut.req_type_i.value, dut.req_length_i.value = kind, len(payload)
        dut.req_valid_i.value = 1
        fields = await self.order(random.randint(1, 20))
        for _ in range(4):
            if int(dut.req_ready_o.value):
                break
            await FallingEdge(dut.clk_i)
        else:
            raise AssertionError("the request was not taken")
        await FallingEdge(dut.clk_i)
        dut.req_valid_i.value = 0
        return fields
