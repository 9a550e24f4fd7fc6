# SPDX-License-Identifier: Apache-2.0
"""convt_reader names every entry of every list in order, and never spends a credit it lacks."""

from __future__ import annotations

import random

import cocotb
import pytest
from cocotb.triggers import ClockCycles, RisingEdge

from tb.lib.build import run_cocotb
from tb.lib.scoreboard import assert_same_beats
from tb.lib.stream import StreamSource, always, bursty, pulse_reset, random_third, start

FIELDS = ("count", "first", "last", "release", "info")
BEAT = ("index", "present", "first", "last", "info")
PASSES = 60
STALLS = [always, bursty, random_third]


def random_lists(channels: int, info_width: int) -> list[tuple[int, ...]]:
    """Passes of 1 to 4 lists; empty, full and single entry ones are frequent."""
    lists = []
    for _ in range(PASSES):
        length = random.randint(1, 4)
        for number in range(length):
            count = random.choice([0, 1, channels, random.randint(0, channels)])
            ends = (int(number == 0), int(number == length - 1))
            lists.append((count, *ends, random.getrandbits(1), random.getrandbits(info_width)))
    return lists


def beats_of(lists: list[tuple[int, ...]], reads: int) -> list[tuple[int, ...]]:
    """(index, present, first, last, info, release) of every beat the lists stand for."""
    beats = []
    for count, first, last, release, info in lists:
        total = max(-(-count // reads), 1)
        for index in range(total):
            final = index == total - 1
            present = sum(1 << r for r in range(reads) if index * reads + r < count)
            flags = (present, int(first and index == 0), int(final and last))
            beats.append((index, *flags, info, int(final and release)))
    return beats


@cocotb.test()
@cocotb.parametrize(idle=STALLS, credits=STALLS)
async def every_entry_is_named_once_whatever_lists_and_credits_do(dut, idle, credits):
    giver, may_end = StreamSource(dut, "list", idle, FIELDS), credits()
    dut.credit_i.value = 0
    await start(dut)
    channels, info_width = dut.Channels.value.to_signed(), len(dut.list_info_i)
    giver.enqueue(random_lists(channels, info_width))
    await ClockCycles(dut.clk_i, random.randint(3, 60))
    await pulse_reset(dut)  # nothing is left of what was under way
    giver.clear()
    lists = random_lists(channels, info_width)
    expected = beats_of(lists, dut.Reads.value.to_signed())
    giver.enqueue(lists)
    got, gaps, no_credit, credit = [], 0, 0, 0
    while len(got) < len(expected):
        dut.credit_i.value = credit = int(next(may_end))
        await RisingEdge(dut.clk_i)
        release = int(dut.release_o.value)
        if dut.beat_valid_o.value == 1:
            beat = tuple(int(getattr(dut, f"beat_{field}_o").value) for field in BEAT)
            assert credit or not beat[BEAT.index("last")], f"beat {len(got)} had no credit"
            got.append((*beat, release))
        else:
            assert not release, f"after beat {len(got)}: release without a beat"
            gaps += bool(got)
            no_credit += int(dut.list_valid_i.value) and not int(dut.list_ready_o.value)
        assert giver.cycle < 100 * len(expected), f"stuck after {len(got)} of {len(expected)}"
    assert_same_beats(got, expected)
    assert (gaps > 0) == (idle is not always or credits is not always), f"{gaps} gaps"
    assert (no_credit > 0) == (credits is not always), f"{no_credit} cycles without credit"


@pytest.mark.parametrize(("channels", "reads", "info_width"), [(8, 1, 9), (5, 1, 1), (6, 2, 4)])
def test_convt_reader(simulator, channels, reads, info_width):
    run_cocotb(
        "convt_reader",
        __file__,
        simulator,
        parameters={"Channels": channels, "Reads": reads, "InfoWidth": info_width},
        min_tests=len(STALLS) ** 2,
    )
