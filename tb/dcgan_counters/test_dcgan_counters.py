# SPDX-License-Identifier: Apache-2.0
"""dcgan_counters counts what a testbench with a list of events counts."""

from __future__ import annotations

import random
from dataclasses import dataclass

import cocotb
from cocotb.triggers import ClockCycles, FallingEdge

from tb.lib.build import run_cocotb
from tb.lib.scoreboard import seed_note
from tb.lib.stream import pulse_reset, start

MULTIPLIERS = (3, 5, 64, 7)
LAYERS = len(MULTIPLIERS)
PACKET = 4  # beats of a good packet here
ROOM = 6  # latents inside at a time
CYCLES = 1000
MANY = 70_000
MASK = 2**32 - 1  # a count is a word of the protocol


@dataclass
class Events:
    """What happens in one cycle."""

    beat: bool = False
    accepted: bool = False
    malformed: bool = False
    done: bool = False
    active: int = 0


@dataclass
class Counts:
    """The contract in words: a time runs from the first beat after idle, or the avatar before."""

    avatars: int = 0
    malformed: int = 0
    cycles: int = 0
    mac_cycles: int = 0
    inside: int = 0  # latents between their packet and their last pixel
    begun: bool = False  # a packet has begun and was not judged yet
    running_cycles: int = 0
    running_mac: int = 0
    active_before: int = 0  # what is counted now was active one cycle ago

    @property
    def busy(self) -> bool:
        return self.begun or self.inside > 0

    def step(self, now: Events) -> None:
        """One clock edge."""
        if self.busy or now.beat:
            self.running_cycles += 1
            steps = (m for n, m in enumerate(MULTIPLIERS) if self.active_before >> n & 1)
            self.running_mac += sum(steps)
        else:
            self.running_cycles = self.running_mac = 0
        self.active_before = now.active
        if now.accepted or now.malformed:
            self.begun = False
        self.begun |= now.beat
        self.inside += now.accepted - now.done
        self.malformed += now.malformed
        if now.done:
            self.avatars += 1
            self.cycles, self.mac_cycles = self.running_cycles, self.running_mac
            self.running_cycles = self.running_mac = 0


class Traffic:
    """Random packets, good and bad, and avatars some time after the good ones."""

    def __init__(self, rate: float, good: float, service: int):
        self.rate, self.good, self.service = rate, good, service
        self.length = self.sent = 0
        self.verdict = ""  # of the packet that ended in the cycle before
        self.due: list[int] = []  # cycles in which avatars will be done

    def next(self, cycle: int) -> Events:
        now = Events(active=random.getrandbits(LAYERS))
        if self.verdict:
            setattr(now, self.verdict, True)
            self.verdict = ""
        if now.accepted:
            self.due.append(max([cycle, *self.due]) + random.randint(1, self.service))
        if self.due and cycle >= self.due[0]:
            now.done = True
            self.due.pop(0)
        if self.sent or len(self.due) < ROOM:
            now.beat = random.random() < self.rate
        if now.beat:
            self._beat()
        return now

    def _beat(self) -> None:
        if not self.sent:
            is_good = random.random() < self.good
            self.length = PACKET if is_good else random.choice([1, 2, PACKET + 1])
        self.sent += 1
        if self.sent == self.length:
            self.verdict = "accepted" if self.length == PACKET else "malformed"
            self.sent = 0


def drive(dut, now: Events) -> None:
    dut.z_beat_i.value = now.beat
    dut.z_packet_i.value = now.accepted
    dut.malformed_i.value = now.malformed
    dut.avatar_done_i.value = now.done
    dut.active_i.value = now.active


def compare(dut, counts: Counts, cycle: int) -> None:
    for port, expected in (
        ("busy_o", int(counts.busy)),
        ("avatars_o", counts.avatars),
        ("malformed_o", counts.malformed),
        ("cycles_o", counts.cycles),
        ("mac_cycles_o", counts.mac_cycles),
    ):
        got = int(getattr(dut, port).value)
        where = f"{port} after cycle {cycle}"
        assert got == expected, f"{where}: expected {expected}, got {got}   ({seed_note()})"


@cocotb.test()
@cocotb.parametrize(rate=[1.0, 0.5, 0.2], good=[0.7, 0.3], service=[1, 20, 60])
async def counters_equal_the_events(dut, rate, good, service):
    drive(dut, Events())
    await start(dut)
    await FallingEdge(dut.clk_i)
    counts, traffic, idle = Counts(), Traffic(rate, good, service), 0
    for cycle in range(CYCLES):
        now = traffic.next(cycle)
        drive(dut, now)
        await FallingEdge(dut.clk_i)
        compare(dut, counts, cycle - 1)  # events are seen one cycle late
        counts.step(now)
        idle += not counts.busy
    assert counts.avatars > 0 and counts.malformed > 0, "too little happened"
    assert idle > 0 or rate == 1.0, "it was never idle"


@cocotb.test()
async def every_bit_of_a_count_counts(dut):
    """2^31 cycles are far away: the count is put there, next to each carry."""
    drive(dut, Events())
    await start(dut)
    for bit in range(33):
        await FallingEdge(dut.clk_i)
        drive(dut, Events(beat=True))
        for _ in range(3):
            await FallingEdge(dut.clk_i)
            drive(dut, Events(active=1))
        dut.cycles_q.value = dut.mac_cycles_q.value = (1 << bit) - 2 & MASK
        await FallingEdge(dut.clk_i)
        before = int(dut.cycles_q.value), int(dut.mac_cycles_q.value)
        assert before[0] - (1 << bit) + 2 & MASK in (0, 1), "it was not put there"
        drive(dut, Events(done=True, active=1))
        await FallingEdge(dut.clk_i)
        drive(dut, Events(accepted=True))
        await FallingEdge(dut.clk_i)
        told = int(dut.cycles_o.value), int(dut.mac_cycles_o.value)
        wanted = before[0] + 2 & MASK, before[1] + 2 * MULTIPLIERS[0] & MASK
        assert told == wanted, f"bit {bit}: {told}, expected {wanted}"
        await pulse_reset(dut)


@cocotb.test()
async def sixty_thousand_avatars_are_not_too_many(dut):
    drive(dut, Events())
    await start(dut)
    await FallingEdge(dut.clk_i)
    drive(dut, Events(done=True, malformed=True))
    await ClockCycles(dut.clk_i, MANY)
    await FallingEdge(dut.clk_i)
    assert int(dut.avatars_o.value) == int(dut.malformed_o.value) == MANY - 1  # one cycle late


@cocotb.test()
async def a_reset_clears_every_counter(dut):
    drive(dut, Events())
    await start(dut)
    traffic = Traffic(rate=0.5, good=0.7, service=10)
    for cycle in range(CYCLES):
        drive(dut, traffic.next(cycle))
        await FallingEdge(dut.clk_i)
    assert dut.avatars_o.value != 0 and dut.malformed_o.value != 0
    drive(dut, Events())
    await pulse_reset(dut)
    await FallingEdge(dut.clk_i)
    compare(dut, Counts(), 0)


def test_dcgan_counters(simulator):
    parameters = {f"Multipliers{n + 1}": count for n, count in enumerate(MULTIPLIERS)}
    run_cocotb("dcgan_counters", __file__, simulator, parameters=parameters, min_tests=21)
