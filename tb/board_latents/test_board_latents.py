# SPDX-License-Identifier: Apache-2.0
"""board_latents streams the z packets of every kind of request, equal to the model."""

from __future__ import annotations

import random
from collections.abc import Iterator

import cocotb
import numpy as np
from cocotb.triggers import ClockCycles, FallingEdge, RisingEdge
from dcgan.hw.latent_rng import LATENT, clamp, draw_latents, interpolate

from tb.lib.build import run_cocotb
from tb.lib.stream import StreamSink, always, bursty, pulse_reset, random_third, start

LATENT_KIND, SEED_KIND, LINE_KIND = range(3)
SOURCES = [
    "rtl/dcgan/dcgan_shape_pkg.sv",
    "rtl/board/board_pkg.sv",
    "rtl/latent/latent_cdf_pkg.sv",
    "rtl/latent/latent_xorshift.sv",
    "rtl/latent/latent_gaussian.sv",
    "rtl/latent/latent_lerp.sv",
    "rtl/board/board_latents.sv",
]


def long_pauses() -> Iterator[bool]:
    """Longer than the generator needs for the next number, which must wait as well."""
    while True:
        yield from [False] * 64
        yield True


async def payload_memory(dut, payload: bytes) -> None:
    """The read port of board_request: two cycles from index to byte."""
    waiting = [0, 0]
    while True:
        await RisingEdge(dut.clk_i)
        index = int(dut.payload_index_o.value)
        dut.payload_data_i.value = waiting.pop(0)
        waiting.append(payload[index] if index < len(payload) else 0)


async def order(dut, kind: int, count: int, seed: int = 0, steps: int = 1) -> None:
    await FallingEdge(dut.clk_i)
    dut.source_i.value, dut.count_i.value = kind, count
    dut.seed_i.value, dut.steps_i.value = seed, steps
    dut.start_i.value = 1
    await FallingEdge(dut.clk_i)
    dut.start_i.value = 0


async def packets(dut, sink: StreamSink, count: int) -> np.ndarray:
    """int8 [count, 100]; `last` must be where it belongs, and the module idle afterwards."""
    beats = await sink.receive(count * LATENT)
    assert [i for i, beat in enumerate(beats) if beat.last] == [
        LATENT * (i + 1) - 1 for i in range(count)
    ]
    for _ in range(40):
        await FallingEdge(dut.clk_i)
    assert int(dut.busy_o.value) == 0 and sink.waiting == 0
    return np.array([beat.data for beat in beats], np.uint8).view(np.int8).reshape(count, LATENT)


async def prepare(dut, stalls) -> StreamSink:
    dut.start_i.value = 0
    sink = StreamSink(dut, "z", stalls)
    await start(dut)
    return sink


@cocotb.test()
@cocotb.parametrize(stalls=[always, bursty, random_third, long_pauses])
async def seeds_give_the_latents_of_the_model(dut, stalls):
    sink = await prepare(dut, stalls)
    for seed in (0, 2**64 - 1):
        await order(dut, SEED_KIND, 2, seed)
        assert (await packets(dut, sink, 2) == draw_latents(seed, 2)).all()


@cocotb.test()
@cocotb.parametrize(stalls=[always, random_third])
async def a_latent_passes_with_minus_128_clamped(dut, stalls):
    sink = await prepare(dut, stalls)
    z = np.frombuffer(random.randbytes(98) + b"\x80\x7f", np.int8)
    task = cocotb.start_soon(payload_memory(dut, b"\0" + z.tobytes()))
    await order(dut, LATENT_KIND, 1)
    assert (await packets(dut, sink, 1) == clamp(z)).all()
    task.cancel()


@cocotb.test()
@cocotb.parametrize(inner=[0, 3, 6])
async def a_line_equals_equations_12_and_13(dut, inner):
    sink = await prepare(dut, always)
    ends = [np.frombuffer(random.randbytes(99) + b"\x80", np.int8) for _ in range(2)]
    task = cocotb.start_soon(payload_memory(dut, b"\0\0" + b"".join(e.tobytes() for e in ends)))
    await order(dut, LINE_KIND, inner + 2, steps=inner + 1)
    assert (await packets(dut, sink, inner + 2) == interpolate(*ends, inner)).all()
    task.cancel()


@cocotb.test()
async def a_reset_ends_what_is_under_way(dut):
    sink = await prepare(dut, always)
    payload = b"\0" + random.randbytes(2 * LATENT + 1)
    wanted = clamp(np.frombuffer(payload[1 : 1 + LATENT], np.int8))
    cocotb.start_soon(payload_memory(dut, payload))
    for kind in (LATENT_KIND, SEED_KIND, LINE_KIND):
        for cycles in (random.randint(1, 100), random.randint(100, 1500), 0):
            await order(dut, kind, 3, seed=1, steps=2)
            await ClockCycles(dut.clk_i, max(cycles, 1))
            while not cycles and dut.z_valid_o.value == 0:  # or while a byte is on offer
                await FallingEdge(dut.clk_i)
            await pulse_reset(dut)
            assert int(dut.busy_o.value) == 0
            await sink.receive(sink.waiting)
            await order(dut, LATENT_KIND, 1)
            assert (await packets(dut, sink, 1) == wanted).all()


@cocotb.test()
async def an_order_that_comes_too_early_changes_nothing(dut):
    sink = await prepare(dut, always)
    await order(dut, SEED_KIND, 2, seed=5)
    await sink.receive(LATENT // 2)
    await order(dut, LINE_KIND, 7, steps=3)
    rest = await sink.receive(2 * LATENT - LATENT // 2)
    wanted = draw_latents(5, 2).reshape(-1)[LATENT // 2 :].view(np.uint8)
    assert [beat.data for beat in rest] == wanted.tolist()
    await ClockCycles(dut.clk_i, 100)
    assert int(dut.busy_o.value) == 0 and sink.waiting == 0


@cocotb.test()
async def the_count_of_a_long_request_has_every_bit(dut):
    """Tens of thousands of packets take hours: how many are made is put there, next to the end."""
    sink = await prepare(dut, always)
    for count, steps in ((2**15 + 1, 255), (2**15 - 1, 0), (2**8 + 1, 85)):
        await order(dut, SEED_KIND, count, seed=count, steps=steps)
        await FallingEdge(dut.clk_i)
        dut.packet_q.value = count - 2
        assert (await packets(dut, sink, 2) == draw_latents(count, 2)).all(), f"of {count}"


def test_board_latents(simulator):
    run_cocotb(
        "board_latents",
        __file__,
        simulator,
        sources=SOURCES,
        min_tests=12,
    )
