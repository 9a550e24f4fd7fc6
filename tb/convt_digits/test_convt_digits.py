# SPDX-License-Identifier: Apache-2.0
"""convt_digits names every word of every row, and the bits of the latent that belong to it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

import cocotb
import pytest
from cocotb.triggers import ClockCycles, FallingEdge, RisingEdge

from tb.lib.build import run_cocotb
from tb.lib.scoreboard import assert_same_beats, lanes, pack
from tb.lib.stream import StreamSource, always, bursty, pulse_reset, random_third, start

VECTORS = 3
FIELDS = ("first", "last", "step0", "top")


class Beat(NamedTuple):
    """What is wanted in one cycle; `bits` of elements that exist, digit by digit."""

    first: int
    last: int
    step0: int
    top: int
    addr: int
    bits: tuple[int, ...]


def beats_of(
    vector: list[int],
    bits: int,
    elements: int,
    digit: int,
    rows: int,
    planes: int,
    binary: bool = False,
) -> Iterator[Beat]:
    """The loops of the header of the device."""
    if binary:  # one digit, and in it the one bit that is left of an element
        vector, bits = [int(x >> (bits - 1) == 0) for x in vector], digit
    steps, digits = -(-len(vector) // elements), bits // digit
    for _ in range(planes):
        for row in range(rows):
            for number in range(digits):
                for step in range(steps):
                    low = bits - (number + 1) * digit
                    some = vector[step * elements : (step + 1) * elements]
                    yield Beat(
                        int(step == 0 and number == 0),
                        int(step == steps - 1 and number == digits - 1),
                        int(step == 0),
                        int(number == 0),
                        row * steps + step,
                        tuple(x >> (low + d) & 1 for d in range(digit) for x in some),
                    )


@cocotb.test()
@cocotb.parametrize(
    source=[always, bursty], room=[always, bursty, random_third], binary=[False, True]
)
async def every_word_meets_its_bits_whatever_vectors_and_room_do(dut, source, room, binary):
    names = ("Length", "Bits", "Elements", "Digit", "Rows", "Planes")
    length, bits, elements, digit, rows, planes = (int(getattr(dut, n).value) for n in names)
    giver, go = StreamSource(dut, "vector", source, ("data",)), room()
    dut.room_i.value, dut.binary_i.value = 0, int(binary)
    await start(dut)
    vectors = [[random.getrandbits(bits) for _ in range(length)] for _ in range(VECTORS)]
    giver.enqueue((pack(vector, bits),) for vector in vectors)
    dut.room_i.value = 1
    await ClockCycles(dut.clk_i, random.randint(3, 80))
    dut.room_i.value = 0
    await pulse_reset(dut)  # nothing is left of the vector that was under way
    giver.clear()
    giver.enqueue((pack(vector, bits),) for vector in vectors)
    shape = (bits, elements, digit, rows, planes)
    expected = [beat for vector in vectors for beat in beats_of(vector, *shape, binary)]
    got, named, paused, may = [], None, 0, 1
    while len(got) < len(expected):
        assert giver.cycle < 100 * len(expected), f"stuck after {len(got)} of {len(expected)}"
        await FallingEdge(dut.clk_i)
        before, may = may, int(next(go))
        dut.room_i.value = may
        await RisingEdge(dut.clk_i)
        if named:  # its bits come a cycle later
            real = min(elements, length - named.addr % -(-length // elements) * elements)
            selected = lanes(int(dut.select_o.value), elements * digit, 1)
            some = chain.from_iterable(selected[d * elements :][:real] for d in range(digit))
            got.append(named._replace(bits=tuple(some)))
            named = None
        if dut.beat_valid_o.value != 1:
            assert not got or got[-1].last, "a pause within a row"
            paused += not before
            continue
        flags = [int(getattr(dut, f"beat_{name}_o").value) for name in FIELDS]
        assert before or not flags[0], "a row began without room"
        named = Beat(*flags, int(dut.addr_o.value), ())
    assert named is None, "a beat too many"
    assert_same_beats(got, expected)
    assert (paused > 0) == (room is not always), f"{paused} cycles without room"
    await RisingEdge(dut.clk_i)
    assert dut.beat_valid_o.value == 0, "a beat too many"


# (Length, Bits, Elements, Digit): all at once, and steps that do not divide
SHAPES = [(20, 4, 20, 2), (10, 8, 10, 8), (11, 4, 4, 1), (11, 8, 4, 2), (6, 8, 6, 1)]


@pytest.mark.parametrize(("length", "bits", "elements", "digit"), SHAPES)
def test_convt_digits(simulator, length, bits, elements, digit):
    shape = {"Length": length, "Bits": bits, "Elements": elements, "Digit": digit}
    run_cocotb(
        "convt_digits",
        __file__,
        simulator,
        parameters={**shape, "Rows": 5, "Planes": 3},
        min_tests=12,
    )
