# SPDX-License-Identifier: Apache-2.0
"""Wait for arith_mult_pair_bench, which makes its own clock, and read its counters."""

from __future__ import annotations

import os

import cocotb
from cocotb.triggers import ReadOnly, RisingEdge, with_timeout

TRIPLES_VARIABLE = "TRIPLES"


@cocotb.test()
async def every_operand_gives_both_products(dut):
    expected = int(os.environ[TRIPLES_VARIABLE])
    await with_timeout(RisingEdge(dut.done_o), 4 * expected, "ns")
    await ReadOnly()
    errors, tried = int(dut.errors_o.value), int(dut.tried_o.value)
    assert tried == expected, f"expected {expected} operand triples, tried {tried}"
    assert errors == 0, f"{errors} of {tried} triples differ; the first are in this log"
