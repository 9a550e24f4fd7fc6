# SPDX-License-Identifier: Apache-2.0
"""Networks loaded through the serial pins: faults on the way, never an avatar of half a network."""

from __future__ import annotations

import os
import zlib

import cocotb
import pytest
from avatar_host import protocol as p
from avatar_host.images import Image, network_image
from avatar_host.links import golden_loader
from core_bench import Bench, parameters
from dcgan.core.shapes import preset
from dcgan.quant.golden import GoldenGenerator
from dcgan.quant.random_network import random_integer

from tb.lib.build import run_cocotb
from tb.lib.network import under_test

# A whole network is half a million bits, each a wake-up; test_board_line.py sends it without them.
LEVEL = os.environ.get("BOARD_TESTS", "short")
LONG = {"skip": LEVEL != "all"}


def image_of(seed: int) -> Image:
    """A network that is not the one in the ROMs."""
    return network_image(random_integer(preset("tiny"), seed=seed))


def chunks(image: Image) -> list[bytes]:
    """The payloads of a whole load, in order."""
    crc, size = zlib.crc32(image.data), p.MAX_CHUNK
    starts = range(0, len(image.data), size)
    return [p.chunk_payload(crc, at, image.data[at : at + size]) for at in starts]


async def started(dut, seed: int) -> Bench:
    """A core whose model takes networks as well."""
    bench = await Bench(dut, seed).start()

    def use(integers) -> None:
        bench.model.draw = GoldenGenerator(integers).rgb
        bench.model.avatars = 0  # its counters are in the reset of the Generator

    bench.model.loader = golden_loader(under_test().integers, use)
    return bench


async def begin(bench: Bench, image: Image) -> None:
    await bench.ask(p.BEGIN, p.begin_payload(image.preset, zlib.crc32(image.data)))


async def load(bench: Bench, image: Image) -> None:
    """A load without faults; every answer is the model's."""
    await begin(bench, image)
    for tag, payload in enumerate(chunks(image)):
        await bench.ask(p.CHUNK, payload, tag=tag % 256)
    assert bench.model.loader.state == p.WHOLE


async def draws_bit_exactly(bench: Bench, count: int) -> None:
    await bench.ask(p.SEED, p.seed_payload(count, count), count=count)


async def refuses(bench: Bench, kind: int, payload: bytes, code: int) -> None:
    frames = await bench.ask(kind, payload)
    assert p.WORD.unpack(frames[0].payload)[0] == code


async def refuses_to_draw(bench: Bench) -> None:
    await refuses(bench, p.SEED, p.seed_payload(1, 1), p.ERROR_NETWORK)


@cocotb.test()
async def a_spoilt_load_draws_nothing_and_a_whole_one_draws_its_network(dut):
    """Lost, doubled, late, reordered and corrupted chunks, a second host, a reset in the middle."""
    bench = await started(dut, 1)
    first, other = image_of(1), image_of(2)
    await bench.ask(p.NETWORK, b"")
    await refuses(bench, p.BEGIN, p.begin_payload(first.preset ^ 1, 5), p.ERROR_PRESET)
    await bench.ask(p.SEED, p.seed_payload(3, 1, summary=True))  # nothing is lost by a refusal

    await begin(bench, first)
    await refuses_to_draw(bench)
    payloads = chunks(first)
    for tag, payload in enumerate(payloads[:3]):
        await bench.ask(p.CHUNK, payload, tag=tag)
    await bench.ask(p.CHUNK, payloads[2])  # doubled
    await bench.ask(p.CHUNK, payloads[0])  # late
    await bench.ask(p.CHUNK, payloads[5])  # two were lost
    spoilt = bytearray(p.encode_request(p.Frame(1, p.CHUNK, payloads[3])))
    spoilt[40] ^= 4
    await bench.sender.send(spoilt)  # corrupted: no answer
    bench.model.feed(bytes(spoilt))
    frames = await bench.ask(p.NETWORK, b"")
    assert p.NETWORK_WORDS.unpack(frames[0].payload)[:2] == (p.LOADING, 3 * p.MAX_CHUNK)

    await begin(bench, other)  # a second host
    await refuses(bench, p.CHUNK, payloads[3], p.ERROR_CHUNK)
    await bench.ask(p.CHUNK, chunks(other)[0])

    await bench.reset()  # in the middle
    bench.model.loader.reset()
    frames = await bench.ask(p.NETWORK, b"")
    assert p.NETWORK_WORDS.unpack(frames[0].payload)[0] == p.BROKEN
    await refuses_to_draw(bench)

    if LEVEL == "short":
        return
    await load(bench, other)
    frames = await bench.ask(p.NETWORK, b"")
    assert p.NETWORK_WORDS.unpack(frames[0].payload)[4] == other.identity
    await draws_bit_exactly(bench, 2)


@cocotb.test(**LONG)
async def avatars_of_two_networks_one_after_the_other_are_bit_exact(dut):
    bench = await started(dut, 2)
    for seed in (1, 2):
        image = image_of(seed)
        await load(bench, image)
        await draws_bit_exactly(bench, 2)
        frames = await bench.ask(p.NETWORK, b"")
        assert p.NETWORK_WORDS.unpack(frames[0].payload)[4] == image.identity


@cocotb.test(**LONG)
async def an_image_with_a_wrong_checksum_is_never_drawn(dut):
    bench = await started(dut, 3)
    image = image_of(3)
    spoilt = bytearray(image.data)
    spoilt[20_000] ^= 1
    await begin(bench, image)
    wrong = Image(bytes(spoilt), image.preset, image.identity)
    for at, payload in enumerate(chunks(wrong)):
        told = p.CHUNK_HEAD.pack(zlib.crc32(image.data), at * p.MAX_CHUNK)
        await bench.ask(p.CHUNK, told + payload[p.CHUNK_HEAD.size :])
    assert bench.model.loader.state == p.BROKEN
    await refuses_to_draw(bench)
    dut.button_i.value = 1
    await load(bench, image)
    await draws_bit_exactly(bench, 1)


@cocotb.test(**LONG)
async def a_hundred_thousand_bytes_of_garbage_break_no_load(dut):
    bench = await started(dut, 4)
    image = image_of(4)
    await begin(bench, image)
    payloads = chunks(image)
    sent = 0
    while sent < 100_000:
        good = p.encode_request(p.Frame(1, p.CHUNK, bench.random.choice(payloads)))
        garbage = bench.random.choice(
            (
                bench.random.randbytes(bench.random.randrange(1, 300)),
                good[: bench.random.randrange(1, len(good))],
                good[:-1] + bytes([good[-1] ^ 1]),
            )
        )
        await bench.sender.send(garbage)
        sent += len(garbage)
    await bench.sender.send(bytes(300))  # ends whatever looks like the beginning of a chunk
    for tag, payload in enumerate(payloads):
        await bench.ask(p.CHUNK, payload, tag=tag % 256)
    await draws_bit_exactly(bench, 1)


def run(simulator: str, level: str, min_tests: int) -> None:
    run_cocotb(
        "board_core",
        __file__,
        simulator,
        parameters=parameters(),
        environment={"BOARD_TESTS": level},
        optimise=True,
        min_tests=min_tests,
    )


def test_board_load(simulator):
    run(simulator, "short", 1)


@pytest.mark.slow
def test_board_load_at_length(simulator):
    run(simulator, "all", 4)
