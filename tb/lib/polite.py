# SPDX-License-Identifier: Apache-2.0
"""Rule 3 of the stream contract, `valid` never waits for `ready`, made to show.

A beat that comes while ready is high says nothing: valid may have waited for it. So a sink lets
ready wait for valid instead ("polite"): before the first beat after a reset, and before one beat
in four, ready stays low until valid is high. It then rises within the same cycle, so that no cycle
is lost and tests that count cycles at full speed see the same counts.

A device that waits for ready, in the same cycle or over clock edges, now sends nothing. A device
that has nothing to send does so as well; PATIENCE cycles later ready rises all the same, and tells
the two apart: valid comes at once, or it does not.

Rejected: toggling ready within a cycle and watching valid. It sees combinational paths only, and
costs two evaluations in every cycle. A hold without limit would hang where no beat is due.
"""

from __future__ import annotations

import random

import cocotb
from cocotb.handle import LogicObject
from cocotb.triggers import ReadWrite, RisingEdge

PATIENCE = 10_000
"""Cycles for which ready waits for valid; longer than a stream of any test rests before a beat."""
ANSWER = 100
"""Valid that rises within so many cycles after ready did was waiting for it."""
POLITE = 1 / 4
"""Share of the beats before which ready waits for valid."""


class PoliteReady:
    """Drives `ready` of the stream `name`, and watches `valid`, cycle by cycle."""

    def __init__(self, name: str, valid: LogicObject, ready: LogicObject) -> None:
        self.name = name
        self.high = False
        """Ready, as the device saw it at the last clock edge."""
        self._valid, self._ready = valid, ready
        self._random = random.Random(random.getrandbits(32))
        self._following = False
        self.restart()
        self._set(False)
        cocotb.start_soon(self._follow())

    def restart(self) -> None:
        """In reset: ready waits for the first beat."""
        self._polite, self._silent, self._asking, self._asked = True, 0, False, 0

    def check(self, valid: bool) -> None:
        """At a clock edge, with ready still as it was."""
        if self._asking:
            self._asked += self.high or self._asked > 0
            assert not (valid and self._asked), (
                f"{self.name}: valid waits for ready (rule 3 of the stream contract): ready was "
                f"low for {PATIENCE} cycles, and valid with it; ready rose, and valid was high at "
                f"clock edge {self._asked} after that"
            )
            self._asking = not valid and self._asked < ANSWER
        elif self._polite and not valid:
            self._silent += 1
            self._asking = self._silent == PATIENCE
            self._polite = not self._asking

    def drive(self, accept: bool, valid: bool, taken: bool) -> None:
        """After a clock edge, at which valid was seen: whether to take a beat at the next one."""
        if taken:
            self.restart()
            self._polite = self._random.random() < POLITE
        self._following = accept and self._polite and (taken or not valid)
        self._set(accept and not self._following)
        if self._following and taken:
            cocotb.start_soon(self._follow_next())

    def _set(self, high: bool) -> None:
        self.high = high
        self._ready.value = int(high)

    async def _follow(self) -> None:
        while True:
            await RisingEdge(self._valid)
            if self._following:
                self._set(True)

    async def _follow_next(self) -> None:
        """The beat after one that was just taken may come without an edge of valid."""
        await ReadWrite()
        if self._following and self._valid.value == 1:
            self._set(True)
