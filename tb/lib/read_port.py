# SPDX-License-Identifier: Apache-2.0
"""Reads through the registers that stand around every memory: see mem_table, mem_ram."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

from cocotb.handle import LogicObject
from cocotb.triggers import RisingEdge

from tb.lib.stream import Stalls


async def read_through(
    clock: LogicObject,
    enable: LogicObject,
    stalls: Stalls,
    requests: Sequence[Any],
    drive: Callable[[Any], None],
    check: Callable[[Any], None],
    latency: int = 2,
) -> int:
    """Make every request in turn, one an enabled cycle; call right after a rising edge.

    drive(request) sets the address. check(request) is called while the answer has to stand at the
    output: latency enabled cycles later, and in every cycle of a pause, when drive() is given
    requests that must have no effect. Returns the number of such held cycles.
    """
    waiting, go, held = deque(requests), stalls(), 0
    asked = deque([None] * latency)  # the last one has to stand at the output
    while waiting or any(request is not None for request in asked):
        enabled = next(go)
        enable.value = int(enabled)
        request = waiting.popleft() if enabled and waiting else None
        drive(random.choice(requests) if request is None else request)
        await RisingEdge(clock)
        if asked[-1] is not None:
            check(asked[-1])
            held += not enabled
        if enabled:
            asked.pop()
            asked.appendleft(request)
    return held
