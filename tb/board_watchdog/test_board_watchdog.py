# SPDX-License-Identifier: Apache-2.0
"""board_watchdog resets what is at work and does nothing, and nobody else."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

import cocotb
import pytest
from cocotb.triggers import FallingEdge

from tb.lib.build import run_cocotb
from tb.lib.scoreboard import seed_note
from tb.lib.stream import pulse_reset, start

RESET_CYCLES = 16
LATENCY = 2  # cycles from the last idle one to restart_o


@dataclass
class Watchdog:
    """The contract in words: so many idle cycles in a row, then a restart."""

    limit: int
    idle: int = 0
    restarts: int = 0
    due: list[int] = field(default_factory=list)  # cycles until a restart begins
    left: int = 0  # cycles of a restart

    def step(self, stuck: bool) -> None:
        """One clock edge."""
        self.idle = self.idle + 1 if stuck and not self.left else 0
        if self.idle == self.limit:
            self.due.append(LATENCY + 1)
        self.due = [wait - 1 for wait in self.due]
        self.left = max(0, self.left - 1)
        if self.due and self.due[0] == 0:
            self.due.pop(0)
            self.left, self.restarts = RESET_CYCLES, self.restarts + 1


class Bench:
    """The device beside its contract, compared in every cycle."""

    def __init__(self, dut):
        self.dut = dut
        self.limit = int(dut.Cycles.value)
        self.model = Watchdog(self.limit)

    async def start(self) -> Bench:
        self.dut.busy_i.value = self.dut.progress_i.value = 0
        await start(self.dut)
        await FallingEdge(self.dut.clk_i)
        return self

    async def run(self, cycles: int, busy: bool, progress: bool) -> None:
        dut, model = self.dut, self.model
        dut.busy_i.value, dut.progress_i.value = int(busy), int(progress)
        for _ in range(cycles):
            await FallingEdge(dut.clk_i)
            model.step(busy and not progress)
            got = (int(dut.restart_o.value), int(dut.restarts_o.value))
            assert got == (int(model.left > 0), model.restarts), (
                f"restart, restarts = {got}, expected {(model.left > 0, model.restarts)}, "
                f"{model.idle} idle cycles   ({seed_note()})"
            )


@cocotb.test()
async def what_stands_still_is_restarted_again_and_again(dut):
    bench = await Bench(dut).start()
    for restarts in range(1, 4):
        await bench.run(bench.limit + LATENCY - 1, busy=True, progress=False)
        assert bench.model.restarts == restarts - 1
        await bench.run(1, busy=True, progress=False)
        assert bench.model.restarts == restarts
        await bench.run(RESET_CYCLES, busy=True, progress=False)


@cocotb.test()
async def a_single_step_or_a_rest_is_enough(dut):
    bench = await Bench(dut).start()
    for busy, progress in ((True, True), (False, False), (False, True)):
        for _ in range(3):
            await bench.run(bench.limit - 1, busy=True, progress=False)
            await bench.run(1, busy, progress)
    await bench.run(2 * bench.limit, busy=False, progress=False)
    assert bench.model.restarts == 0


@cocotb.test()
async def runs_of_any_length_follow_the_contract(dut):
    bench = await Bench(dut).start()
    lengths = [bench.limit + extra for extra in range(-2, 3)]
    lengths += [1, 2, 5, bench.limit // 2, 2 * bench.limit + RESET_CYCLES + LATENCY]
    for _ in range(120):
        await bench.run(random.choice(lengths), random.random() < 0.8, random.random() < 0.3)
    assert bench.model.restarts > 5


@cocotb.test()
async def a_reset_forgets_what_was_counted(dut):
    bench = await Bench(dut).start()
    for held in (bench.limit - 1, bench.limit + LATENCY, bench.limit + LATENCY + 5):
        await bench.run(held, busy=True, progress=False)
        await pulse_reset(dut)
        await FallingEdge(dut.clk_i)
        bench.model = Watchdog(bench.limit)
        await bench.run(bench.limit - 2, busy=True, progress=False)
        await bench.run(2, busy=False, progress=False)


@pytest.mark.parametrize("cycles", [37, 64])
def test_board_watchdog(simulator, cycles):
    run_cocotb(
        "board_watchdog",
        __file__,
        simulator,
        parameters={"Cycles": cycles},
        sources=["rtl/board/board_watchdog.sv"],
        min_tests=4,
    )
