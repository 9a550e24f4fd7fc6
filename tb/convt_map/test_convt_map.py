# SPDX-License-Identifier: Apache-2.0
"""convt_map gives back, row by row, the non-zero activations that were written, and only those."""

from __future__ import annotations

import random

import cocotb
import numpy as np
import pytest
from cocotb.triggers import ClockCycles, RisingEdge, Timer

from tb.lib.build import run_cocotb
from tb.lib.feature_map import FIELDS, Layout
from tb.lib.read_port import read_through
from tb.lib.scoreboard import seed_note
from tb.lib.stream import StreamSource, always, bursty, pulse_reset, random_third, start

SIDE, RING = 4, 8
PLANES = 5  # more than the row counters hold
STALLS = [always, bursty, random_third]


def random_plane(channels: int) -> np.ndarray:
    """Activations [C, H, W]: half of them zero, some pixels without any, some without a zero."""
    plane = np.array([random.randint(1, 255) for _ in range(channels * SIDE * SIDE)])
    plane = plane.reshape(channels, SIDE, SIDE)
    kept = [random.choice([0.0, 0.3, 0.5, 0.8, 1.0]) for _ in range(SIDE * SIDE)]
    dice = np.array([random.random() for _ in range(plane.size)]).reshape(plane.shape)
    return np.where(dice < np.reshape(kept, (SIDE, SIDE)), plane, 0)


def list_of(pixel: np.ndarray, skip_zeros: bool) -> list[tuple[int, int]]:
    """(channel, value) of what is stored of a pixel [C]."""
    return [(c, int(v)) for c, v in enumerate(pixel) if v or not skip_zeros]


def lanes_of(bits: str, width: int) -> list[int | str]:
    """The lanes of a port, the lowest first; in letters what is not all 0 and 1."""
    parts = [bits[max(end - width, 0) : end] for end in range(len(bits), 0, -width)]
    return [int(part, 2) if set(part) <= {"0", "1"} else part for part in parts]


async def wait_for_row(dut, row: int) -> None:
    """Until map row `row` (counted over all planes) is whole; it must not be whole twice over."""
    for _ in range(5000):
        ahead = (int(dut.completed_o.value) - row) % (2 * RING)
        if 0 < ahead <= RING:
            return
        assert ahead == 0, f"row {row}: completed_o is {dut.completed_o.value}   ({seed_note()})"
        await RisingEdge(dut.clk_i)
    raise AssertionError(f"row {row} never came   ({seed_note()})")


@cocotb.test()
@cocotb.parametrize(source=STALLS, reader=STALLS, slow=[False, True])
async def every_list_holds_what_was_written(dut, source, reader, slow):
    skip_zeros = bool(int(dut.SkipZeros.value))
    names = ("Channels", "ProdRows", "ProdCols", "Beat", "Reads")
    channels, rows, cols, beat, reads = (int(getattr(dut, name).value) for name in names)
    layout = Layout(channels, SIDE, rows, cols, beat=beat)
    channel_width = len(dut.in_channel_i)
    giver = StreamSource(dut, "in", source, FIELDS)
    inputs = (
        "release",
        "count_slot",
        "count_col",
        "read_en",
        "read_slot",
        "read_col",
        "read_index",
    )
    for name in inputs:
        getattr(dut, f"{name}_i").value = 0
    await start(dut)
    for _ in range(2):
        giver.enqueue(layout.beats(random_plane(channels)))
    await wait_for_row(dut, 0)
    dut.release_i.value = 1
    await RisingEdge(dut.clk_i)
    dut.release_i.value = 0
    await ClockCycles(dut.clk_i, random.randint(0, layout.count))
    await pulse_reset(dut)  # nothing is left of the plane that was under way
    giver.clear()
    planes = [random_plane(channels) for _ in range(PLANES)]
    for plane in planes:
        giver.enqueue(layout.beats(plane))
    lengths = []
    for row in range(PLANES * SIDE):
        await wait_for_row(dut, row)
        plane, slot = planes[row // SIDE], row % RING
        requests = []
        for x in range(SIDE):
            entries = list_of(plane[:, row % SIDE, x], skip_zeros)
            dut.count_slot_i.value, dut.count_col_i.value = slot, x
            await ClockCycles(dut.clk_i, 2)
            await Timer(1, "ns")
            got = dut.count_o.value
            assert got == len(entries), (
                f"row {row}, x={x}: expected {len(entries)} entries, got {got}   ({seed_note()})"
            )
            lengths.append(len(entries))
            together = [entries[n : n + reads] for n in range(0, len(entries), reads)]
            requests += [(x, index, some) for index, some in enumerate(together)]
        await RisingEdge(dut.clk_i)
        random.shuffle(requests)

        def drive(request) -> None:
            dut.read_slot_i.value, dut.read_col_i.value = slot, request[0]  # noqa: B023
            dut.read_index_i.value = request[1]

        def check(request) -> None:
            for r, want in enumerate(request[2]):
                got = tuple(
                    lanes_of(str(port.value), width)[r]
                    for port, width in (
                        (dut.entry_channel_o, channel_width),
                        (dut.entry_value_o, 8),
                    )
                )
                assert got == want, (
                    f"row {row}, x={request[0]}, beat {request[1]}, entry {r}: expected "  # noqa: B023
                    f"(channel, value) {want}, got {got}   ({seed_note()})"
                )

        await read_through(dut.clk_i, dut.read_en_i, reader, requests, drive, check)
        for _ in range(random.randint(0, 300) if slow else 0):
            await RisingEdge(dut.clk_i)
        dut.release_i.value = 1
        await RisingEdge(dut.clk_i)
        dut.release_i.value = 0
    assert max(lengths) == channels and len(set(lengths)) == (channels + 1 if skip_zeros else 1)
    assert giver.stalled_cycles > 0 or not slow, "the ring was never full"


@cocotb.test()
async def a_ring_that_nobody_reads_fills_to_its_last_row(dut):
    names = ("Channels", "ProdRows", "ProdCols", "Beat")
    channels, rows, cols, beat = (int(getattr(dut, name).value) for name in names)
    layout = Layout(channels, SIDE, rows, cols, beat=beat)
    giver = StreamSource(dut, "in", always, FIELDS)
    dut.release_i.value = 0
    dut.read_en_i.value = 0
    await start(dut)
    for _ in range(PLANES):
        giver.enqueue(layout.beats(random_plane(channels)))
    await ClockCycles(dut.clk_i, PLANES * layout.count)
    assert int(dut.completed_o.value) == RING, f"{seed_note()}"


# What finishes together upstream (rows, columns, channels), entries read at once, zeros skipped
PRODUCERS = [(1, 1, 1, 1, 1), (1, 1, 2, 1, 1), (1, 2, 2, 2, 1), (2, 2, 2, 2, 1), (2, 2, 2, 1, 0)]


@pytest.mark.parametrize(("rows", "cols", "beat", "reads", "skip_zeros"), PRODUCERS)
def test_convt_map(simulator, rows, cols, beat, reads, skip_zeros):
    channels = 5 if beat == 1 else 6
    shape = {"Channels": channels, "Side": SIDE, "RingRows": RING, "SkipZeros": skip_zeros}
    shape |= {"Beat": beat, "Reads": reads}
    run_cocotb(
        "convt_map",
        __file__,
        simulator,
        parameters={**shape, "ProdRows": rows, "ProdCols": cols},
        min_tests=2 * len(STALLS) ** 2 + 1,
    )
