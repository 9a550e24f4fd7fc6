# SPDX-License-Identifier: Apache-2.0
"""convt_walker names the lists of the loops in its header, in order, and never one too early."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

import cocotb
import pytest
from cocotb.triggers import ClockCycles, FallingEdge, RisingEdge

from tb.lib.build import run_cocotb
from tb.lib.scoreboard import seed_note
from tb.lib.stream import StreamSink, always, bursty, pulse_reset, random_third, start

FIELDS = ("count", "first", "last", "column0", "release", "row", "out_col", "fold", "group")
PLACE = ("slot", "col")  # means nothing where the count is forced to zero
CHANNELS = 5
LONGEST_US = 50  # for one list
PLANES = 5  # more than the row counters hold


def rarely() -> Iterator[bool]:
    """A row that comes in much later than it is waited for."""
    while True:
        yield random.random() < 1 / 40


@dataclass(frozen=True)
class Shape:
    """The parameters of the device."""

    side: int
    phase_rows: int
    phase_cols: int
    folds: int
    windows: int
    ring: int

    def lists(self, counts: list[list[int]]) -> Iterator[tuple[int, tuple, tuple | None]]:
        """(map row that must be there, FIELDS, PLACE) of every list of every plane.

        counts [rows of all planes][side]. The loops are those of the header of the device.
        """
        row_folds, col_folds = 2 // self.phase_rows, 2 // self.phase_cols
        edge = self.side
        for plane in range(len(counts) // self.side):
            for row in range(edge + 1):
                for pyf in self.kept(row, row_folds):
                    for column in range(edge + 1):
                        for pxf in self.kept(column, col_folds):
                            for cf in range(self.folds):
                                pixels = list(self.pixels(row, column))
                                for n, (dy, dx) in enumerate(pixels):
                                    y = plane * self.side + row - 1 + dy
                                    x = column if self.windows == 2 else column - 1 + dx
                                    flush = x == edge
                                    phase = (pyf * col_folds + pxf) * self.folds + cf
                                    group = 2 * phase + dy
                                    if self.windows == 1:
                                        group = 2 * group + dx
                                    last = n == len(pixels) - 1
                                    ends_row = (
                                        last
                                        and (column, cf) == (edge, self.folds - 1)
                                        and pxf == self.kept(column, col_folds)[-1]
                                        and pyf == self.kept(row, row_folds)[-1]
                                    )
                                    yield (
                                        plane * self.side + min(row, edge - 1),
                                        (
                                            0 if flush else counts[y][x],
                                            int(n == 0),
                                            int(last),
                                            int(column == 0),
                                            int(ends_row and row > 0),
                                            2 * row + (pyf if row_folds == 2 else 0),
                                            2 * column + (pxf if col_folds == 2 else 0),
                                            cf,
                                            None if flush else group,
                                        ),
                                        None if flush else (y % self.ring, x),
                                    )

    def kept(self, position: int, folds: int) -> list[int]:
        """Which halves of an output block at this window row (column) lie on the map."""
        if folds == 1:
            return [0]
        return [1] if position == 0 else [0] if position == self.side else [0, 1]

    def pixels(self, row: int, column: int) -> Iterator[tuple[int, int]]:
        """(dy, dx) of the map pixels of a pass; the pass that only ends windows keeps one beat."""
        rows = [dy for dy in (0, 1) if 0 <= row - 1 + dy < self.side]
        if self.windows == 2:
            return ((dy, 0) for dy in (rows if column < self.side else rows[:1]))
        columns = [dx for dx in (0, 1) if 0 <= column - 1 + dx < self.side]
        return ((dy, dx) for dy in rows for dx in columns)


async def feed_rows(dut, shape, counts, arrivals, state) -> None:
    """The map: rows become whole one by one, as far as the ring goes; counts two cycles later."""
    go, answers = arrivals(), deque([0, 0])
    while True:
        await FallingEdge(dut.clk_i)
        room = state["completed"] - state["released"] < shape.ring
        if room and state["completed"] < len(counts) and next(go):
            state["completed"] += 1
        dut.completed_i.value = state["completed"] % (2 * shape.ring)
        slot, col = int(dut.count_slot_o.value), int(dut.count_col_o.value)
        newest = state["completed"] - 1
        y = newest - (newest - slot) % shape.ring
        answers.append(counts[y][col] if y >= 0 and col < shape.side else 0)
        dut.count_i.value = answers.popleft()


@cocotb.test()
@cocotb.parametrize(arrivals=[always, rarely], sink=[always, bursty, random_third])
async def the_lists_follow_the_loops_whatever_rows_and_reader_do(dut, arrivals, sink):
    names = ("Side", "PhaseRows", "PhaseCols", "CoutFolds", "Windows", "RingRows")
    shape = Shape(*(getattr(dut, name).value.to_signed() for name in names))
    counts = [
        [random.randint(0, CHANNELS) for _ in range(shape.side)] for _ in range(PLANES * shape.side)
    ]
    taker = StreamSink(dut, "list", sink, FIELDS + PLACE)
    state = {"completed": 0, "released": 0}
    dut.completed_i.value = 0
    dut.count_i.value = 0
    await start(dut)
    rows = cocotb.start_soon(feed_rows(dut, shape, counts, always, {"completed": 0, "released": 0}))
    await ClockCycles(dut.clk_i, random.randint(10, 300))
    rows.cancel()
    dut.completed_i.value = 0
    await pulse_reset(dut)  # nothing is left of a walk that was under way
    await taker.receive(taker.waiting)
    cocotb.start_soon(feed_rows(dut, shape, counts, arrivals, state))
    for number, (needed, want, place) in enumerate(shape.lists(counts)):
        (beat,) = await taker.receive(1, LONGEST_US)
        got = dict(zip(FIELDS + PLACE, beat, strict=True))
        expected = dict(zip(FIELDS, want, strict=True))
        expected.update(zip(PLACE, place or (None, None), strict=True))
        wrong = {k: (v, got[k]) for k, v in expected.items() if v is not None and v != got[k]}
        where = f"list {number} (row {want[5]}, column {want[6]}, fold {want[7]})"
        assert not wrong, f"{where}: (expected, got) {wrong}   ({seed_note()})"
        assert needed < state["completed"], f"{where} needs map row {needed}, which is not there"
        state["released"] += got["release"]
    assert state["released"] == len(counts), f"{state['released']} of {len(counts)} rows released"
    for _ in range(5):
        await RisingEdge(dut.clk_i)
    assert taker.waiting == 0 and dut.list_valid_o.value == 0, "a list too many"
    assert (taker.stalled_cycles > 1) == (sink is not always), f"{taker.stalled_cycles} stalls"


# (PhaseRows, PhaseCols, CoutFolds, Windows): layer 2, layer 3, layer 4, nothing in parallel
FOLDINGS = [(1, 2, 2, 1), (2, 2, 1, 1), (2, 2, 1, 2), (1, 1, 3, 1)]


@pytest.mark.parametrize("folding", FOLDINGS, ids=lambda f: "-".join(map(str, f)))
def test_convt_walker(simulator, folding):
    names = ("PhaseRows", "PhaseCols", "CoutFolds", "Windows")
    shape = {"Channels": CHANNELS, "Side": 4, "RingRows": 8}
    run_cocotb(
        "convt_walker",
        __file__,
        simulator,
        parameters={**shape, **dict(zip(names, folding, strict=True))},
        min_tests=6,
    )
