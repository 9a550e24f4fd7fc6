# SPDX-License-Identifier: Apache-2.0
"""Drivers and checkers for valid/ready streams, found by port prefix.

    source = StreamSource(dut, "in", stalls=bursty)        drives in_valid_i, in_data_i, in_last_i
    sink = StreamSink(dut, "out", stalls=random_third)     drives out_ready_i, checks the stream law
    await source.send(range(100))
    beats = await sink.receive(100)

A beat is an int where the payload is one field, else a named tuple in the order of `fields`
(tuples and mappings are accepted by `send`). Packed arrays travel as one unsigned int.
"""

from __future__ import annotations

import random
from collections import deque, namedtuple
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeAlias

import cocotb
from cocotb.clock import Clock
from cocotb.handle import HierarchyObject
from cocotb.triggers import Event, RisingEdge, with_timeout

from tb.lib.polite import PoliteReady

USUAL_FIELDS = ("data", "user", "last")
RESET_CYCLES = 3
PERIOD_NS = 10

Stalls: TypeAlias = Callable[[], Iterator[bool]]
"""A stall profile: yields, cycle by cycle, whether to offer (or accept) a beat."""


def always() -> Iterator[bool]:
    """Full speed."""
    while True:
        yield True


def bursty() -> Iterator[bool]:
    """Runs of 1 to 20 cycles on, then 1 to 20 off."""
    while True:
        for go in (True, False):
            yield from [go] * random.randint(1, 20)


def random_half() -> Iterator[bool]:
    """Every second cycle on average."""
    while True:
        yield random.random() < 1 / 2


def random_third() -> Iterator[bool]:
    """Every third cycle on average."""
    while True:
        yield random.random() < 1 / 3


async def start(dut: HierarchyObject, clock: str = "clk_i", reset: str = "rst_ni") -> None:
    """Start the clock, hold the active-low reset for a few cycles, release it."""
    cocotb.start_soon(Clock(getattr(dut, clock), PERIOD_NS, "ns").start())
    await pulse_reset(dut, clock, reset)


async def pulse_reset(dut: HierarchyObject, clock: str = "clk_i", reset: str = "rst_ni") -> None:
    """Hold the active-low reset for a few cycles."""
    getattr(dut, reset).value = 0
    for _ in range(RESET_CYCLES):
        await RisingEdge(getattr(dut, clock))
    getattr(dut, reset).value = 1


class _Stream:
    """The ports of one stream: dut, prefix, stall profile, payload fields, clock and reset."""

    suffix: str
    """Of valid and payload at this end, seen from the device."""

    def __init__(
        self,
        dut: HierarchyObject,
        prefix: str,
        stalls: Stalls = always,
        fields: Iterable[str] | None = None,
        clock: str = "clk_i",
        reset: str = "rst_ni",
    ) -> None:
        suffix = self.suffix
        back = {"i": "o", "o": "i"}[suffix]
        self.name = prefix
        self.clock = getattr(dut, clock)
        self.reset = getattr(dut, reset)
        self.valid = getattr(dut, f"{prefix}_valid_{suffix}")
        self.ready = getattr(dut, f"{prefix}_ready_{back}")
        if fields is None:
            fields = [f for f in USUAL_FIELDS if hasattr(dut, f"{prefix}_{f}_{suffix}")]
        self.fields = tuple(fields)
        self.ports = [getattr(dut, f"{prefix}_{field}_{suffix}") for field in self.fields]
        self.Beat = namedtuple("Beat", self.fields)
        self.stalls = stalls()
        self.cycle = 0
        self.stalled_cycles = 0
        """Cycles in which a beat was offered and not taken: a test may ask that there were some."""


class StreamSource(_Stream):
    """Offers queued beats; once offered, a beat stays until it is taken."""

    suffix = "i"

    def __init__(self, *ports: Any, **options: Any) -> None:
        super().__init__(*ports, **options)
        self._queue: deque[tuple[int, ...]] = deque()
        self._drained = Event()
        self.valid.value = 0
        self.task = cocotb.start_soon(self._run())

    def enqueue(self, beats: Iterable[Any]) -> None:
        """Queue beats and return at once."""
        self._queue.extend(self._as_tuple(beat) for beat in beats)
        self._drained.clear()

    async def send(self, beats: Iterable[Any]) -> None:
        """Queue beats and wait until the last one was taken."""
        self.enqueue(beats)
        if self._queue:
            await self._drained.wait()

    def clear(self) -> None:
        """Forget what is queued; only legal in reset, where an offered beat may vanish."""
        self._queue.clear()
        self._drained.set()
        self.valid.value = 0

    def _as_tuple(self, beat: Any) -> tuple[int, ...]:
        if isinstance(beat, Mapping):
            beat = tuple(beat[field] for field in self.fields)
        elif not isinstance(beat, tuple):
            beat = (beat,)
        if len(beat) != len(self.fields):
            raise ValueError(f"{self.name}: a beat has fields {self.fields}, got {beat}")
        return tuple(int(value) for value in beat)

    async def _run(self) -> None:
        offered = False
        while True:
            await RisingEdge(self.clock)
            self.cycle += 1
            if self.reset.value != 1:
                offered = False
                self.valid.value = 0
                continue
            if offered and self._queue:
                if self.ready.value == 1:
                    self._queue.popleft()
                    offered = False
                    if not self._queue:
                        self._drained.set()
                else:
                    self.stalled_cycles += 1
            if not offered:
                offered = bool(self._queue) and next(self.stalls)
                self.valid.value = int(offered)
                if offered:
                    for port, value in zip(self.ports, self._queue[0], strict=True):
                        port.value = value & ((1 << len(port)) - 1)


class StreamSink(_Stream):
    """Accepts beats, checks the stream law of rtl/README.md on every cycle (rule 3: lib.polite)."""

    suffix = "o"

    def __init__(self, *ports: Any, **options: Any) -> None:
        super().__init__(*ports, **options)
        self._beats: deque[Any] = deque()
        self._arrived = Event()
        self._polite = PoliteReady(self.name, self.valid, self.ready)
        self.task = cocotb.start_soon(self._run())

    async def receive(self, count: int, timeout_us: int = 100_000) -> list[Any]:
        """The next `count` beats; fails if they do not come in time."""
        got: list[Any] = []
        while len(got) < count:
            while self._beats and len(got) < count:
                got.append(self._beats.popleft())
            if len(got) < count:
                self._arrived.clear()
                try:
                    await with_timeout(self._arrived.wait(), timeout_us, "us")
                except TimeoutError:
                    raise AssertionError(
                        f"{self.name}: {len(got)} of {count} beats came, "
                        f"then none for {timeout_us} us"
                    ) from None
        return got

    @property
    def waiting(self) -> int:
        """Beats that came and were not yet asked for."""
        return len(self._beats)

    def _payload(self) -> tuple[Any, ...]:
        return tuple(port.value for port in self.ports)

    async def _run(self) -> None:
        held: tuple[Any, ...] | None = None  # payload that was offered and not taken
        in_reset = 0
        while True:
            await RisingEdge(self.clock)
            self.cycle += 1
            valid = self.valid.value
            accept = taken = False
            if self.reset.value != 1:
                in_reset += 1
                held = None
                self._polite.restart()
                if in_reset > 1:  # the first edge in reset still shows what was before it
                    assert valid == 0, f"{self.name}: valid is {valid} in reset"
            else:
                in_reset = 0
                assert valid.is_resolvable, f"{self.name}: valid is {valid}, cycle {self.cycle}"
                if held is not None:
                    assert valid == 1, f"{self.name}: valid fell while stalled, cycle {self.cycle}"
                    now = self._payload()
                    assert now == held, (
                        f"{self.name}: payload changed while stalled, cycle {self.cycle}: "
                        f"{dict(zip(self.fields, held, strict=True))} became {now}"
                    )
                self._polite.check(valid == 1)
                held = None
                taken = valid == 1 and self._polite.high
                if taken:
                    self._take()
                elif valid == 1:
                    held = self._payload()
                    self.stalled_cycles += 1
                accept = next(self.stalls)
            self._polite.drive(accept, valid == 1, taken)

    def _take(self) -> None:
        values = []
        for field, value in zip(self.fields, self._payload(), strict=True):
            assert value.is_resolvable, f"{self.name}: {field} is {value}, cycle {self.cycle}"
            values.append(int(value))
        self._beats.append(values[0] if len(values) == 1 else self.Beat(*values))
        self._arrived.set()
