# SPDX-License-Identifier: Apache-2.0
"""board_dma cuts transfers into latents, packs pixels into words, ends both in the right place."""

from __future__ import annotations

import random

import cocotb
import numpy as np
from cocotb.triggers import ClockCycles

from tb.lib.build import run_cocotb
from tb.lib.stream import (
    StreamSink,
    StreamSource,
    always,
    bursty,
    pulse_reset,
    random_half,
    random_third,
    start,
)

LATENT, PIXELS = 6, 8  # a counter of bytes that went down would take another time
TRANSFERS = (1, 3, 2, 1, 4)
LONGEST_US = 20  # without a word, whatever the stalls


def image(latent: list[int]) -> np.ndarray:
    """What the stand-in of the Generator draws: uint8 [PIXELS, 3], R G B."""
    return np.random.default_rng(latent).integers(0, 256, (PIXELS, 3), np.uint8)


def expected_words(transfer: list[list[int]]) -> list[tuple[int, int]]:
    """(word, last) of a transfer of latents: the bytes R G B of all pixels, four a word."""
    words = np.concatenate([image(latent) for latent in transfer]).reshape(-1).view("<u4")
    return [(int(word), int(place == len(words) - 1)) for place, word in enumerate(words)]


class Generator:
    """A stand-in of the core: takes whole latents, draws some cycles later, drops short ones."""

    def __init__(self, dut, stalls):
        self.latents = StreamSink(dut, "z", stalls=stalls)
        self.pixels = StreamSource(dut, "pixel", stalls=stalls)
        self.dropped = 0
        self.task = cocotb.start_soon(self.draw())

    async def restart(self):
        """Forget everything, as in a reset."""
        self.task.cancel()
        self.pixels.clear()
        await self.latents.receive(self.latents.waiting)
        self.task = cocotb.start_soon(self.draw())

    async def draw(self):
        while True:
            packet, last = [], 0
            while not last:
                ((value, last),) = await self.latents.receive(1)
                packet.append(value)
            if len(packet) == LATENT:
                channels = image(packet).astype(int).T
                red, green, blue = channels
                self.pixels.enqueue((red << 16 | blue << 8 | green).tolist())
            else:
                self.dropped += 1


def random_latents(count: int) -> list[list[int]]:
    return [[random.randrange(256) for _ in range(LATENT)] for _ in range(count)]


def beats(transfer: list[list[int]]) -> list[tuple[int, int]]:
    values = [value for latent in transfer for value in latent]
    return [(value, int(place == len(values) - 1)) for place, value in enumerate(values)]


@cocotb.test()
@cocotb.parametrize(
    source=[always, bursty, random_half],
    core=[always, random_half],
    sink=[always, bursty, random_third],
)
async def transfers_end_with_their_last_avatar(dut, source, core, sink):
    latents = StreamSource(dut, "latents", stalls=source)
    Generator(dut, core)
    words = StreamSink(dut, "words", stalls=sink)
    await start(dut)
    transfers = [random_latents(count) for count in TRANSFERS]
    for transfer in transfers:  # all of them offered at once: each waits for the one before
        latents.enqueue(beats(transfer))
    for transfer in transfers:
        expected = expected_words(transfer)
        assert [tuple(beat) for beat in await words.receive(len(expected), LONGEST_US)] == expected
    assert words.waiting == 0


@cocotb.test()
async def a_transfer_that_ends_inside_a_latent_is_dropped_by_the_core(dut):
    latents = StreamSource(dut, "latents")
    core = Generator(dut, always)
    words = StreamSink(dut, "words")
    await start(dut)
    good = random_latents(2)
    latents.enqueue(beats([[1, 2, 3]]))
    latents.enqueue(beats(good))
    expected = expected_words(good)
    assert [tuple(beat) for beat in await words.receive(len(expected), LONGEST_US)] == expected
    assert core.dropped == 1


@cocotb.test()
async def a_reset_ends_a_transfer_wherever_it_is(dut):
    latents = StreamSource(dut, "latents")
    core = Generator(dut, always)
    words = StreamSink(dut, "words")
    await start(dut)
    for cycles in range(1, 2 * (LATENT + PIXELS) + 5):
        latents.enqueue(beats(random_latents(2)))
        await ClockCycles(dut.clk_i, cycles)
        await pulse_reset(dut)
        latents.clear()
        await core.restart()
        await words.receive(words.waiting)
        good = random_latents(2)
        latents.enqueue(beats(good))
        expected = expected_words(good)
        got = [tuple(beat) for beat in await words.receive(len(expected), LONGEST_US)]
        assert got == expected, f"after a reset in cycle {cycles} of a transfer"
        await ClockCycles(dut.clk_i, 5)
        assert words.waiting == 0 and core.dropped == 0


def test_board_dma(simulator):
    sources = ["rtl/board/board_dma.sv"]
    parameters = {"LatentSize": LATENT, "Pixels": PIXELS}
    run_cocotb(
        "board_dma", __file__, simulator, parameters=parameters, sources=sources, min_tests=20
    )
