# SPDX-License-Identifier: Apache-2.0
"""What the tests of the sources of random latents share."""

from __future__ import annotations

from cocotb.triggers import FallingEdge


async def load(dut, seed: int) -> None:
    """Begin a stream of latents; returns in the first cycle after `start_i`."""
    await FallingEdge(dut.clk_i)
    dut.seed_i.value = seed
    dut.start_i.value = 1
    await FallingEdge(dut.clk_i)
    dut.start_i.value = 0
